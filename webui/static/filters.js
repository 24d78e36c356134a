// The filter panel: fields that say what they take, folders to choose from, and the library over time.

import { listenToBrush, showBrush } from "./brush.js";
import { isComposing } from "./composing.js";
import { $, h, icon } from "./dom.js";
import { bytes, seconds } from "./measures.js";
import { NO_FILTERS } from "./query.js";
import { without, writtenIn } from "./restrictions.js";
import { ask, Refusal } from "./search.js";
import { t } from "./words.js";

const MEASURES = { least: bytes, most: bytes, shortest: seconds, longest: seconds };
const OPPOSITES = [["after", "before"], ["least", "most"], ["shortest", "longest"]];

let shown = null; // The query.
let written = []; // Where its text says filters.
let asked = null; // The address of the months below.
let months = [];

// Show what restricts a query, but for what is written in the box.
export function showFilters(query) {
  shown = query;
  for (const field of Object.keys(NO_FILTERS)) write($(field), query[field]);
  complain();
  showCount();
  if ($("filters").open) showMonths();
}

// Show the filters that the server found in the box; `change(values)` takes one out of it.
export function showWritten(spans, change) {
  written = spans;
  $("typed").hidden = written.length === 0;
  $("typed").replaceChildren(h("span", { id: "typedname" }, t("inTheBox")), ...writtenIn(shown.text, written).map((one) => remover(one, change)));
  showCount();
}

function showCount() {
  const count = shown.filters + written.length;
  $("filtercount").textContent = count;
  $("filtercount").hidden = count === 0;
}

// Call `change(values)` with filters that were set.
export function listenToFilters(change) {
  for (const field of Object.keys(NO_FILTERS)) $(field).addEventListener("change", () => take(field, change));
  $("clearfilters").addEventListener("click", () => change({ ...NO_FILTERS, text: without(shown.text, written) }));
  listenToBrush(change);
  $("filters").addEventListener("toggle", () => {
    asked = null;
    if ($("filters").open) Promise.all([showMonths(), showFolders()]);
  });
  $("filters").addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || isComposing(event)) return;
    $("filters").open = false;
    $("filters").querySelector("summary").focus();
  });
}

function remover({ part, rest }, change) {
  const label = t("tryWithout", { part });
  const remove = () => {
    $("filters").querySelector("summary").focus(); // For this button goes.
    change({ text: rest });
  };
  return h("button", { type: "button", "aria-label": label, title: label, onclick: remove }, part, icon("close"));
}

// Take what a field holds into the query, or say why not; the query stays as it was.
function take(field, change) {
  const value = read(field);
  const pair = OPPOSITES.find((fields) => fields.includes(field));
  if (value === null) return complain(field, t(MEASURES[field].wrong));
  if (pair && crossed(pair.map((one) => (one === field ? value : shown[one])))) return complain(field, t("crossed"));
  change({ [field]: value });
}

// A field's value as a query keeps it; null for what makes no sense.
function read(field) {
  if ($(field).type === "checkbox") return $(field).checked ? "true" : "";
  const text = $(field).value.trim();
  if (!text || !(field in MEASURES)) return text;
  const number = MEASURES[field].read(text);
  return number === null ? null : String(number);
}

function write(field, value) {
  const number = Number(value);
  if (field.type === "checkbox") field.checked = value === "true";
  else field.value = value && field.id in MEASURES && Number.isFinite(number) ? MEASURES[field.id].write(number) : value;
}

function crossed([low, high]) {
  if (!low || !high) return false;
  return Number.isFinite(Number(low)) ? Number(low) > Number(high) : low > high;
}

// Say what is wrong with a field, or that nothing is.
function complain(wrong = null, text = "") {
  for (const field of Object.keys(NO_FILTERS)) {
    if (field === wrong) $(field).setAttribute("aria-invalid", "true");
    else $(field).removeAttribute("aria-invalid");
  }
  $("filterwrong").textContent = text;
  $("filterwrong").hidden = !text;
}

async function showMonths() {
  const address = `/api/v1/timeline?${shown.toScope()}`;
  if (address !== asked) {
    asked = address;
    const found = await answered(address, { months: [] });
    if (address !== asked) return;
    months = found.months;
  }
  showBrush(months, shown);
}

async function showFolders() {
  const { folders } = await answered("/api/v1/folders", { folders: [] });
  $("folders").replaceChildren(...folders.map(({ path, items }) => h("option", { value: path, label: t("items", { n: items }) })));
}

// The panel does without what is refused or out of reach: the search beside it says why.
async function answered(address, otherwise) {
  try {
    return await ask(address);
  } catch (error) {
    if (error instanceof Refusal || error instanceof TypeError) return otherwise;
    throw error;
  }
}
