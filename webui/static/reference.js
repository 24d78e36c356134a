// The reference speaks the reader's language: the page holds both, and its style shows one.

import { speak } from "./language.js";

speak("API", () => {});
