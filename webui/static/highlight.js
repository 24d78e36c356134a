// Marks the words of a query where they stand in a text.

import { h } from "./dom.js";

const COMMON = new Set("a an and are at by for from in into is of on or that the this to was were with".split(" "));
const FAR = 140; // Characters.
const HAN = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}/u;

// The text as nodes, with the query's words in <mark>.
export function marked(text, query) {
  const pattern = patternOf(query);
  return pattern ? text.split(pattern).map((part, i) => (i % 2 ? h("mark", {}, part) : part)) : [text];
}

// The same, beginning shortly before the first of those words, which a small card would else hide.
export function inContext(text, query) {
  const pattern = patternOf(query);
  const first = pattern ? text.search(pattern) : -1;
  if (first < FAR) return marked(text, query);
  const sentence = text.slice(0, first).search(/[^.!?。！？]*$/u);
  const from = Math.max(sentence, text.indexOf(" ", first - FAR / 2) + 1, first - FAR);
  return ["… ", ...marked(text.slice(from).trimStart(), query)];
}

function patternOf(query) {
  const words = wordsOf(query);
  return words.length ? new RegExp(`(${words.map(asPattern).join("|")})`, "giu") : null;
}

// Words that carry meaning, and every pair of characters where a script has no spaces.
function wordsOf(query) {
  const found = new Set();
  for (const word of query.match(/[\p{L}\p{N}]+/gu) ?? []) {
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
