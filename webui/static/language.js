// The switch between the languages, on pages that have nothing else to keep.

import { $ } from "./dom.js";
import { switchLanguage, t, translate } from "./words.js";

// Speak the reader's language at once, and `show()` what is not in the template now and whenever
// the language changes; `title` is the word for the page.
export function speak(title, show) {
  const say = () => {
    translate();
    document.title = `${t(title)} · Triptych`;
    $("language").textContent = t("otherLanguage");
    $("language").lang = t("otherLanguageTag");
    show();
  };
  $("language").addEventListener("click", () => {
    switchLanguage();
    say();
  });
  say();
}
