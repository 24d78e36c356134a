// Sizes and lengths as people write them: "2 MB", "1:30", "90 s", "2 分钟". Nonsense is null.

import { clock, size } from "./format.js";

const NUMBER = String.raw`\d{1,9}(?:\.\d{1,3})?`;
const POWERS = { "": 0, k: 1, m: 2, g: 3, t: 4 };
const SIZE = new RegExp(`^(${NUMBER})(?:([kmgt]?)(i?)b|([kmgt])|bytes?|字节)$`);
const CLOCK = /^(?:(\d{1,3}):)?(\d{1,3}):(\d{2})$/;
const PIECE = new RegExp(`(${NUMBER})(小时|分钟|[a-z]+|[时分秒])`, "g");
const SECONDS = { 1: "s sec secs second seconds 秒", 60: "m min mins minute minutes 分 分钟", 3600: "h hr hrs hour hours 时 小时" };

// Each with how it is read and written, and the word for what is wrong with one that cannot be read.
export const bytes = { read: readBytes, write: size, wrong: "badSize" };
export const seconds = { read: readSeconds, write: (number) => (number % 1 ? `${number} s` : clock(number)), wrong: "badLength" };

function readBytes(text) {
  const [, number, power = "", binary, short = power] = SIZE.exec(plain(text)) ?? [];
  return number ? Math.round(Number(number) * (binary ? 1024 : 1000) ** POWERS[short]) : null;
}

function readSeconds(text) {
  const written = plain(text);
  const [clocked, hours = 0, minutes, rest] = CLOCK.exec(written) ?? [];
  if (clocked) return Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
  if (new RegExp(`^${NUMBER}$`).test(written)) return Number(written);
  const pieces = [...written.matchAll(PIECE)];
  const whole = pieces.map(([piece]) => piece).join("") === written;
  const units = pieces.map(([, , name]) => Object.keys(SECONDS).find((unit) => SECONDS[unit].split(" ").includes(name)));
  if (!pieces.length || !whole || units.includes(undefined)) return null;
  return pieces.reduce((sum, [, number], i) => sum + Number(number) * units[i], 0);
}

// Without spaces, commas of thousands and full-width forms; a comma before one or two digits is a point.
function plain(text) {
  const narrow = text.normalize("NFKC").toLowerCase().replace(/\s/g, "");
  return narrow.replace(/,(?=\d{3}(?!\d))/g, "").replace(",", ".");
}
