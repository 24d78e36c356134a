// Asks for more results as their end comes near. The button stays for whoever has no such observer,
// for the keyboard, and for another try after an error.

import { $ } from "./dom.js";

const NEAR = "1500px"; // Below the window.

let observer = null;

// Call `more()` whenever the end is near, and when the button is pressed; then `goTo(place)` is told
// where among the results those begin that came, of which there were `count()` before.
export function listenToEnd(more, count, goTo) {
  $("more").addEventListener("click", async () => {
    const before = count();
    if (await more()) goTo(before);
  });
  if (!("IntersectionObserver" in window)) return;
  observer = new IntersectionObserver((looks) => looks.at(-1).isIntersecting && more(), { rootMargin: `0px 0px ${NEAR}` });
}

// Say whether there is more, and look whether its beginning is near already.
export function awaitEnd(more) {
  observer?.disconnect();
  $("more").hidden = !more;
  if (more) observer?.observe($("more"));
}

// Show the button alone: what failed is not asked for again by itself.
export function pause() {
  observer?.disconnect();
}
