// What went wrong, as a person is told it.

import { t } from "./words.js";

// The server's own words, or that it does not answer.
export function inWords(error) {
  return error instanceof TypeError ? t("offline") : String(error.message ?? error);
}
