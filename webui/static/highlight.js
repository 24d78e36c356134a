// Marks the words of a query where the server says that they stand. Spans count whole characters
// (code points) of the text they come with.

import { h } from "./dom.js";

const FAR = 140; // Characters.

// A text as nodes, from one character to another, with its marked spans in <mark>.
export function marked(text, marks, from = 0, to = Infinity) {
  const characters = Array.from(text);
  const nodes = [];
  let at = from;
  for (const [start, end] of marks.filter(([first, last]) => last > from && first < to)) {
    const begin = Math.max(start, from);
    nodes.push(characters.slice(at, begin).join(""));
    at = Math.min(end, to);
    nodes.push(h("mark", {}, characters.slice(begin, at).join("")));
  }
  return [...nodes, characters.slice(at, to).join("")];
}

// A snippet as nodes, beginning shortly before its first mark, which a small card would else hide.
export function inContext({ snippet, marks }, far = FAR) {
  const from = beginning(Array.from(snippet), marks[0]?.[0] ?? 0, far);
  return [from ? "… " : "", ...marked(snippet, marks, from)];
}

function beginning(characters, first, far) {
  if (first < far) return 0;
  const before = characters.slice(first - far, first);
  const sentence = before.findLastIndex((character) => /[.!?。！？]/u.test(character));
  let at = first - far + Math.max(sentence, before.indexOf(" ", far / 2)) + 1;
  while (characters[at] === " ") at += 1;
  return at;
}
