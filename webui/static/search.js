// Speaks to the API. A newer search cancels an older one, so that no late answer overwrites it.

export class Refusal extends Error {
  constructor(status, errors) {
    super(errors.join("\n"));
    this.status = status;
    this.errors = errors;
  }
}

const MOST_PLACES = 100;

let running = null;

// Answer a stretch of a query's ranking, or null when a newer search came between.
export async function search(query, { offset, k }) {
  cancel();
  const mine = (running = new AbortController());
  try {
    const body = { ...(await query.toBody()), offset, k };
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

// Say where on its page a passage stands, and in it what the lines look for.
export function placement(item, passage, lines) {
  const fields = new URLSearchParams(lines.map((line) => ["q", line]));
  return ask(`/api/v1/items/${item}/passages/${passage}/placement?${fields}`);
}

// Answer with some items that are most like one.
export function similar(item, count) {
  return ask(`/api/v1/items/${item}/similar?k=${count}`);
}

// Say what in a hit's passage matches the query.
export async function explain(query, hit) {
  return post(`/api/v1/items/${hit.item}/passages/${hit.passage}/explain`, await query.toBody());
}

// Say where in an item a query is met.
export async function places(query, item) {
  return post(`/api/v1/items/${item}/places`, { ...(await query.toBody()), k: MOST_PLACES });
}

// List what is newest of all kinds.
export function newest(k) {
  return ask(`/api/v1/search?kind=image,text,audio,video&fold=false&k=${k}`);
}

export function jobs() {
  return ask("/api/v1/jobs");
}

// Keep what the user says of an item; what is not named stays as it is.
export function remark(id, said) {
  return send("PATCH", `/api/v1/items/${id}`, said);
}

export function stats() {
  return ask("/api/v1/stats");
}

function post(address, body, signal = null) {
  return send("POST", address, body, signal);
}

function send(method, address, body, signal = null) {
  const headers = { "Content-Type": "application/json" };
  return ask(address, { method, headers, body: JSON.stringify(body), signal });
}

export async function ask(address, options = {}) {
  const response = await fetch(address, options);
  if (response.status === 401) location.assign("/sign-in");
  const body = await response.json().catch(() => null);
  if (!response.ok || !body) throw new Refusal(response.status, body?.errors ?? [response.statusText]);
  return body;
}
