"""``triptych duplicates`` lists what may be tidied up, and touches nothing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from indexer.run import index
from retrieval.library import Library
from tests.alike.scenes import CHANGES, scene
from tests.cli.conftest import triptych
from tests.fakes import FakeEncoder, FakeTranscriber

LETTER = "Dear neighbours, the barn by the road will be painted red next week, so mind the wet oak."


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hold a photo in four versions, a copy of another, and a letter saved twice."""
    media = tmp_path_factory.mktemp("media")
    (media / "phone").mkdir()
    scene(1).save(media / "lake.png")
    CHANGES["halved"](scene(1)).save(media / "phone" / "small.png")
    CHANGES["grey"](scene(1)).save(media / "phone" / "grey.jpg")
    CHANGES["mirrored"](scene(1)).save(media / "mirrored.png")
    scene(2).save(media / "hill.png")
    shutil.copy(media / "hill.png", media / "phone" / "hill copy.png")
    scene(3).save(media / "alone.png")
    (media / "letter.txt").write_text(LETTER * 3, "utf-8")
    (media / "letter (1).txt").write_text(LETTER * 3 + " Yours, Ann", "utf-8")
    return media


@pytest.fixture(scope="module")
def library(media: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("library")
    with Library.open(path, encoder=FakeEncoder()) as opened:
        index(opened, [media], transcriber=FakeTranscriber())
    return path


def groups(library: Path, *arguments: str) -> list[list[tuple[str, str]]]:
    result = triptych("duplicates", "--library", library, *arguments)
    assert result.returncode == 0, result.stderr
    parts = [part.splitlines() for part in result.stdout.split("\n\n") if part]
    rows = [[line.split("\t") for line in lines] for lines in parts]
    return [[(likeness, Path(path).name) for _, likeness, path in group] for group in rows]


def test_groups_come_with_their_best_first(library: Path) -> None:
    hill, letter, lake = sorted(groups(library), key=lambda group: group[0][1])
    assert hill == [("best", "hill.png"), ("copy", "hill copy.png")]
    assert letter == [("best", "letter (1).txt"), ("like", "letter.txt")]
    assert [likeness for likeness, _ in lake] == ["best", "like", "like", "like"]
    assert {name for _, name in lake} == {"lake.png", "mirrored.png", "small.png", "grey.jpg"}
    assert lake[-1][1] == "small.png"


def test_only_copies_of_the_very_bytes(library: Path) -> None:
    assert groups(library, "--copies") == [[("best", "hill.png"), ("copy", "hill copy.png")]]


def test_a_kind_and_a_folder_restrict(library: Path) -> None:
    assert groups(library, "--kind", "text") == [
        [("best", "letter (1).txt"), ("like", "letter.txt")]
    ]
    assert groups(library, "--in", "phone") == [[("best", "grey.jpg"), ("like", "small.png")]]
    assert groups(library, "--kind", "audio") == []


def test_sizes_are_the_files_and_a_summary_goes_to_standard_error(
    library: Path, media: Path
) -> None:
    result = triptych("duplicates", "--library", library)
    for line in result.stdout.splitlines():
        if line:
            size, _, path = line.split("\t")
            assert Path(path).stat().st_size == int(size)
    assert result.stderr.startswith("8 files in 3 groups; without all but the best, ")
    assert len(list(media.rglob("*.*"))) == 9
    assert triptych("duplicates", "--library", library, "--in", "none").stderr == "No duplicates.\n"


def test_json_has_the_same_groups(library: Path) -> None:
    body = json.loads(triptych("duplicates", "--library", library, "--json").stdout)
    assert (body["ok"], body["total"], len(body["groups"])) == (True, 3, 3)
    assert body["spare"] == sum(group["spare"] for group in body["groups"])
    spare = [group["spare"] for group in body["groups"]]
    assert spare == sorted(spare, reverse=True)
    for group in body["groups"]:
        assert [item["likeness"] for item in group["items"]].index("best") == 0
        assert group["spare"] == sum(item["size"] for item in group["items"][1:])
