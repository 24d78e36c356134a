// What the page shows now; `app.js` changes it, and others ask.

import { Query } from "./query.js";

export const page = {
  query: new Query(),
  ranking: null, // Where more of what is shown comes from, if it comes in pages.
  answer: null, // The last page of it.
  hits: [], // Those of all pages.
};

export function forget() {
  Object.assign(page, { ranking: null, answer: null, hits: [] });
}
