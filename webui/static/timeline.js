// The library over time: years, and the months of one; a month leads to what is of it.

import { drawBars } from "./chart.js";
import { $, h } from "./dom.js";
import { beginning, lastDay, monthOf, numberOf } from "./months.js";
import { locale, t } from "./words.js";

const KINDS = ["image", "video", "text", "audio"];
const FEW = 24; // Months that are shown as such at once.
const MANY = 80; // Years from which those without anything are left out.

// Show months as `/api/v1/timeline` gives them; the address may name a year.
export function showTimeline(months) {
  const asked = new URLSearchParams(location.search).get("year");
  const of = months.filter(({ month }) => month.startsWith(`${asked}-`));
  const bars = of.length ? monthsOf(of, `${asked}-01`, `${asked}-12`) : overall(months);
  $("years").hidden = !of.length;
  $("years").replaceChildren(h("a", { href: "/library" }, t("allYears")), ` › ${asked}`);
  const whole = months.length ? t("span", { from: yearOf(months[0]), to: yearOf(months.at(-1)) }) : "";
  const tell = (bar) => ($("readout").textContent = bar ? bar.said : of.length ? "" : whole);
  tell(null);
  drawBars($("chart"), bars, tell);
}

function overall(months) {
  if (!months.length) return [];
  const [first, last] = [months[0].month, months.at(-1).month];
  return monthsBetween(first, last).length <= FEW ? monthsOf(months, first, last) : years(months);
}

function years(months) {
  const sums = new Map();
  for (const one of months) sums.set(yearOf(one), add(sums.get(yearOf(one)) ?? {}, one.items));
  const [first, last] = [yearOf(months[0]), yearOf(months.at(-1))];
  const all = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return (all.length > MANY ? [...sums.keys()] : all).map((year) => bar(String(year), String(year), sums.get(year), `/library?year=${year}`));
}

function monthsOf(months, first, last) {
  const held = new Map(months.map((one) => [one.month, one.items]));
  const name = new Intl.DateTimeFormat(locale(), { month: "short", timeZone: "UTC" });
  const whole = new Intl.DateTimeFormat(locale(), { month: "long", year: "numeric", timeZone: "UTC" });
  return monthsBetween(first, last).map((month) => {
    const date = beginning(month);
    const address = `/?${new URLSearchParams({ after: `${month}-01`, before: lastDay(month) })}`;
    return bar(name.format(date), whole.format(date), held.get(month), address);
  });
}

function monthsBetween(first, last) {
  const count = Math.min(12 * MANY, numberOf(last) - numberOf(first)) + 1;
  return Array.from({ length: count }, (_, i) => monthOf(numberOf(first) + i));
}

function bar(label, name, items, href) {
  const parts = KINDS.flatMap((kind) => (items?.[kind] ? [[kind, items[kind]]] : []));
  return { label, href, parts, said: `${name}: ${parts.length ? t("holds", items) : t("nothingThen")}` };
}

function add(sum, items) {
  for (const [kind, count] of Object.entries(items)) sum[kind] = (sum[kind] ?? 0) + count;
  return sum;
}

function yearOf({ month }) {
  return Number(month.slice(0, -3));
}
