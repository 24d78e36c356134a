"""``triptych evaluate``: the shape of its figures, what it refuses, and how it is stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import EXAMPLES, triptych
from tests.evaluation.sheets import write_sheets

ROOT = Path(__file__).parents[2]
FIGURES = {"recall@1", "recall@5", "recall@10", "median_rank", "mrr", "ndcg@10"}
CAPTIONS = {
    "cat.jpg": ["a cat looks at you", "the face of a tabby cat"],
    "cup-of-coffee.jpg": ["a cup of coffee on a table", "coffee in a white cup"],
    "rocket-launch.jpg": ["a rocket is launched at night", "a rocket takes off"],
    "astronaut.jpg": ["an astronaut in a space suit", "a smiling woman in an orange suit"],
}


@pytest.fixture
def captions(tmp_path: Path) -> Path:
    return write_sheets(tmp_path)


def start(*arguments: object) -> subprocess.Popen[str]:
    """Start the command with fake encoders."""
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "tests.cli.faked", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={k: v for k, v in os.environ.items() if not k.startswith("TRIPTYCH_")},
    )


def evaluate(captions: Path, *options: object) -> tuple[int, str, str]:
    """Measure fake encoders on the sheets, and give status, output and messages."""
    process = start("evaluate", captions, "--images", captions.parent, *options)
    out, errors = process.communicate(timeout=120)
    return process.returncode, out, errors


def body_of(captions: Path, *options: object) -> dict[str, Any]:
    status, out, errors = evaluate(captions, *options, "--json")
    assert (status, errors) == (0, "")
    body: dict[str, Any] = json.loads(out)
    return body


def check_ranking(ranking: dict[str, Any]) -> None:
    assert set(ranking) == FIGURES | {"interval", "queries"}
    assert set(ranking["interval"]) == FIGURES
    for name, (low, high) in ranking["interval"].items():
        assert isinstance(ranking[name], float)
        assert low <= ranking[name] <= high
    assert ranking["recall@1"] <= ranking["recall@5"] <= ranking["recall@10"] <= 1


def test_the_built_in_encoder_s_figures_as_json(tmp_path: Path) -> None:
    file = tmp_path / "captions.jsonl"
    rows = [{"image": k, "en": v, "split": "dev"} for k, v in CAPTIONS.items()]
    rows.append({"image": "absent.jpg", "en": ["not here"], "split": "train"})
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    options = ["--images", EXAMPLES / "pictures", "--captions", "en", "--split", "dev", "--json"]
    result = triptych("evaluate", file, *options)
    assert result.returncode == 0, result.stderr
    body = json.loads(result.stdout)
    assert (body["images"], body["captions"]) == (4, 8)
    for direction in ("text_to_image", "image_to_text", "text_to_text"):
        check_ranking(body[direction])
    for direction in ("text_to_image", "image_to_text"):
        assert 0.5 <= body[direction]["recall@1"] <= body[direction]["recall@10"] == 1


def test_one_field_and_one_encoder_are_one_flat_object(captions: Path) -> None:
    body = body_of(captions, "--captions", "en", "--encoder", "fake", "--split", "dev")
    assert (body["images"], body["captions"]) == (7, 14)
    for direction in ("text_to_image", "image_to_text", "text_to_text"):
        check_ranking(body[direction])
    assert body["text_to_image"]["recall@1"] == 13 / 14
    assert body["text_to_image"]["queries"] == body["text_to_text"]["queries"] == 14
    assert body["image_to_text"]["queries"] == 7
    assert body["encoder"]["name"] == "fake"
    assert body["bootstrap"] == {"level": 0.95, "draws": 1000, "seed": 0}
    twice = ["--captions", "en", "--captions", "en", "--encoder", "fake", "--encoder", "fake"]
    assert body_of(captions, *twice, "--split", "dev") == body


def test_several_of_either_nest_the_same_object(captions: Path) -> None:
    both = ["--captions", "en", "--captions", "zh", "--encoder", "fake", "--encoder", "fake:blind"]
    body = body_of(captions, *both)
    fake, blind = body["encoders"]
    assert [run["encoder"]["name"] for run in body["encoders"]] == ["fake", "fake:blind"]
    alone = body_of(captions, "--captions", "en", "--encoder", "fake")
    assert {
        **fake["fields"]["en"],
        "encoder": fake["encoder"],
        "bootstrap": body["bootstrap"],
    } == alone
    assert fake["fields"]["zh"]["text_to_text"] is None
    check_ranking(fake["across"]["en"]["zh"])
    assert "difference_to_first" not in fake
    lost = blind["difference_to_first"]["fields"]["en"]["text_to_image"]
    assert lost["recall@1"] == -15 / 16
    assert lost["interval"]["recall@1"][1] < 0
    same = blind["difference_to_first"]["across"]["zh"]["en"]
    assert (same["mrr"], same["interval"]["mrr"]) == (0, [0, 0])


def test_the_table_sets_encoders_side_by_side(captions: Path) -> None:
    both = ["--captions", "en", "--captions", "zh", "--encoder", "fake", "--encoder", "fake:blind"]
    status, out, errors = evaluate(captions, *both)
    assert (status, errors) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "en: 8 pictures, 16 captions"
    assert lines[2].split() == ["text→image", "fake", "fake:blind"]
    assert lines[3].split()[:2] == ["recall@1", "0.938"]
    assert lines[3].endswith("0.000 (0.000–0.000)")
    assert "zh→en" in out


def test_the_report_is_written_beside_the_figures(captions: Path, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    status, out, errors = evaluate(captions, "--captions", "en", "--encoder", "fake",
                                   "--json", "--report", page)  # fmt: skip
    assert status == 0
    assert json.loads(out)["images"] == 8
    assert errors == f"The report is in {page}.\n"
    assert page.read_text("utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("options", "status", "says"),
    [
        (["--captions", "fr"], 2, "line 1"),
        (["--captions", "image"], 2, "not a list of texts"),
        (["--captions", "en", "--split", "test"], 2, "has no captions"),
        (["--captions", "en", "--report", "/nowhere/report.html"], 2, "no folder /nowhere"),
        (["--captions", "en", "--encoder", "fake:slow", "--encoder", "b"], 1, "no encoder 'b'"),
        (["--encoder", "fake"], 2, "Missing option '--captions'"),
    ],
)
def test_what_it_cannot_use_is_named(
    captions: Path, options: list[str], status: int, says: str
) -> None:
    result = evaluate(captions, *options)
    assert result[:2] == (status, "")
    assert says in result[2]
    assert "Traceback" not in result[2]


def test_a_picture_that_is_absent_is_named(captions: Path) -> None:
    (captions.parent / "red.png").unlink()
    status, out, errors = evaluate(captions, "--captions", "en", "--encoder", "fake")
    assert (status, out) == (1, "")
    assert "red.png" in errors


def test_ctrl_c_ends_it(captions: Path) -> None:
    options = ["--images", captions.parent, "--captions", "en", "--encoder", "fake:slow"]
    process = start("evaluate", captions, *options)
    assert process.stderr is not None
    assert process.stderr.readline() == "begun\n"
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in errors
