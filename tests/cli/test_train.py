"""``triptych train`` as a shell runs it: to an encoder that indexes and searches."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import triptych
from tests.training.drawings import draw, write

FAKED = [sys.executable, "-m", "tests.cli.faked", "train"]


@pytest.fixture(scope="module")
def drawings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw(tmp_path_factory.mktemp("drawings"), 120)


def faked(drawings: Path, out: Path, *options: str) -> subprocess.Popen[str]:
    """Start training on the fake encoder."""
    images = drawings.parent / "images"
    command = [*FAKED, drawings, "--images", images, "--base", "fake", "--out", out, *options]
    environment = {**os.environ, "PYTHONWARNINGS": "error", "TRIPTYCH_THREADS": "1"}
    return subprocess.Popen(
        list(map(str, command)), stdout=-1, stderr=-1, text=True, env=environment
    )


def test_the_built_in_encoder_learns_in_minutes_and_the_result_searches(
    drawings: Path, tmp_path: Path
) -> None:
    images, mine = drawings.parent / "images", tmp_path / "mine"
    options = ["--images", images, "--out", mine, "--validate", "0.25", "--epochs", "6"]
    result = triptych("train", drawings, *options)
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith(f"The encoder is in {mine}; see MODEL_CARD.md there.\n")
    [before, after] = re.search(r"text→image  (\S+) %  →  (\S+) %", result.stdout).groups()
    assert float(after.split("/")[1]) > float(before.split("/")[1]) + 20
    assert "epoch 6, loss " in result.stderr

    few, library = tmp_path / "few", tmp_path / "library"
    few.mkdir()
    for number in range(8):
        shutil.copy(images / f"{number}.png", few)
    result = triptych("index", few, "--library", library, "--encoder", mine)
    assert result.returncode == 0, result.stderr
    line = json.loads(drawings.read_text().splitlines()[0])
    result = triptych("search", line["en"][0], "--library", library, "--json", "-k", "3")
    assert result.returncode == 0, result.stderr
    paths = [hit["path"] for hit in json.loads(result.stdout)["hits"]]
    assert any(path.endswith("0.png") for path in paths)

    mine.rename(tmp_path / "elsewhere")
    result = triptych("search", "red", "--library", library)
    assert result.returncode == 1
    assert f"{mine}: its directory was moved or deleted" in result.stderr


def test_ctrl_c_ends_with_130_and_the_same_command_goes_on(drawings: Path, tmp_path: Path) -> None:
    run = faked(drawings, tmp_path / "out", "--epochs", "6")
    for line in run.stderr:
        if line.startswith("epoch 2"):
            break
    run.send_signal(signal.SIGINT)
    _, errors = run.communicate(timeout=60)
    assert run.returncode == 130, errors
    assert "run the same command to go on" in errors
    assert not (tmp_path / "out" / "config.json").exists()
    again = faked(unusable_too(drawings), tmp_path / "out", "--epochs", "6")
    _, errors = again.communicate(timeout=60)
    assert again.returncode == 0, errors
    assert "Going on after epoch " in errors
    for name in ("torn.png", "absent.png"):
        assert f"Left out: {name}: " in errors


def unusable_too(drawings: Path) -> Path:
    """Add lines whose pictures cannot be used, so that the pairs to train on are the same."""
    (drawings.parent / "images" / "torn.png").write_bytes(b"torn")
    lines = [json.loads(line) for line in drawings.read_text().splitlines()]
    more = [{"image": name, "en": ["a picture"]} for name in ("torn.png", "absent.png")]
    return write(drawings.with_name("more.jsonl"), [*lines, *more])


@pytest.mark.parametrize(
    ("options", "status", "says"),
    [
        (["--unfreeze", "1"], 2, "--unfreeze needs the towers of an open_clip model"),
        (["--captions", "fr"], 2, "pairs.jsonl, line 1"),
        (["--validate", "1"], 2, "--validate"),
        (["--loss", "other"], 2, "--loss"),
        (["--base", "nothing"], 1, "There is no encoder 'nothing'"),
    ],
)
def test_what_cannot_be_done_is_said(
    drawings: Path, tmp_path: Path, options: list[str], status: int, says: str
) -> None:
    process = faked(drawings, tmp_path / "out", *options)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == status, errors
    assert says in errors
    assert "Traceback" not in errors
