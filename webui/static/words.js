// The page's words in each language it speaks, and the choice between them.

import english from "./words-en.js";
import chinese from "./words-zh.js";

const LANGUAGES = { en: english, zh: chinese };
const KEPT = "triptych-language";
const YEAR = 365 * 24 * 3600;

let language = kept() ?? (navigator.languages ?? [navigator.language]).map((tag) => tag.slice(0, 2)).find((tag) => tag in LANGUAGES) ?? "en";

if (kept()) keep(); // Safari lets go after a week of what is not kept anew.

export function t(word, values = {}) {
  const found = LANGUAGES[language][word] ?? english[word] ?? word;
  return typeof found === "function" ? found(values) : found;
}

export function locale() {
  return language === "zh" ? "zh-CN" : navigator.language?.startsWith("en") ? navigator.language : "en";
}

// Choose the other language and remember it, in a cookie: the server then speaks it as well.
export function switchLanguage() {
  language = language === "en" ? "zh" : "en";
  keep();
}

// Put the chosen language into what the template holds.
export function translate(root = document) {
  document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
  for (const element of root.querySelectorAll("[data-word]")) element.textContent = t(element.dataset.word);
  for (const element of root.querySelectorAll("[data-placeholder]")) element.placeholder = t(element.dataset.placeholder);
  for (const element of root.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", t(element.dataset.label));
    if (element.hasAttribute("title")) element.title = t(element.dataset.label);
  }
}

function keep() {
  document.cookie = `${KEPT}=${language}; path=/; max-age=${YEAR}; samesite=lax`;
}

function kept() {
  const choice = document.cookie.match(`(?:^|; )${KEPT}=(\\w+)`)?.[1];
  return choice in LANGUAGES ? choice : null;
}
