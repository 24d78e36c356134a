// The library over time, to brush: a stretch of it is chosen by dragging over its bars, or by the two
// ends below them, which are sliders. An end at the edge bounds nothing.

import { $, h, setVariables } from "./dom.js";
import { beginning, lastDay, monthOf, numberOf } from "./months.js";
import { locale, t } from "./words.js";

const SPANS = [1, 3, 12, 60, 120, 600, 6000]; // Months of a bar.
const MOST = 60; // Bars.
const CALM = 350; // Milliseconds after which a slider is taken to rest.

let bars = []; // { first, last }: numbers of months; items.
let bounds = { after: "", before: "" }; // As they were set.
let ends = [0, 0]; // As they are shown: the first bar that is in, and the one after the last.
let drag = null; // { from, ends }: where it began, and what was chosen then.
let resting = 0;

// Show months as `/api/v1/timeline` gives them, and what of them a query's dates leave.
export function showBrush(months, { after, before }) {
  clearTimeout(resting);
  bars = months.length ? inBars(months) : [];
  bounds = { after, before };
  ends = endsOf(bounds);
  drag = null;
  $("brush").hidden = bars.length < 2;
  const most = Math.max(...bars.map((bar) => bar.items));
  $("bars").replaceChildren(...bars.map(({ items }) => h("i", { class: items ? null : "none", vars: { share: items / most } })));
  for (const end of ["earliest", "latest"]) $(end).max = bars.length;
  if (bars.length > 1) draw();
}

// Call `choose({ after, before })` with what was brushed.
export function listenToBrush(choose) {
  const settle = () => choose(chosen());
  const slide = (change) => {
    move(change());
    clearTimeout(resting);
    resting = setTimeout(settle, CALM);
  };
  $("earliest").addEventListener("input", () => slide(() => [Math.min($("earliest").valueAsNumber, ends[1] - 1), ends[1]]));
  $("latest").addEventListener("input", () => slide(() => [ends[0], Math.max($("latest").valueAsNumber, ends[0] + 1)]));
  $("bars").addEventListener("pointerdown", begin);
  $("bars").addEventListener("pointermove", (event) => drag && move(dragged(event)));
  $("bars").addEventListener("pointerup", () => drag && settle());
  $("bars").addEventListener("pointercancel", () => drag && letGo());
  $("brush").addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !(bounds.after || bounds.before || drag)) return;
    event.preventDefault();
    choose({ after: "", before: "" });
  });
}

function inBars(months) {
  const numbers = months.map(({ month }) => numberOf(month));
  const span = SPANS.find((one) => Math.floor(numbers.at(-1) / one) - Math.floor(numbers[0] / one) < MOST);
  const start = Math.floor(numbers[0] / span);
  const count = Math.floor(numbers.at(-1) / span) - start + 1;
  const found = Array.from({ length: count }, (_, i) => ({ first: (start + i) * span, last: (start + i + 1) * span - 1, items: 0 }));
  months.forEach(({ items }, i) => (found[Math.floor(numbers[i] / span) - start].items += sum(Object.values(items))));
  return found;
}

function endsOf({ after, before }) {
  const first = bars.findIndex((bar) => !after || bar.last >= numberOf(after));
  const last = bars.findLastIndex((bar) => !before || bar.first <= numberOf(before));
  return [first < 0 ? bars.length - 1 : first, Math.max(1, last + 1)];
}

// The dates that the ends mean; one that was not moved keeps the day that was set.
function chosen() {
  const [first, last] = ends;
  const was = endsOf(bounds);
  const after = first === 0 ? "" : `${monthOf(bars[first].first)}-01`;
  const before = last === bars.length ? "" : lastDay(monthOf(bars[last - 1].last));
  drag = null;
  return { after: first === was[0] ? bounds.after : after, before: last === was[1] ? bounds.before : before };
}

function begin(event) {
  if (event.button !== 0) return;
  event.preventDefault();
  $("bars").setPointerCapture(event.pointerId);
  $("earliest").focus({ preventScroll: true }); // So that Escape and the arrow keys go on from here.
  drag = { from: barAt(event), ends };
  move(dragged(event));
}

// A stretch from where it began; what was chosen before is moved along where it is taken hold of.
function dragged(event) {
  const [{ from, ends: [first, last] }, at] = [drag, barAt(event)];
  const held = from >= first && from < last && last - first < bars.length && at !== from;
  if (!held) return [Math.min(from, at), Math.max(from, at) + 1];
  const by = Math.min(bars.length - last, Math.max(-first, at - from));
  return [first + by, last + by];
}

function barAt({ clientX }) {
  const { left, width } = $("bars").getBoundingClientRect();
  return Math.min(bars.length - 1, Math.max(0, Math.floor(((clientX - left) / width) * bars.length)));
}

function letGo() {
  move(drag.ends);
  drag = null;
}

function move(to) {
  ends = to;
  draw();
}

function draw() {
  const [first, last] = ends;
  [...$("bars").children].forEach((bar, at) => bar.classList.toggle("out", at < first || at >= last));
  setVariables($("brush"), { from: first / bars.length, to: last / bars.length });
  slider("earliest", first, bars[first].first);
  slider("latest", last, bars[last - 1].last);
  const items = sum(bars.slice(first, last).map((bar) => bar.items));
  $("brushed").textContent = `${stretch(bars[first].first, bars[last - 1].last)} · ${t("items", { n: items })}`;
}

function slider(id, value, month) {
  $(id).value = value;
  $(id).setAttribute("aria-valuetext", stretch(month, month));
}

function stretch(first, last) {
  const format = new Intl.DateTimeFormat(locale(), { month: "short", year: "numeric", timeZone: "UTC" });
  return format.formatRange(beginning(monthOf(first)), beginning(monthOf(last)));
}

function sum(numbers) {
  return numbers.reduce((all, one) => all + one, 0);
}
