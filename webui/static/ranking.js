// The pages of one ranking, in order. Each hit is given once and none is left out, even if the
// library changes between two pages: a page is asked for from the last hit on, and where another
// stands in its place now the ranking is read again, and what it has that was not given is given.

import { search } from "./search.js";

const PAGE = 40;
const DEEP = 200; // Far down a page costs the server more, so that it is larger there.
const MOST = 1000; // The server's largest page.

export class Ranking {
  more = true;
  #query;
  #reached = 0;
  #last = null; // The item of the hit before the next page.
  #total = 0;
  #given = new Set(); // Items, also those behind a hit.

  constructor(query) {
    this.#query = query;
  }

  // How many contents were given.
  get given() {
    return this.#given.size;
  }

  // Give the next page, of so many hits at least; null when a newer search came between.
  async next(least = PAGE) {
    const deep = Math.min(DEEP, Math.floor(this.#reached / 4));
    let found = await this.#read(Math.min(MOST, Math.max(PAGE, deep, least)));
    while (found && !found.hits.length && this.more) found = await this.#read(MOST);
    return found;
  }

  async #read(count) {
    const overlap = this.#last === null ? 0 : 1;
    const found = await search(this.#query, { offset: this.#reached - overlap, k: count + overlap });
    if (!found) return null;
    const moved = overlap && (found.hits[0]?.item !== this.#last || found.total !== this.#total);
    this.#total = found.total;
    if (moved) {
      this.#reached = 0;
      this.#last = null;
      return { ...found, hits: [] };
    }
    this.#reached += found.hits.length - overlap;
    this.#last = found.hits.at(-1)?.item ?? null;
    const hits = found.hits.filter((hit) => this.#isNew(hit));
    this.more = found.hits.length > overlap && this.given < found.total;
    return { ...found, hits };
  }

  #isNew(hit) {
    if (this.#given.has(hit.item)) return false;
    hit.alike = hit.alike.filter((other) => !this.#given.has(other.item));
    for (const one of [hit, ...hit.alike]) this.#given.add(one.item);
    return true;
  }
}
