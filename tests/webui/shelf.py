"""A library of ten months, and the filter panel over it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from tests.webui.conftest import serving_media, tone

MONTHS = {
    "2023-01": ["coast/red.png", "coast/blue.png"],
    "2023-03": ["green.png"],
    "2023-06": ["coast/small.txt"],
    "2023-10": ["large.bmp", "long.wav", "short.wav"],
}
"""Which file is of which month; ten months, so that each has a bar of its own."""
BARS = 10


@contextmanager
def serving_shelf(folder: Path) -> Iterator[str]:
    """Index the files in a folder, serve the page over them and give its address."""
    media = folder / "media"
    (media / "coast").mkdir(parents=True)
    for name, colour in (("coast/red", "red"), ("coast/blue", "blue"), ("green", "green")):
        Image.new("RGB", (60, 40), colour).save(media / f"{name}.png")
    Image.new("RGB", (900, 800), "yellow").save(media / "large.bmp")  # 2.2 MB
    (media / "coast" / "small.txt").write_text("a red note")
    tone(media / "short.wav", 1)
    tone(media / "long.wav", 3)
    for month, names in MONTHS.items():
        for name in names:
            seconds = datetime.fromisoformat(f"{month}-10T12:00").timestamp()
            os.utime(media / name, (seconds, seconds))
    with serving_media(folder) as address:
        yield address


def opened(page: Page, address: str) -> Page:
    """Open the filters over a search."""
    page.goto(address)
    page.locator("#filters summary").click()
    expect(page.locator("#bars i").first).to_be_visible()
    return page
