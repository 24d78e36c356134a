// Plays one moment at a time: a stretch of a recording, from a result card.

import { setVariables } from "./dom.js";

let sound = null;
let playing = null;

// Start a moment, or stop it if it is the one playing. `changed(on)` is told of both.
export function toggle(card, { media, start, end }, changed) {
  const same = playing?.card === card;
  stop();
  if (same) return;
  sound = new Audio(media);
  playing = { card, start: start ?? 0, end, changed };
  sound.addEventListener("loadedmetadata", begin, { once: true });
  sound.addEventListener("timeupdate", follow);
  sound.addEventListener("ended", stop);
  sound.addEventListener("error", stop);
  changed(true);
  play(sound); // At once: Safari lets nothing sound but what a hand has just pressed.
}

export function stop() {
  if (!playing) return;
  const { card, changed } = playing;
  playing = null;
  sound.pause();
  sound.removeAttribute("src");
  sound.load();
  setVariables(card, { progress: 0 });
  changed(false);
}

function begin(event) {
  if (event.target !== sound || !playing) return;
  sound.currentTime = playing.start;
}

function play(mine) {
  mine.play().catch(() => mine === sound && stop());
}

function follow(event) {
  if (event.target !== sound || !playing) return;
  const end = playing.end ?? sound.duration;
  if (sound.currentTime >= end) stop();
  else setVariables(playing.card, { progress: (sound.currentTime - playing.start) / (end - playing.start) });
}
