// The plain pages, of an error and of signing in, speak the reader's language.

import { translate } from "./words.js";

translate();
