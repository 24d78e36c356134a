// The keyboard on the map: arrows move among the items that can be seen, or with shift the map.

const CLOSER = 1.5;
const PAN = 80;
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// Calls `changed()` when the camera moved, `move(way)`, `enter()`, `leave()` and `whole()`.
export function takeKeys(canvas, camera, { changed, move, enter, leave, whole }) {
  const zoom = (factor) => {
    camera.zoom(factor);
    changed();
  };
  const pan = ([right, down]) => {
    camera.pan(-PAN * right, -PAN * down);
    changed();
  };
  const acts = { "+": () => zoom(CLOSER), "=": () => zoom(CLOSER), "-": () => zoom(1 / CLOSER), 0: whole, Home: whole, Enter: enter, Escape: leave };
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = WAYS[event.key];
    const act = way ? () => (event.shiftKey ? pan(way) : move(way)) : acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  return zoom;
}
