// The help beside the search box: what may be written in it, and what that means.

import { $, h } from "./dom.js";
import { t } from "./words.js";

export function showHelp() {
  $("ways").replaceChildren(...t("ways").flatMap(way));
  $("help").showModal();
}

export function listenToHelp() {
  $("help").append(h("p", {}, h("a", { href: "/api/" }, "API")));
  $("ask").addEventListener("click", showHelp);
  $("closehelp").addEventListener("click", () => $("help").close());
  $("help").addEventListener("click", (event) => event.target === $("help") && $("help").close());
}

function way([examples, meaning]) {
  const written = examples.map((example) => h("code", {}, example));
  return [h("dt", {}, written.flatMap((code, i) => (i ? [" ", code] : [code]))), h("dd", {}, meaning)];
}
