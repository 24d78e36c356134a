// What is said beside the map: that it is being drawn, what it does not show, and its kinds.

import { $, h } from "../dom.js";
import { Refusal } from "../search.js";
import { locale, t } from "../words.js";

const NAMES = { image: "pictures", video: "films", text: "documents", audio: "sound" };

export function sayLines(lines, style) {
  $("word").className = style;
  $("word").hidden = lines.length === 0;
  $("word").replaceChildren(...lines);
}

// What there is to know of a map as the API gave it; `take()` shows a newer one, if there is one.
export function notes({ places, current, total }, take) {
  if (!places.length) return [h("p", {}, t("mapTooSmall"))];
  if (take) return [h("button", { type: "button", class: "quiet", onclick: take }, t("showNewMap"))];
  if (!current) return [h("p", {}, t("mapChanged"))];
  const placed = places.reduce((sum, { items }) => sum + items.length, 0);
  return placed < total ? [h("p", {}, t("mapSome", { n: placed, total }))] : [];
}

export function waiting() {
  const turning = h("span", { class: "turning", "aria-hidden": "true" });
  return [turning, h("p", { role: "status" }, t("drawingMap")), h("p", { class: "faint" }, t("drawingMapNote"))];
}

export function failure(trouble, tryAgain) {
  const lines = trouble instanceof Refusal ? trouble.errors : [trouble instanceof TypeError ? t("offline") : String(trouble.message)];
  const again = h("button", { type: "button", class: "quiet", onclick: tryAgain }, t("retry"));
  return [...lines.map((line) => h("p", { role: "alert" }, line)), again];
}

// The kinds on the map, each of which may be hidden; `changed()` is called when one was.
export function showLegend(places, hidden, changed) {
  const number = new Intl.NumberFormat(locale());
  const toggle = (kind) => {
    if (!hidden.delete(kind)) hidden.add(kind);
    changed();
    $("legend").querySelector(`.${kind}`).focus();
  };
  const button = ({ kind, items }) => {
    const attributes = { type: "button", class: kind, "aria-pressed": String(!hidden.has(kind)), onclick: () => toggle(kind) };
    return h("button", attributes, h("span", { class: "swatch" }), t(NAMES[kind]), h("small", {}, number.format(items.length)));
  };
  $("legend").replaceChildren(...places.map(button));
}
