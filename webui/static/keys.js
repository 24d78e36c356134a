// The keyboard: "/" to the search box, "?" to its help, arrows between results and, in the detail
// view, to the next; there "w" asks why, "f" marks a favourite, and the space bar plays and pauses.

import { isComposing } from "./composing.js";
import { $ } from "./dom.js";
import { showHelp } from "./help.js";
import { playOrPause } from "./listening.js";

const PRESSED = "button, a, summary";
const WRITING = "input, textarea, select, audio, video, [contenteditable]";

// `step(change)` moves the detail view to another result; `more()` fetches more of them.
export function listen(step, more) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isComposing(event)) return;
    if (event.target.closest?.(WRITING)) return;
    if ($("detail").open) stepDetail(event, step);
    else if ($("help").open) return;
    else if (event.key === "/") focusWords(event);
    else if (event.key === "?") showHelp();
    else if (event.key.startsWith("Arrow")) moveFocus(event, more);
  });
  $("words").addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && !isComposing(event)) moveInto(event);
  });
}

function stepDetail(event, step) {
  if (event.key === "w") return $("why")?.click();
  if (event.key === "f") return $("favourite")?.click();
  if (event.key === " ") return event.target.closest?.(PRESSED) || (playOrPause() && event.preventDefault());
  if (event.key === "/") {
    $("close").click();
    return focusWords(event);
  }
  const change = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!change) return;
  event.preventDefault();
  step(change);
}

function focusWords(event) {
  event.preventDefault();
  $("words").focus();
  $("words").select();
}

function moveInto(event) {
  const first = $("results").querySelector(".opens");
  if (!first) return;
  event.preventDefault();
  first.focus();
}

async function moveFocus(event, more) {
  const tile = event.target.closest?.(".tile");
  if (!tile) return;
  event.preventDefault();
  const forward = event.key === "ArrowRight" || event.key === "ArrowDown";
  const next = neighbour(tile, event.key) ?? (forward && (await more()) ? neighbour(tile, event.key) : null);
  if (tile.contains(document.activeElement)) next?.querySelector(".opens").focus();
}

function neighbour(tile, key) {
  const tiles = [...$("results").querySelectorAll(".tile:not([hidden])")];
  const at = tiles.indexOf(tile);
  return { ArrowLeft: tiles[at - 1], ArrowRight: tiles[at + 1] }[key] ?? above(tile, tiles, key);
}

// The tile of the next or previous row whose middle is nearest.
function above(tile, tiles, key) {
  if (key !== "ArrowUp" && key !== "ArrowDown") return null;
  const here = tile.getBoundingClientRect();
  const middle = (box) => box.left + box.width / 2;
  let best = null;
  for (const other of tiles) {
    const box = other.getBoundingClientRect();
    const away = key === "ArrowDown" ? box.top - here.top : here.top - box.top;
    if (away < 4) continue;
    const rank = away * 10 + Math.abs(middle(box) - middle(here));
    if (!best || rank < best.rank) best = { rank, other };
  }
  return best?.other ?? null;
}
