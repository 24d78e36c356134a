// What the browser's history keeps of each of its entries beside the address: where the query's files
// are, whether a hit was opened over the results, how many of them were there and how far down the
// page was. So going back, from the detail view or from another page, leads to the same place.

const STILL = 150; // Milliseconds without scrolling.
const PATIENCE = 1000; // Milliseconds until another try.

const held = new Map(); // The files of each entry; a reload forgets them.
let late = 0; // Set while the browser has yet to take an entry.

// Enter an address, as a new entry or in place of this one.
export function enter(address, { files, push = true, opened = false, ...place }) {
  const key = `${performance.timeOrigin}-${held.size}`; // An entry from before a reload has another.
  held.set(key, files);
  write(push ? "pushState" : "replaceState", { files: key, opened, ...place }, address);
}

// Give what is known of this entry.
export function here() {
  const { files, opened = false, reached = 0, top = 0 } = history.state ?? {};
  return { files: held.get(files) ?? [], opened, reached, top };
}

// Keep how far this entry has come; `reached()` says how many results there are, or null while they
// are another entry's.
export function keepPlace(reached) {
  history.scrollRestoration = "manual"; // The browser would scroll before there is anything.
  let still = 0;
  const keepNow = () => reached() !== null && keep(reached());
  addEventListener("scroll", () => {
    clearTimeout(still);
    still = setTimeout(keepNow, STILL);
  });
  addEventListener("popstate", () => {
    clearTimeout(still);
    forgetLate();
  });
  addEventListener("pagehide", keepNow);
}

export function keep(reached) {
  if (!late) write("replaceState", { ...history.state, reached, top: Math.round(scrollY) });
}

// Safari and Firefox refuse what comes too fast, as when an arrow key is held: the last is written later.
function write(method, state, address) {
  forgetLate();
  try {
    history[method](state, "", address);
  } catch (error) {
    if (error.name !== "SecurityError") throw error;
    late = setTimeout(write, PATIENCE, method, state, address);
  }
}

function forgetLate() {
  clearTimeout(late);
  late = 0;
}
