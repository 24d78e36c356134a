// The pages of one ranking, in order. Each hit is given once and none is left out, even if the
// library changes between two pages: a page is asked for from the last hit on, and where another
// stands in its place now the ranking is read again, and what it has that was not given is given.
// For one page that is done once at most, so that a library that keeps changing cannot hold it up.

import { search } from "./search.js";

const PAGE = 40;
const DEEP = 200; // Far down a page costs the server more, so that it is larger there.
const MOST = 1000; // The server's largest page.

export class Ranking {
  more = true;
  #query;
  #reached = 0;
  #last = null; // The item of the hit before the next page.
  #given = new Set(); // Items, also those behind a hit.
  #passed = 0; // How many contents were met since the ranking was last begun.

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
    let found = await this.#ask(Math.max(PAGE, deep, least));
    if (found && this.#last !== null && found.hits[0]?.item !== this.#last) {
      this.#begin();
      found = await this.#ask(MOST);
    }
    let hits = this.#take(found);
    while (found && !hits.length && this.more) {
      found = await this.#ask(MOST);
      hits = this.#take(found);
    }
    return found && { ...found, hits };
  }

  #begin() {
    this.#reached = 0;
    this.#passed = 0;
    this.#last = null;
  }

  // The last hit is asked for once more, to see whether it still stands there.
  get #overlap() {
    return this.#last === null ? 0 : 1;
  }

  #ask(count) {
    return search(this.#query, { offset: this.#reached - this.#overlap, k: Math.min(MOST, count + this.#overlap) });
  }

  // Go past what was found, and give what of it was not given.
  #take(found) {
    if (!found) return [];
    const came = found.hits.slice(this.#overlap);
    this.#reached += came.length;
    this.#passed += came.reduce((all, hit) => all + 1 + hit.alike.length, 0);
    const hits = found.hits.filter((hit) => this.#isNew(hit));
    this.#last = found.hits.at(-1)?.item ?? null;
    this.more = came.length > 0 && Math.min(this.#passed, this.given) < found.total;
    return hits;
  }

  #isNew(hit) {
    if (this.#given.has(hit.item)) return false;
    hit.alike = hit.alike.filter((other) => !this.#given.has(other.item));
    for (const one of [hit, ...hit.alike]) this.#given.add(one.item);
    return true;
  }
}
