// The side of the detail view: what is known of an item, and what can be done with it.

import { h, icon, iconButton } from "./dom.js";
import { clock, day, degrees, percent, size } from "./format.js";
import { LESS } from "./wishes.js";
import { t } from "./words.js";

const SAID = 1600; // Milliseconds that it stays said.

// The facts as elements; `like(item)` and `wish(item, weight)` are called to search for what is like
// it, alone or beside what is looked for already, `others` follow the actions, and `said`, what the
// user says of it, comes before all that the file says.
export function facts(item, hit, likes, others, said) {
  const rows = [
    ["title", item.title],
    ["kind", t(item.kind)],
    ["dimensions", item.width && item.height ? `${item.width} × ${item.height}` : ""],
    ["duration", item.duration ? clock(item.duration) : ""],
    ["taken", item.taken_at ? day(item.taken_at) : ""],
    ["camera", item.camera],
    ["place", item.latitude === null ? "" : degrees(item.latitude, item.longitude)],
    ["modified", day(item.modified_at)],
    ["bytes", `${size(item.size)} · ${item.mime}`],
    ["where", item.path],
  ];
  const list = rows.filter(([, value]) => value).flatMap(([word, value]) => [h("dt", {}, t(word)), h("dd", { class: word }, value)]);
  return [actions(item, hit, likes, others), said, h("dl", {}, list), hit && hit.score !== null ? score(hit) : null].filter(Boolean);
}

function actions(item, hit, { like, wish }, others) {
  const page = hit?.page && item.mime === "application/pdf" ? `#page=${hit.page}` : "";
  return h(
    "div",
    { class: "actions" },
    h(
      "div",
      { class: "likes" },
      h("button", { type: "button", class: "solid", id: "morelike", onclick: () => like(item) }, icon("like"), t("moreLike")),
      iconButton("plus", t("alsoLike"), () => wish(item, 1)),
      iconButton("minus", t("lessLike"), () => wish(item, LESS)),
    ),
    h("a", { class: "quiet", href: item.media + page, target: "_blank", rel: "noopener" }, icon("open"), t("openFile")),
    navigator.clipboard ? copier(item.path) : null,
    others,
  );
}

function copier(path) {
  const said = h("span", { class: "copied", role: "status" });
  const copy = async () => {
    await navigator.clipboard.writeText(path).then(() => (said.textContent = t("copied")), () => (said.textContent = t("notCopied")));
    setTimeout(() => (said.textContent = ""), SAID);
  };
  const button = h("button", { type: "button", class: "quiet", onclick: copy }, icon("copy"), t("copyPath"));
  return h("div", { class: "copier" }, button, said);
}

function score(hit) {
  const words = `${t("match", { percent: percent(hit.score) })} · ${t("similarity", { value: hit.similarity.toFixed(3) })}`;
  return h("p", { class: "score" }, h("span", { class: "match", vars: { match: hit.score } }), words);
}
