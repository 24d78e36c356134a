// The first page while the library is being filled: how far that is, and the newest that is in it.
// A run that was begun here says how far it is; one of another process shows only by what it adds.

import { $, h } from "./dom.js";
import * as api from "./search.js";
import { t } from "./words.js";

const NEWEST = 12;
const SOON = 2000; // Milliseconds between two looks while something comes or nothing is there yet,
const LATE = 60_000; // and at most where nothing has come for long.
const STILL = 4; // Looks without anything new after which a run elsewhere is over.

let watch = null;

// Look what comes until told to leave; `tell(news)` is called after each look with the newest `hits`,
// whether the library `grows`, and whether that or how much it holds has `changed`.
export function watchArrivals(tell) {
  leave();
  const mine = (watch = { items: null, quiet: STILL - 1, grows: false, timer: 0 });
  const look = async () => {
    if (!document.hidden) await lookOnce(mine, tell).catch(() => {}); // The next look may find it again.
    if (watch === mine) mine.timer = setTimeout(look, pause(mine));
  };
  look();
}

export function leave() {
  clearTimeout(watch?.timer);
  watch = null;
  $("arriving").hidden = true;
}

async function lookOnce(mine, tell) {
  const [{ jobs }, newest] = await Promise.all([api.jobs(), api.newest(NEWEST)]);
  if (watch !== mine) return;
  const job = jobs.find((one) => one.state === "running") ?? null;
  const came = mine.items !== null && newest.total > mine.items;
  const grew = mine.grows;
  mine.quiet = job || came ? 0 : mine.quiet + 1;
  mine.items = newest.total;
  mine.grows = mine.quiet < STILL;
  showProgress(mine.grows, job, newest.total);
  await tell({ hits: newest.hits, grows: mine.grows, changed: came || mine.grows !== grew });
}

function pause({ items, quiet, grows }) {
  return items === 0 || grows ? SOON : Math.min(LATE, SOON * 2 ** (quiet - STILL));
}

function showProgress(grows, job, items) {
  $("arriving").hidden = !grows;
  if (!grows) return;
  const steps = job?.steps ? { max: job.steps, value: job.done } : {};
  const text = job ? t("updatingBy", { done: job.done, steps: job.steps }) : t("soFar", { n: items });
  const bar = h("progress", { ...steps, "aria-label": t("arriving") });
  $("arriving").replaceChildren(h("h2", {}, t("arriving")), bar, h("p", {}, text), h("p", { class: "aside" }, t("arrivingNote")));
}
