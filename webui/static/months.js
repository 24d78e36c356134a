// Months as the API writes them, 2024-05, and as numbers that can be counted with.

export function numberOf(month) {
  const [year, of] = month.split("-");
  return Number(year) * 12 + Number(of) - 1;
}

export function monthOf(number) {
  return `${String(Math.floor(number / 12)).padStart(4, "0")}-${String((number % 12) + 1).padStart(2, "0")}`;
}

// The first moment of a month, in UTC, as formats take it.
export function beginning(month) {
  return new Date(`${month}-01T00:00:00Z`);
}

// The last day of a month: 2024-02-29.
export function lastDay(month) {
  const next = beginning(month);
  next.setUTCMonth(next.getUTCMonth() + 1, 0);
  return next.toISOString().slice(0, 10);
}
