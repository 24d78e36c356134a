// The pointer on the map: one drags it, two pinch it, the wheel zooms, and what is pressed without
// being moved is pressed.

const STILL = 5; // Pixels within which a hand that presses may tremble.
const WHEEL = 0.0022;
const LINE = 20; // Pixels of a line, as some wheels count.

// Calls `changed()` when the camera moved, `point(x, y)` where a mouse is, or null where it left,
// and `press(x, y, byTouch)`.
export function takeHands(canvas, camera, { changed, point, press }) {
  const hands = new Map();
  let moved = 0;

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    if (!hands.size) moved = 0;
    hands.set(event.pointerId, at(event));
  });

  canvas.addEventListener("pointermove", (event) => {
    const now = at(event);
    const before = hands.get(event.pointerId);
    if (!before) return point(...now);
    const others = [...hands].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
    if (others.length) pinch(before, now, others[0]);
    else camera.pan(now[0] - before[0], now[1] - before[1]);
    moved += Math.hypot(now[0] - before[0], now[1] - before[1]);
    hands.set(event.pointerId, now);
    canvas.classList.toggle("held", moved > STILL);
    changed();
  });

  const release = (event) => {
    const place = hands.get(event.pointerId);
    if (!place) return;
    const alone = hands.size === 1;
    hands.delete(event.pointerId);
    canvas.classList.remove("held");
    if (event.type === "pointerup" && alone && moved <= STILL) press(...place, event.pointerType === "touch");
    if (!alone) moved = Infinity;
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  // A finger that is lifted leaves, too, but what it said stays.
  canvas.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && !hands.size && point(null));

  const pinch = (before, now, other) => {
    const far = (place) => Math.max(1, Math.hypot(place[0] - other[0], place[1] - other[1]));
    camera.zoom(far(now) / far(before), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    camera.pan((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
  };

  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const turned = event.deltaY * (event.deltaMode ? LINE : 1);
    camera.zoom(Math.exp(-WHEEL * Math.max(-400, Math.min(400, turned)) * (event.ctrlKey ? 4 : 1)), ...at(event));
    changed();
  }, { passive: false });
}
