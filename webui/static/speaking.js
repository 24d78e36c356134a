// The microphone button: press to speak, press again to search with what was said.

import { $, icon } from "./dom.js";
import { clock } from "./format.js";
import { say } from "./notices.js";
import { canRecord, record } from "./recorder.js";
import { t } from "./words.js";

// Call `take(term)` with a recording, `refuse(message)` when there can be none.
export function startSpeaking(take, refuse) {
  let stop = null;
  const show = (on) => {
    const label = t(on ? "stopRecording" : "record");
    $("record").replaceChildren(icon(on ? "stop" : "mic"));
    $("record").classList.toggle("live", on);
    $("record").setAttribute("aria-label", label);
    $("record").title = label;
    say(on ? t("recording", { time: clock(0) }) : "");
  };
  const done = (file) => {
    stop = null;
    show(false);
    take({ type: "audio", file, weight: 1, name: t("you") });
  };
  $("record").addEventListener("click", async () => {
    if (stop) return stop();
    if (!canRecord()) return refuse(t("noMicrophone"));
    try {
      stop = await record(done, (seconds) => say(t("recording", { time: clock(seconds) })));
      show(true);
    } catch {
      refuse(t("noMicrophone"));
    }
  });
}
