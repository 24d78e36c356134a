// The filters that are written in the search box, as far as the page itself has to tell them from
// words; the server alone decides what they mean.

const NAMES = "kind|类型|in|文件夹|after|晚于|before|早于|on|日期|larger|大于|smaller|小于|longer|长于|shorter|短于|is|是|size|大小|duration|时长";
export const OPERATOR = new RegExp(`(^|\\s)-?(?:${NAMES})[:：](?:"[^"]*"|“[^”]*”|\\S+)`, "gi");

// Give what is written as a filter in a text, in order.
export function writtenIn(text) {
  return [...text.matchAll(OPERATOR)].map(([part]) => part.trim());
}

export function without(text, part) {
  return text.replace(part, "").replaceAll(/\s+/g, " ").trim();
}
