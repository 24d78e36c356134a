// What is being looked for, and its two other forms: the page's address and a request's body.
// Files live only in memory; an address keeps the words, the filters and the items to be like.

export const KINDS = { "": [], image: ["image", "video"], text: ["text"], audio: ["audio"] };
// What restricts a query, and its name in an address.
const NAMES = { folder: "in", after: "after", before: "before", least: "min_size", most: "max_size", shortest: "min_duration", longest: "max_duration", starred: "favourite" };
const FIELDS = Object.keys(NAMES);
const NUMBERS = ["least", "most", "shortest", "longest"]; // Bytes and seconds.
const DATES = ["after", "before"];
const OPERATOR = /[:：]/; // What a line needs that says filters.

export const NO_FILTERS = Object.fromEntries(FIELDS.map((field) => [field, ""]));

export class Query {
  text = "";
  kind = "";
  folder = "";
  after = "";
  before = "";
  least = "";
  most = "";
  shortest = "";
  longest = "";
  starred = ""; // "true" where only favourites are looked for.
  terms = []; // { type: "item", item } or { type: "image" | "audio", file }; each with weight and name

  get empty() {
    return !this.text.trim() && this.terms.length === 0 && !this.kind && this.filters === 0;
  }

  get files() {
    return this.terms.filter((term) => term.type !== "item");
  }

  get filters() {
    return FIELDS.filter((field) => this[field]).length;
  }

  // The lines that this says: what was written, and of recordings what was heard, one for each.
  linesSaid(heard = []) {
    const spoken = this.terms.filter((term) => term.type === "audio");
    return [this.text, ...heard.filter((_, i) => spoken[i]?.weight > 0)].filter((line) => line.trim());
  }

  // Read the address; terms that came as files stay, for an address cannot hold them.
  static fromAddress(search, files = []) {
    const fields = new URLSearchParams(search);
    const query = new Query();
    query.text = fields.get("q") ?? "";
    query.kind = fields.get("kind") in KINDS ? fields.get("kind") : "";
    for (const field of FIELDS) query[field] = fields.get(NAMES[field]) ?? "";
    query.terms = [...likes(fields.get("like") ?? ""), ...files];
    return query;
  }

  toAddress(item = null) {
    const fields = new URLSearchParams();
    const like = this.terms.filter((term) => term.type === "item").map(asLike);
    if (this.text.trim()) fields.set("q", this.text.trim());
    if (like.length) fields.set("like", like.join(","));
    if (this.kind) fields.set("kind", this.kind);
    for (const field of FIELDS) if (this[field]) fields.set(NAMES[field], this[field]);
    if (item !== null) fields.set("item", item);
    return fields.size ? `?${fields}` : "/";
  }

  // All that restricts it but dates in fields, as flat fields: of this the page shows what there is when.
  toScope() {
    const fields = new URLSearchParams({ kind: KINDS[this.kind].join(",") });
    if (OPERATOR.test(this.text)) fields.set("q", this.text.trim());
    for (const field of FIELDS) if (this[field] && !DATES.includes(field)) fields.set(NAMES[field], this[field]);
    return fields;
  }

  async toBody() {
    const terms = await Promise.all(this.terms.map(asTerm));
    const filters = { kind: KINDS[this.kind] };
    if (this.folder) filters.in = this.folder;
    if (this.after) filters.after = `${this.after}T00:00:00`;
    if (this.before) filters.before = `${this.before}T23:59:59`;
    if (this.starred) filters.favourite = this.starred === "true" || this.starred;
    for (const field of NUMBERS) if (this[field]) filters[NAMES[field]] = asNumber(this[field]);
    return { q: this.text.trim(), terms, filters };
  }
}

// Nonsense in an address travels on as it is, here and above, for the server to say what is wrong.
function asNumber(text) {
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}

// In an address an item is its number, with what it counts where that is not once: 12,-7,9:0.5.
function asLike({ item, weight }) {
  const much = Math.abs(weight);
  return `${weight < 0 ? "-" : ""}${item}${much === 1 ? "" : `:${much}`}`;
}

function likes(text) {
  const found = [...text.matchAll(/(?<=^|,)(-?)(\d{1,15})(?::(\d{1,2}(?:\.\d{1,3})?))?(?=,|$)/g)];
  const terms = found.map(([, minus, item, much]) => ({ type: "item", item: Number(item), weight: (minus ? -1 : 1) * asWeight(much ?? 1), name: `#${item}` }));
  return terms.filter(({ item }) => item > 0);
}

// A weight as a chip's slider has it.
function asWeight(much) {
  return Math.min(3, Math.max(0.25, Math.round(4 * much) / 4));
}

async function asTerm(term) {
  if (term.type === "item") return { item: term.item, weight: term.weight };
  term.base64 ??= asBase64(term.file);
  return { [term.type]: { base64: await term.base64 }, weight: term.weight };
}

function asBase64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
