"""How long a browser takes from nothing to an answer: a cold load of the page, again and again.

    python -m benchmarks.page LIBRARY [WORDS]

Every load is one of a new profile of the system's Chromium, over loopback. What is measured is the
page's own clock: until it can be typed into, until the answer has come, and until
the frame that shows its first hits is drawn.
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
SHOWN = """window.shown = new Promise((tell) => new MutationObserver((_, watch) => {
  if (!document.querySelector(".tile")) return;
  watch.disconnect();
  const { port1, port2 } = new MessageChannel();  // A message comes when the frame is done.
  port1.onmessage = () => tell(performance.now());
  requestAnimationFrame(() => port2.postMessage(null));
}).observe(document, { childList: true, subtree: true }));"""
MEASURED = """async () => {
  const shown = await window.shown;
  const [page] = performance.getEntriesByType("navigation");
  const parts = performance.getEntriesByType("resource");
  const answered = parts.find(({ name }) => name.endsWith("/api/v1/search")).responseEnd;
  const scripts = parts.filter(({ name }) => name.endsWith(".js"));
  return {
    ready: page.domContentLoadedEventEnd,
    answered,
    shown,
    answer_to_hits: shown - answered,
    script_kb: scripts.reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0) / 1000,
  };
}"""


def load(browser: Browser, address: str) -> dict[str, float]:
    """Load the page once with an empty cache; milliseconds."""
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(SHOWN)
    page.goto(address)
    measured: dict[str, float] = page.evaluate(MEASURED)
    context.close()
    return measured


@click.command()
@click.argument("library", type=click.Path(exists=True, path_type=Path))
@click.argument("words", default="a dog on the beach")
@click.option("--times", default=9, show_default=True, help="Loads; the first is not counted.")
def main(library: Path, words: str, times: int) -> None:
    """Print the medians and the worst, in milliseconds, as JSON."""
    served = ["-m", "cli", "serve", "--library", str(library), "--port", str(PORT)]
    address = f"http://127.0.0.1:{PORT}/?q={quote(words)}"
    with running(served, f"http://127.0.0.1:{PORT}/readyz"), chromium() as browser:
        loads = [load(browser, address) for _ in range(times + 1)][1:]
    figures = {name: [round(one[name], 1) for one in loads] for name in loads[0]}
    click.echo(json.dumps({n: {"median": median(v), "worst": max(v)} for n, v in figures.items()}))


if __name__ == "__main__":
    main()
