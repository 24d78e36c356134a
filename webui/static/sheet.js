// A page of a PDF as it is printed, beside its words: the passage that was found is shaded on it, and
// the words that are looked for are marked. Pages are turned among those that have words here.

import { h, iconButton, setVariables } from "./dom.js";
import { bringIntoSight } from "./reading.js";
import * as api from "./search.js";
import { t } from "./words.js";

// The page of a hit, and the column of words, as elements.
export function sheets(item, hit, lines, column) {
  const printed = pagesOf(column);
  if (!printed.length) return [column];
  const sheet = parts();
  let page = printed.includes(hit?.page) ? hit.page : printed[0];
  const showEnds = () => {
    const pages = pagesOf(column);
    sheet.before.disabled = page <= pages[0];
    sheet.after.disabled = page >= pages.at(-1);
  };
  const show = async () => {
    showEnds();
    showPage(sheet, item, page, column);
    const mine = (sheet.showing = {});
    const spots = await spotsOn(page, item, lines, column);
    if (sheet.showing === mine) sheet.leaf.append(...spots);
  };
  const turn = (by) => {
    const pages = pagesOf(column);
    page = pages[pages.indexOf(page) + by];
    const heading = column.querySelector(`[data-page="${page}"]`);
    if (heading) bringIntoSight(heading, "start");
    show();
  };
  sheet.before.addEventListener("click", () => turn(-1));
  sheet.after.addEventListener("click", () => turn(1));
  new MutationObserver(showEnds).observe(column, { childList: true });
  show();
  return [sheet.element, column];
}

function parts() {
  const number = h("span", { role: "status" });
  const [before, after] = [iconButton("previous", t("pageBefore")), iconButton("next", t("pageAfter"))];
  const image = h("img");
  const leaf = h("div", { class: "leaf" }, image);
  const head = h("header", {}, before, number, after);
  const element = h("section", { class: "sheet", "aria-label": t("printed") }, head, h("div", { class: "desk" }, leaf));
  image.addEventListener("load", () => setVariables(leaf, { ratio: image.naturalWidth / image.naturalHeight }));
  image.addEventListener("error", () => element.remove()); // Its words are there all the same.
  return { element, before, number, after, image, leaf };
}

function showPage({ image, leaf, number }, item, page, column) {
  leaf.replaceChildren(image);
  image.src = `${item.preview}&passage=${passagesOn(page, column)[0].dataset.passage}`;
  image.alt = `${item.name}, ${t("page", { n: page })}`;
  number.textContent = t("page", { n: page });
}

// What to lay over a page: the lines of the passage that was found, and all words that match.
async function spotsOn(page, item, lines, column) {
  const matching = passagesOn(page, column).filter((one) => one.matches(":has(mark), [data-found]"));
  try {
    const found = await Promise.all(matching.map((one) => api.placement(item.item, one.dataset.passage, lines)));
    return found.flatMap((one, i) => [...(matching[i].matches("[data-found]") ? one.lines.map((box) => spot("line", box)) : []), ...one.marks.map((box) => spot("mark", box))]);
  } catch (error) {
    if (error instanceof api.Refusal || error instanceof TypeError) return []; // The words beside it are marked.
    throw error;
  }
}

function spot(kind, [left, top, right, bottom]) {
  return h("i", { class: `spot ${kind}`, vars: { left, top, width: right - left, height: bottom - top } });
}

function passagesOn(page, column) {
  return [...column.querySelectorAll(`[data-on="${page}"]`)];
}

function pagesOf(column) {
  return [...new Set(Array.from(column.querySelectorAll("[data-on]"), (one) => Number(one.dataset.on)))];
}
