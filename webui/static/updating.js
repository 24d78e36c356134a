// Bringing the library up to date from the page: a button, how far the run is, a way to stop it.

import { $, h, icon } from "./dom.js";
import { ask } from "./search.js";
import { t } from "./words.js";

const JOBS = "/api/v1/jobs";

let job = null;
let trouble = "";
let watching = null;

// Show the button or how far a run is; `ended()` is told when one has ended.
export function showUpdating(ended) {
  const box = $("updating");
  box.replaceChildren(...(job?.state === "running" ? running() : [start(ended), ...told()]));
  box.hidden = false;
}

// Watch a run that somebody has begun already, or say anew of the one that was watched how it ended.
export async function followRunning(ended) {
  const { jobs } = await ask(JOBS);
  if (jobs[0]?.state === "running") return follow(jobs[0], ended);
  job = jobs.find((each) => each.job === job?.job) ?? null;
  showUpdating(ended);
}

function start(ended) {
  const begin = async () => {
    trouble = "";
    try {
      follow(await ask(JOBS, { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" }), ended);
    } catch (error) {
      trouble = error.message;
      showUpdating(ended);
    }
  };
  return h("button", { type: "button", class: "quiet", onclick: begin }, icon("again"), t("bringUpToDate"));
}

function running() {
  const { steps, done, notes } = job;
  const bar = h("progress", steps ? { max: steps, value: done, "aria-label": t("updating") } : { "aria-label": t("updating") });
  const stop = h("button", { type: "button", class: "quiet", onclick: () => ask(`${JOBS}/${job.job}/stop`, { method: "POST" }) }, t("stop"));
  const note = notes.at(-1);
  return [bar, h("span", {}, t("updatingBy", { done, steps })), stop, note ? h("small", {}, note) : null].filter(Boolean);
}

function told() {
  if (trouble) return [h("span", { role: "alert" }, trouble)];
  if (!job) return [];
  const words = job.state === "failed" ? job.error : t(job.state === "stopped" ? "updateStopped" : "updateDone", { added: job.added + job.reused, removed: job.removed });
  return [h("span", { role: "status" }, words)];
}

function follow(begun, ended) {
  job = begun;
  showUpdating(ended);
  watching?.close();
  watching = new EventSource(`${JOBS}/${job.job}/events`);
  watching.addEventListener("message", ({ data }) => {
    job = JSON.parse(data);
    if (job.state !== "running") {
      watching.close();
      ended();
    }
    showUpdating(ended);
  });
}
