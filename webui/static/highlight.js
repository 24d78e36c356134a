// Marks the words of a query where they stand in a text: in a snippet by the spans that came with
// it, in an item's other passages by guessing.

import { h } from "./dom.js";

const COMMON = new Set("a an and are at by for from in into is of on or that the this to was were with".split(" "));
const FAR = 140; // Characters.
// What a line of the box only restricts by or turns away from; the server reads lines in full.
const NAMES = "kind|in|after|before|on|larger|smaller|longer|shorter|size|duration|like|类型|文件夹|晚于|早于|日期|大于|小于|长于|短于|大小|时长|类似";
const VALUE = "(?:[\"＂“「『][^\"＂”」』]+[\"＂”」』]|\\S+)";
const UNSAID = new RegExp(`(?<!\\S)(?:[-－−]?(?:[\\d.]+[:：])?(?:${NAMES})[:：]|[-－−](?:[\\d.]+[:：])?(?=[\\p{L}"＂“「『]))${VALUE}`, "giu");
const HAN = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}/u;

// The text as nodes, with the query's words in <mark>.
export function marked(text, query) {
  const pattern = patternOf(query);
  return pattern ? text.split(pattern).map((part, i) => (i % 2 ? h("mark", {}, part) : part)) : [text];
}

// A snippet as nodes, beginning shortly before its first mark, which a small card would else hide.
export function inContext({ snippet, marks }) {
  const characters = Array.from(snippet); // The spans count whole characters.
  const text = (start, end) => characters.slice(start, end).join("");
  let at = beginning(characters, marks[0]?.[0] ?? 0);
  const nodes = at ? ["… "] : [];
  for (const [start, end] of marks) {
    nodes.push(text(at, start), h("mark", {}, text(start, end)));
    at = end;
  }
  return [...nodes, text(at)];
}

function beginning(characters, first) {
  if (first < FAR) return 0;
  const before = characters.slice(first - FAR, first);
  const sentence = before.findLastIndex((character) => /[.!?。！？]/u.test(character));
  let at = first - FAR + Math.max(sentence, before.indexOf(" ", FAR / 2)) + 1;
  while (characters[at] === " ") at += 1;
  return at;
}

function patternOf(query) {
  const words = wordsOf(query);
  return words.length ? new RegExp(`(${words.map(asPattern).join("|")})`, "giu") : null;
}

// Words that carry meaning, and every pair of characters where a script has no spaces.
function wordsOf(query) {
  const found = new Set();
  for (const word of query.replace(UNSAID, " ").match(/[\p{L}\p{N}]+/gu) ?? []) {
    const letters = Array.from(word);
    if (!HAN.test(word)) {
      if (letters.length > 1 && !COMMON.has(word.toLowerCase())) found.add(word);
    } else if (letters.length < 3) found.add(word);
    else for (let i = 0; i + 1 < letters.length; i += 1) found.add(letters[i] + letters[i + 1]);
  }
  return [...found].sort((a, b) => b.length - a.length);
}

// A word is found where a word begins, so that "dog" marks "dogs" and "an" leaves "man" alone.
function asPattern(word) {
  return HAN.test(word) ? word : `(?<![\\p{L}\\p{N}])${word}`;
}
