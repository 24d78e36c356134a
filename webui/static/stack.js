// The near-duplicates behind a hit: a button on its tile lays them out after it, or puts them back.

import { addUnfolding } from "./unfolding.js";
import { t } from "./words.js";

// Add the button to a tile; `make(hit)` makes one for each hit that is laid out.
export function addStack(tile, hit, make) {
  const label = t("alike", { n: hit.alike.length });
  addUnfolding(tile, hit, { glyph: "like", text: `+${hit.alike.length}`, label, find: async () => hit.alike, make });
}
