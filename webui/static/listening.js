// A recording or film in the detail view, with what is said in it: the line that is heard is marked
// and kept in sight, and a line that is pressed is played.

import { $, h } from "./dom.js";
import { own, transcript } from "./passages.js";
import { reading } from "./reading.js";
import { t } from "./words.js";

// The player, from where it was found, and the words below it, as elements.
export function listening(item, hit, lines) {
  const poster = item.kind === "video" ? (hit ?? item).thumbnail : null;
  const player = h(item.kind, { controls: true, preload: "metadata", src: item.media, poster, "aria-label": item.name });
  if (hit?.start) player.addEventListener("loadedmetadata", () => (player.currentTime = hit.start), { once: true });
  if (!item.passages.some((passage) => own(passage) && passage.text)) return [player, h("p", { class: "absent" }, t("noWords"))];
  const spoken = reading(item, lines, (more) => transcript(more, hit?.passage, (seconds) => seek(player, seconds)));
  follow(player, spoken);
  return [player, spoken];
}

// Play the item on the stage, or pause it; false where it is none to be heard.
export function playOrPause() {
  const player = $("stage").querySelector("audio, video");
  if (player?.paused) play(player);
  else player?.pause();
  return player !== null;
}

function seek(player, seconds) {
  player.currentTime = seconds;
  play(player);
}

function play(player) {
  player.play().catch(() => {}); // Its own controls show that it cannot be played.
}

// Mark the line that is heard. Whoever scrolls away to read is left there until they seek or play.
function follow(player, column) {
  let along = true;
  for (const away of ["wheel", "touchmove"]) column.addEventListener(away, () => (along = false), { passive: true });
  for (const back of ["seeking", "play"]) player.addEventListener(back, () => (along = true));
  player.addEventListener("timeupdate", () => {
    const before = column.querySelector(".now");
    const now = lineAt(column, player.currentTime);
    if (now === before) return;
    before?.classList.remove("now");
    before?.removeAttribute("aria-current");
    now?.classList.add("now");
    now?.setAttribute("aria-current", "true");
    if (along && !player.paused) now?.scrollIntoView({ block: "nearest" });
  });
}

function lineAt(column, seconds) {
  const begun = [...column.querySelectorAll(".spoken")].filter(({ dataset }) => seconds >= Number(dataset.start));
  return begun.findLast(({ dataset }) => dataset.end === "" || seconds < Number(dataset.end)) ?? null;
}
