// Numbers as people read them.

import { locale } from "./words.js";

export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n) => String(n).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

export function stretch(start, end) {
  return end === null || end === undefined ? clock(start) : `${clock(start)} – ${clock(end)}`;
}

export function size(bytes) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  const format = { style: "unit", unit: units[step], unitDisplay: step ? "short" : "long", maximumFractionDigits: step ? 1 : 0 };
  return new Intl.NumberFormat(locale(), format).format(bytes / 1000 ** step);
}

export function day(iso) {
  const date = new Date(iso);
  return Number.isNaN(date.valueOf()) ? iso : date.toLocaleString(locale(), { dateStyle: "medium", timeStyle: "short" });
}

// Where on earth; five decimals are about a metre.
export function degrees(latitude, longitude) {
  const side = (angle, [positive, negative]) => `${Math.abs(angle).toFixed(5)}° ${angle < 0 ? negative : positive}`;
  return `${side(latitude, "NS")}, ${side(longitude, "EW")}`;
}

export function fileName(path) {
  return path.split(/[\\/]/).pop();
}

export function count(n) {
  return new Intl.NumberFormat(locale()).format(n);
}

export function percent(score) {
  return Math.round(Math.min(1, Math.max(0, score)) * 100);
}
