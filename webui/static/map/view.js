// Where one looks from, kept so that another map, or this one on the next visit, is shown from there.

// The view of a map: of what is chosen, or else nearest to the middle, also how far that is from it.
export function viewOf(camera, chart, chosen) {
  const at = chosen >= 0 ? chosen : chart.nearest(camera.x, camera.y, Infinity);
  const beside = at < 0 ? {} : { item: chart.items[at], right: chart.xs[at] - camera.x, down: chart.ys[at] - camera.y };
  return { ...camera.state, ...beside, whole: camera.scale <= camera.least, chosen: chosen >= 0 };
}

// Look from there; what moved is followed. Gives what was chosen, or -1.
export function lookFrom({ x, y, scale, item, right, down, whole, chosen }, camera, chart) {
  const at = chart.items.indexOf(item);
  if (!whole) Object.assign(camera, { scale }, at < 0 ? { x, y } : { x: chart.xs[at] - right, y: chart.ys[at] - down });
  camera.settle();
  return chosen ? at : -1;
}
