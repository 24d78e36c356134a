"""How long a browser takes to show an answer: on a cold load of the page, and once it is open.

    python -m benchmarks.page LIBRARY [WORDS]

Every load is one of a new profile of the system's Chromium, over loopback; on the page that it has
opened other words are then searched. What is measured is the page's own clock: until it can be
typed into, until the answer has come, and until the frame that shows its first hits is drawn.
"""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median
from urllib.parse import quote

import click
from playwright.sync_api import Browser

from benchmarks.serving import running
from tests.webui.browser import chromium

PORT = 7193
SHOWN = """window.newHits = () => new Promise((tell) => {
  const before = document.querySelector(".tile");
  new MutationObserver((_, watch) => {
    const now = document.querySelector(".tile");
    if (!now || now === before) return;
    watch.disconnect();
    const { port1, port2 } = new MessageChannel();  // A message comes when the frame is done.
    port1.onmessage = () => tell(performance.now());
    requestAnimationFrame(() => port2.postMessage(null));
  }).observe(document, { childList: true, subtree: true });
});
window.shown = newHits();
window.answeredAt = () =>
  performance.getEntriesByType("resource").find(({ name }) => name.endsWith("/api/v1/search"))
    .responseEnd;"""
LOADED = """async () => {
  const shown = await window.shown;
  const [page] = performance.getEntriesByType("navigation");
  const parts = performance.getEntriesByType("resource");
  const answered = answeredAt();
  const scripts = parts.filter(({ name }) => name.endsWith(".js"));
  return {
    ready: page.domContentLoadedEventEnd,
    answered,
    shown,
    answer_to_hits: shown - answered,
    script_kb: scripts.reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0) / 1000,
  };
}"""
ASKED = """async (words) => {
  performance.clearResourceTimings();
  const shown = newHits();
  const box = document.querySelector("#words");
  box.value = words;
  const asked = performance.now();
  box.form.requestSubmit();
  const drawn = await shown;
  return { open_asked_to_hits: drawn - asked, open_answer_to_hits: drawn - answeredAt() };
}"""


def load(browser: Browser, address: str, others: str) -> dict[str, float]:
    """Load the page once with an empty cache, and search other words on it; milliseconds."""
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(SHOWN)
    page.goto(address)
    loaded: dict[str, float] = page.evaluate(LOADED)
    page.wait_for_load_state("networkidle")
    asked: dict[str, float] = page.evaluate(ASKED, others)
    context.close()
    return loaded | asked


@click.command()
@click.argument("library", type=click.Path(exists=True, path_type=Path))
@click.argument("words", default="a dog on the beach")
@click.option("--times", default=9, show_default=True, help="Loads; the first is not counted.")
def main(library: Path, words: str, times: int) -> None:
    """Print the medians and the worst, in milliseconds, as JSON."""
    served = ["-m", "cli", "serve", "--library", str(library), "--port", str(PORT)]
    address = f"http://127.0.0.1:{PORT}/?q={quote(words)}"
    with running(served, f"http://127.0.0.1:{PORT}/readyz"), chromium() as browser:
        loads = [load(browser, address, f"{words} {i}") for i in range(times + 1)][1:]
    figures = {name: [round(one[name], 1) for one in loads] for name in loads[0]}
    click.echo(json.dumps({n: {"median": median(v), "worst": max(v)} for n, v in figures.items()}))


if __name__ == "__main__":
    main()
