// Speaks to the API. A newer search cancels an older one, so that no late answer overwrites it.

export class Refusal extends Error {
  constructor(status, errors) {
    super(errors.join("\n"));
    this.status = status;
    this.errors = errors;
  }
}

let running = null;

// Answer a query, or null when a newer one came between.
export async function search(query, offset = 0) {
  cancel();
  const mine = (running = new AbortController());
  try {
    const body = await query.toBody(offset);
    if (mine.signal.aborted) return null;
    const answer = await post("/api/v1/search", body, mine.signal);
    for (const hit of answer.hits) hit.alike = hit.alike.map(asHit);
    return answer;
  } catch (error) {
    if (mine.signal.aborted) return null;
    throw error;
  } finally {
    if (running === mine) running = null;
  }
}

// Of a near-duplicate only the file is known, not where in it the query is met.
function asHit(file) {
  return { ...file, passage: null, score: null, similarity: null, snippet: file.path, marks: [], page: null, start: null, end: null, alike: [] };
}

export function cancel() {
  running?.abort();
}

// Describe an item; its passages come with marks where they hold what the lines look for.
export function item(id, { around = null, offset = null, limit = 120, lines = [] } = {}) {
  const fields = new URLSearchParams({ limit });
  if (around !== null) fields.set("around", around);
  if (offset !== null) fields.set("offset", offset);
  for (const line of lines) fields.append("q", line);
  return ask(`/api/v1/items/${id}?${fields}`);
}

// Say what in a hit's passage matches the query.
export async function explain(query, hit) {
  return post(`/api/v1/items/${hit.item}/passages/${hit.passage}/explain`, await query.toBody());
}

export function stats() {
  return ask("/api/v1/stats");
}

function post(address, body, signal = null) {
  const headers = { "Content-Type": "application/json" };
  return ask(address, { method: "POST", headers, body: JSON.stringify(body), signal });
}

export async function ask(address, options = {}) {
  const response = await fetch(address, options);
  if (response.status === 401) location.assign("/sign-in");
  const body = await response.json().catch(() => null);
  if (!response.ok || !body) throw new Refusal(response.status, body?.errors ?? [response.statusText]);
  return body;
}
