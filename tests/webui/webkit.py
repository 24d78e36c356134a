"""WebKit, the engine nearest Safari: Debian's small browser for it, driven by its own driver."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium.webdriver import WebKitGTK, WebKitGTKOptions, WebKitGTKService

MINI_BROWSER = next(Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser"), None)
SIZE = (1280, 860)


@contextmanager
def webkit() -> Iterator[WebKitGTK]:
    """Start WebKit on a screen of its own, or skip the test."""
    driver = shutil.which("WebKitWebDriver")
    if not (driver and MINI_BROWSER and shutil.which("Xvfb")):
        if os.environ.get("TRIPTYCH_REQUIRE_BROWSER") == "1":
            pytest.fail("TRIPTYCH_REQUIRE_BROWSER=1, but no WebKit: see .ci/run")
        pytest.skip("no WebKit here: apt install webkit2gtk-driver xvfb")
    options = WebKitGTKOptions()
    options.binary_location = str(MINI_BROWSER)
    options.add_argument("--automation")
    with screen() as display:
        service = WebKitGTKService(
            driver, env={**os.environ, "DISPLAY": display, "LANG": "C.UTF-8"}
        )
        browser = WebKitGTK(options=options, service=service)
        try:
            browser.set_window_size(*SIZE)
            yield browser
        finally:
            browser.quit()


@contextmanager
def screen() -> Iterator[str]:
    """Give the name of a screen that nobody sees, and that ends with who was on it."""
    size = "x".join(map(str, SIZE))
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", f"{size}x24", "-nolisten", "tcp"]
    command.append("-terminate")
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        try:
            number = server.stdout.readline().strip()
            assert number, "Xvfb does not start"
            yield f":{number}"
        finally:
            server.terminate()
