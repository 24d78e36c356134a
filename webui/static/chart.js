// A calm bar chart in SVG: for each stretch of time a bar, parted by kind, that leads somewhere.
// One bar at a time is in the tab order, arrow keys move among them.

import { locale } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 200;
const LEFT = 44;
const BELOW = 26;
const ABOVE = 8;
const WIDEST = 36;
const LEGIBLE = 46; // Pixels from one word below to the next.

// Draw bars `{ label, said, href, parts: [[kind, count]] }` as wide as their place; `tell(bar)` is
// called with the one that is pointed at or focused, and with null.
export function drawBars(place, bars, tell) {
  const width = Math.max(place.clientWidth, 240);
  const most = Math.max(1, ...bars.map(total));
  const scale = (count) => ((HEIGHT - ABOVE - BELOW) * count) / most;
  const step = (width - LEFT) / bars.length;
  const chart = make("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: "group" });
  chart.append(...grid(most, scale, width), ...bars.map((bar, at) => column(bar, at, step, scale, tell)), ...words(bars, step));
  place.replaceChildren(chart);
  rove(chart);
}

function total(bar) {
  return bar.parts.reduce((sum, [, count]) => sum + count, 0);
}

function column(bar, at, step, scale, tell) {
  const wide = Math.min(WIDEST, Math.max(1, step * 0.72));
  const x = LEFT + at * step + (step - wide) / 2;
  const link = make("a", { href: bar.href, class: "bar", "aria-label": bar.said, tabindex: at === 0 ? 0 : -1 });
  link.append(make("rect", { class: "reach", x: LEFT + at * step, y: 0, width: step, height: HEIGHT - BELOW }));
  let base = HEIGHT - BELOW;
  for (const [kind, count] of bar.parts) {
    const tall = Math.max(scale(count), 1.5);
    base -= tall;
    link.append(make("rect", { class: `part ${kind}`, x, y: base, width: wide, height: tall }));
  }
  for (const [event, told] of [["pointerenter", bar], ["focus", bar], ["pointerleave", null], ["blur", null]]) {
    link.addEventListener(event, () => tell(told));
  }
  return link;
}

function grid(most, scale, width) {
  const number = new Intl.NumberFormat(locale(), { notation: "compact" });
  return rounded(most).flatMap((count) => {
    const y = HEIGHT - BELOW - scale(count);
    const line = make("line", { class: "rule", x1: LEFT, x2: width, y1: y, y2: y });
    const word = make("text", { class: "axis", x: LEFT - 8, y: y + 4, "text-anchor": "end" });
    word.textContent = number.format(count);
    return [line, word];
  });
}

// Nought and two or three round numbers up to the greatest.
function rounded(most) {
  const power = 10 ** Math.floor(Math.log10(most));
  const by = Math.max(1, [0.5, 1, 2, 5].map((n) => n * power).find((n) => most / n <= 4));
  return Array.from({ length: Math.floor(most / by) + 1 }, (_, i) => i * by);
}

function words(bars, step) {
  const every = Math.ceil(LEGIBLE / step);
  return bars.flatMap((bar, at) => {
    if (at % every) return [];
    const word = make("text", { class: "axis", x: LEFT + (at + 0.5) * step, y: HEIGHT - 6, "text-anchor": "middle" });
    word.textContent = bar.label;
    return [word];
  });
}

function rove(chart) {
  const links = [...chart.querySelectorAll(".bar")];
  chart.addEventListener("keydown", (event) => {
    const at = links.indexOf(event.target);
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: links.length - 1 }[event.key];
    if (at < 0 || !links[next]) return;
    event.preventDefault();
    links[at].setAttribute("tabindex", -1);
    links[next].setAttribute("tabindex", 0);
    links[next].focus();
  });
}

function make(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
