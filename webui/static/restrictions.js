// The filters that are written in the search box: where the server found them, counted in whole
// characters of what was sent.

// Give each as it stands, and the line that is left without it.
export function writtenIn(text, spans) {
  const characters = Array.from(text.trim());
  return spans.map((span) => ({ part: characters.slice(...span).join(""), rest: leftOf(characters, [span]) }));
}

// Give the line without any of them.
export function without(text, spans) {
  return leftOf(Array.from(text.trim()), spans);
}

function leftOf(characters, spans) {
  const kept = characters.filter((_, at) => !spans.some(([start, end]) => start <= at && at < end));
  return kept.join("").replaceAll(/\s+/g, " ").trim();
}
