// The map's one thread of control: it is asked for until it is drawn, shown, and looked around in.

import { $, h, icon } from "../dom.js";
import { fileName } from "../format.js";
import { speak } from "../language.js";
import { ask, item as describe } from "../search.js";
import { t } from "../words.js";
import { failure, notes, sayLines, showLegend, waiting } from "./beside.js";
import { Camera } from "./camera.js";
import { Drawing } from "./canvas.js";
import { Chart } from "./chart.js";
import { takeHands } from "./hands.js";
import { takeKeys } from "./keys.js";
import { DEEPEST, Levels } from "./levels.js";
import { Pictures } from "./pictures.js";
import { lookFrom, viewOf } from "./view.js";

const SOON = 1000; // Milliseconds until a map that is being drawn is asked for again.
const LATER = 8000; // The same where an older one is shown meanwhile.
const WITHIN = 24; // Pixels from an item at which it is pointed at.
const CLOSER = 1.6;

// Not every browser says when it is idle.
const whenIdle = globalThis.requestIdleCallback ?? ((act) => setTimeout(act, 30));
const canvas = $("map");
const camera = new Camera();
const pictures = new Pictures(() => redraw());
const drawing = new Drawing(canvas, camera, pictures);
const names = new Map(); // What items are called, by their numbers.

let map = null; // As the API gave it.
let newer = null;
let trouble = null;
let upright = false; // Whether the map is turned, for a view that is higher than wide.
const hidden = new Set();
let chart = new Chart([], new Set(), upright);
let levels = new Levels([], []);
let chosen = -1;
let awaited = 0;

// The map is asked for.

async function load() {
  try {
    const found = await ask("/api/v1/map");
    if (!found.drawn) setTimeout(load, SOON);
    else if (!map) begin(found);
    else if (found.current) newer = found;
    if (found.drawn && !found.current) setTimeout(load, LATER);
  } catch (error) {
    trouble = error;
  }
  say();
}

// Show a map from where one looked at the one before, or on the last visit.
function begin(found) {
  const kept = map ? view() : history.state?.view;
  [map, newer] = [found, null];
  drawing.resize();
  turn();
  if (kept?.upright === upright) choose(lookFrom(kept, camera, chart));
}

function view() {
  return { ...viewOf(camera, chart, chosen), upright };
}

// Show the whole map the way it fits the view best.
function turn() {
  upright = camera.height > camera.width;
  lay();
  const sides = ["x", "y"].map((axis) => Math.max(0.05, ...map.places.map((places) => greatest(places[axis]))));
  camera.fit(...(upright ? sides.reverse() : sides), chart.length);
}

// Spreading a hundred thousand numbers into a call is more than a call can take.
function greatest(numbers) {
  return numbers.reduce((most, number) => Math.max(most, number), 0);
}

// Lay out what is not hidden.
function lay() {
  const item = chart.items[chosen];
  chart = new Chart(map.places, new Set(map.places.map(({ kind }) => kind).filter((kind) => !hidden.has(kind))), upright);
  levels = new Levels(Array.from(chart.xs), chart.ys);
  chosen = chart.items.indexOf(item);
  if (chosen < 0) letGo();
  lookAhead(levels);
}

// Find out while nothing else is to do what is shown from nearer.
function lookAhead(mine) {
  if (mine !== levels || !mine.left.length || mine.known >= DEEPEST) return;
  whenIdle(() => {
    mine.reach(mine.known + 1);
    lookAhead(mine);
  });
}

// What is drawn, once a frame however much has changed.

function redraw() {
  if (awaited) return;
  awaited = requestAnimationFrame(() => {
    awaited = 0;
    if (map) drawing.draw(chart, levels, chosen);
  });
}

function choose(at) {
  if (at === chosen) return;
  letGo();
  chosen = at;
  canvas.classList.toggle("over", at >= 0);
  if (at >= 0) showCard(chart.items[at], chart.kinds[at]);
  redraw();
}

function letGo() {
  chosen = -1;
  $("card").hidden = true;
  canvas.classList.remove("over");
}

async function showCard(number, kind) {
  const name = names.get(number) ?? (await nameOf(number));
  if (chosen < 0 || chart.items[chosen] !== number) return;
  $("card").replaceChildren(h("b", {}, name), h("a", { href: near(number), tabindex: -1, onclick: remember }, icon("like"), t("nearThis")));
  $("card").hidden = false;
  $("said").textContent = `${name}, ${t(kind)}`;
}

async function nameOf(number) {
  const found = await describe(number, { limit: 0 }).catch(() => null);
  names.set(number, found ? fileName(found.path) : `#${number}`);
  return names.get(number);
}

// Looking near an item.

function near(number) {
  return `/?like=${number}`;
}

function remember() {
  if (map) history.replaceState({ view: view() }, "");
}

function enter(at) {
  if (at < 0) return;
  remember();
  location.assign(near(chart.items[at]));
}

function under(left, top) {
  const [x, y] = camera.toMap(left, top);
  const seen = drawing.shows(levels);
  const picture = chart.nearest(x, y, (0.7 * drawing.spacing) / camera.scale, (at) => seen(at) && covers(at, x, y));
  return picture >= 0 ? picture : chart.nearest(x, y, WITHIN / camera.scale);
}

function covers(at, x, y) {
  const reach = (0.46 * drawing.spacing) / camera.scale;
  return Math.abs(chart.xs[at] - x) <= reach && Math.abs(chart.ys[at] - y) <= reach;
}

function press(left, top, byTouch) {
  const at = under(left, top);
  // A finger cannot point without pressing: it first says what it is on.
  if (byTouch && at !== chosen) choose(at);
  else enter(at);
}

function move(way) {
  const seen = drawing.shows(levels);
  const next = chosen < 0 ? chart.nearest(camera.x, camera.y, Infinity, seen) : chart.towards(chosen, way, seen);
  if (next < 0) return;
  camera.reveal(chart.xs[next], chart.ys[next]);
  choose(next);
}

function whole() {
  camera.fit(camera.wide, camera.tall, camera.count);
  redraw();
}

// What is said beside the map.

function say() {
  $("zoom").hidden = $("legend").hidden = !map?.places.length;
  if (map) showMap();
  else sayLines(trouble ? failure(trouble, tryAgain) : waiting(), "word");
  redraw();
}

function showMap() {
  const take = () => {
    begin(newer);
    say();
  };
  sayLines(notes(map, newer && take), map.places.length ? "word aside" : "word");
  showLegend(map.places, hidden, () => {
    lay();
    say();
  });
}

function tryAgain() {
  trouble = null;
  say();
  load();
}

takeHands(canvas, camera, { changed: redraw, point: (left, top) => choose(left === null ? -1 : under(left, top)), press });
const zoom = takeKeys(canvas, camera, { changed: redraw, move, enter: () => enter(chosen), leave: () => choose(-1), whole });
$("closer").addEventListener("click", () => zoom(CLOSER));
$("further").addEventListener("click", () => zoom(1 / CLOSER));
$("whole").addEventListener("click", whole);
addEventListener("pagehide", remember);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  drawing.readColours();
  redraw();
});
new ResizeObserver(() => {
  drawing.resize();
  if (map && camera.height > camera.width !== upright) turn();
  redraw();
}).observe(canvas);
speak("map", say);
load();
