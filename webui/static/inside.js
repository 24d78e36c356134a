// The other places in a hit's item that match about as well: scenes of a film, pages of a document.
// A button on its tile says how many there are and lays them out after it.

import { fileName } from "./format.js";
import * as api from "./search.js";
import { addUnfolding } from "./unfolding.js";
import { t } from "./words.js";

// Add the button to a tile of what answers a query; `make(hit)` makes one for each place.
export function addInside(tile, hit, query, make) {
  const text = t("inside", { n: hit.passages });
  const label = t("insideOf", { n: hit.passages, name: fileName(hit.path) });
  addUnfolding(tile, hit, { glyph: "within", text, label, find: () => others(hit, query), make });
}

// They are as good as the hit, whose score they share: it tells how sure the item is.
async function others(hit, query) {
  const { places } = await api.places(query, hit.item);
  const elsewhere = places.filter((place) => place.passage !== hit.passage);
  return elsewhere.map((place) => ({ ...place, score: hit.score, passages: 1, alike: [] }));
}
