"""The indexer in programs of others, and what a run imports."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from PIL import Image

from tests.decode.test_formats import heic
from tests.indexer.conftest import paint, print_pages

ROOT = Path(__file__).parents[2]
SCRIPT = """
import sys
from pathlib import Path
from indexer.run import index
from retrieval.library import Library
from tests.fakes import FakeEncoder, FakeTranscriber

folder = Path(sys.argv[1])
with Library.open(folder / "library", FakeEncoder(), FakeTranscriber()) as library:
    report = index(library, [folder / "media"])
    print(report.added, report.failures, "cv2" in sys.modules)
"""


def run_script(folder: Path) -> str:
    """Run a script that is not guarded against being imported, with lettering read."""
    script = folder / "script.py"
    script.write_text(SCRIPT)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    del environment["TRIPTYCH_LETTERING"]
    run = subprocess.run(
        [sys.executable, "-W", "error", str(script), str(folder)],
        capture_output=True,
        text=True,
        timeout=300,
        env=environment,
        check=False,
    )
    assert run.returncode == 0 and run.stderr == "", run.stderr
    return run.stdout


def test_a_script_that_is_not_guarded_indexes_what_is_decoded_apart(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media/red.heic").write_bytes(heic(Image.new("RGB", (60, 40), "red")))
    print_pages(tmp_path / "media/plan.pdf", "A plan.")
    assert run_script(tmp_path).startswith("2 () ")


def test_what_reads_lettering_is_imported_once_a_picture_is_met(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media/note.txt").write_text("A note.")
    print_pages(tmp_path / "media/plan.pdf", "A plan.")
    assert run_script(tmp_path) == "2 () False\n"
    paint(tmp_path / "media/red.png")
    assert run_script(tmp_path) == "1 () True\n"
