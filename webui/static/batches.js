// Lays tiles out in batches of whole rows, so that nothing moves when more come, and what is far from
// the window costs hardly anything however much there is. The row at the end is kept back while more
// is to come, and begins the next batch.

import { h, setVariables } from "./dom.js";

const MANY = 200; // Tiles of a batch when all are laid out anew.
const STILL = 200; // Milliseconds without a change of the width.

// Lay tiles out after those of a list; `more` tells whether others will follow.
export function lay(list, tiles, more) {
  const batch = h("div", { class: "results", role: "presentation" });
  batch.append(...carried(list), ...tiles);
  list.append(batch);
  if (more) keepBack(batch);
  setVariables(batch, { height: `${batch.offsetHeight}px` });
  batch.classList.add("settled");
}

// Show what was kept back after all: no more will follow.
export function finish(list) {
  const last = list.lastElementChild;
  if (!last) return;
  for (const tile of last.querySelectorAll(".tile[hidden]")) tile.hidden = false;
  last.classList.remove("full");
}

// Lay lists out anew whenever the width has changed, since rows end elsewhere then, and when the
// browser brings a page back that was left: Safari has lost its rows.
export function listenToWidth(lists) {
  let width = innerWidth;
  let still = 0;
  addEventListener("resize", () => {
    clearTimeout(still);
    if (innerWidth !== width) still = setTimeout(() => ((width = innerWidth), lists.forEach(layAnew)), STILL);
  });
  addEventListener("pageshow", (event) => event.persisted && lists.forEach(layAnew));
}

// Take from the batch before what is not in a whole row.
function carried(list) {
  const last = list.lastElementChild;
  if (!last) return [];
  if (last.classList.contains("full")) return [...last.querySelectorAll(".tile[hidden]")].map(shown);
  last.remove();
  return [...last.children];
}

function shown(tile) {
  tile.hidden = false;
  return tile;
}

function keepBack(batch) {
  const bottom = batch.lastElementChild?.offsetTop;
  if (bottom === batch.firstElementChild?.offsetTop) return;
  for (const tile of batch.children) tile.hidden = tile.offsetTop === bottom;
  batch.classList.add("full");
}

function layAnew(list) {
  const focused = document.activeElement;
  const more = list.querySelector(".tile[hidden]") !== null;
  const tiles = [...list.querySelectorAll(".tile")].map(shown);
  list.replaceChildren();
  for (let at = 0; at < tiles.length; at += MANY) lay(list, tiles.slice(at, at + MANY), more || at + MANY < tiles.length);
  if (list.contains(focused)) focused.focus({ preventScroll: true });
}
