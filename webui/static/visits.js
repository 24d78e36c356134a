// What the browser's history keeps of each of its entries beside the address: where the query's files
// are, whether a hit was opened over the results, how many of them were there and how far down the
// page was. So going back, from the detail view or from another page, leads to the same place.

const STILL = 150; // Milliseconds without scrolling.
const PATIENCE = 1000; // Milliseconds until another try.

const held = new Map(); // The files of each entry; a reload forgets them.
let late = null; // What the browser has yet to take of an entry, with the way and the address.
let again = 0;

// Enter an address, as a new entry or in place of this one.
export function enter(address, { files, push = true, opened = false, ...place }) {
  const key = `${performance.timeOrigin}-${held.size}`; // An entry from before a reload has another.
  held.set(key, files);
  write(push ? "pushState" : "replaceState", { files: key, opened, ...place }, address);
}

// Give what is known of this entry.
export function here() {
  const { files, opened = false, reached = 0, top = 0 } = known() ?? {};
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
    clearTimeout(again);
    late = null;
  });
  addEventListener("pagehide", () => {
    keepNow();
    if (late) writeLate();
  });
}

export function keep(reached) {
  write("replaceState", { ...known(), reached, top: Math.round(scrollY) }, late?.address);
}

function known() {
  return late?.state ?? history.state;
}

// Safari and Firefox refuse what comes too fast, as when an arrow key is held: the last is written
// later, as a new entry if one of those that were refused was to be one.
function write(method, state, address) {
  late = { method: late?.method === "pushState" ? "pushState" : method, state, address };
  writeLate();
}

function writeLate() {
  clearTimeout(again);
  try {
    history[late.method](late.state, "", late.address);
    late = null;
  } catch (error) {
    if (error.name !== "SecurityError") throw error;
    again = setTimeout(writeLate, PATIENCE);
  }
}
