"""``triptych search`` understands the language of the search box, beside its options."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from indexer.run import index
from retrieval.library import Library
from tests.alike.scenes import CHANGES, scene
from tests.cli.conftest import triptych
from tests.fakes import FakeEncoder, FakeTranscriber

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hold three pictures, of which one lies deeper, and a note."""
    media = tmp_path_factory.mktemp("media")
    (media / "trip").mkdir()
    for name in ("red.png", "blue.png", "trip/green.png"):
        colour = name.rpartition("/")[2].removesuffix(".png")
        Image.new("RGB", (40, 30), colour).save(media / name)
    (media / "note.txt").write_text("A red barn stood by the road.", "utf-8")
    path = tmp_path_factory.mktemp("library")
    with Library.open(path, encoder=FakeEncoder()) as opened:
        index(opened, [media], transcriber=FakeTranscriber())
    return path


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hold a lake, the same in grey, and another lake."""
    media = tmp_path_factory.mktemp("lakes")
    scene(1).save(media / "lake.png")
    CHANGES["grey"](scene(1)).save(media / "grey.png")
    scene(2).save(media / "other.png")
    path = tmp_path_factory.mktemp("library")
    with Library.open(path, encoder=FakeEncoder()) as opened:
        index(opened, [media])
    return path


def found(library: Path, *arguments: str) -> list[str]:
    result = search(library, *arguments)
    assert result.returncode == 0, result.stderr
    return [Path(line.split("\t")[1]).name for line in result.stdout.splitlines()]


def search(library: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "tests.cli.faked", "search", "--library", str(library)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TRIPTYCH_")}
    return subprocess.run(
        [*program, *arguments], capture_output=True, text=True, cwd=ROOT, env=environment
    )


def test_operators_filter(library: Path) -> None:
    assert set(found(library, "red kind:image", "--all")) == {"red.png", "blue.png", "green.png"}
    assert found(library, "red in:trip") == ["green.png"]
    assert found(library, "red after:2001 before:2002") == []


def test_options_rule_where_the_line_contradicts_them(library: Path) -> None:
    assert found(library, "red kind:image", "--kind", "text") == ["note.txt"]
    assert found(library, "red kind:image,text", "--kind", "text") == ["note.txt"]
    assert found(library, "red kind:image after:2001", "--before", "2002-01-01") == []


def test_a_minus_turns_away(library: Path) -> None:
    assert found(library, "--kind", "image", "--", "-red")[-1] == "red.png"
    assert found(library, "green -red kind:image")[0] == "green.png"


def test_an_item_is_named_by_its_number(library: Path) -> None:
    hits = json.loads(search(library, "blue kind:image", "-k", "1", "--json").stdout)["hits"]
    others = found(library, f"like:{hits[0]['item']} kind:image")
    assert set(others) == {"red.png", "green.png"}


def test_plain_takes_the_text_as_it_stands(library: Path) -> None:
    assert len(found(library, "red kind:image in:trip", "--plain", "--all")) == 4


def test_filters_alone_list_what_passes_without_scores(library: Path) -> None:
    result = search(library, "kind:image")
    lines = [line.split("\t") for line in result.stdout.splitlines()]
    assert {Path(path).name for _, path in lines} == {"red.png", "blue.png", "green.png"}
    assert {score for score, _ in lines} == {"-"}
    assert result.stderr == ""
    assert found(library, "", "--in", "trip") == ["green.png"]
    assert json.loads(search(library, "in:trip", "--json").stdout)["hits"][0]["score"] is None


def test_nothing_at_all_is_not_enough(library: Path) -> None:
    result = search(library, "")
    assert (result.returncode, result.stdout) == (2, "")
    assert "Say what to look for" in result.stderr


def test_the_help_shows_the_language() -> None:
    said = triptych("search", "--help").stdout
    for example in ('"red barn"', "-fence", "2:dog", "kind:image", "in:2024", "after:2024-05"):
        assert example in said


def test_what_matches_less_well_is_shown_on_demand(library: Path) -> None:
    good, everything = search(library, "red"), search(library, "red", "--all")
    assert len(good.stdout.splitlines()) < len(everything.stdout.splitlines()) == 4
    assert everything.stdout.startswith(good.stdout)
    assert "--all shows them" in good.stderr
    assert "--all" not in everything.stderr


def test_near_duplicates_are_counted_with_the_hit_they_stand_behind(twins: Path) -> None:
    lines = search(twins, "lake", "--all").stdout.splitlines()
    notes = [line.split("\t")[2:] for line in lines]
    assert sorted(notes) == [[], ["and 1 alike"]]
    hits = json.loads(search(twins, "lake", "--json").stdout)["hits"]
    [one] = [hit for hit in hits if hit["alike"]]
    names = {Path(item["path"]).name for item in (one, *one["alike"])}
    assert names == {"lake.png", "grey.png"}
    assert "item" in one["alike"][0] and "score" not in one["alike"][0]


def test_near_duplicates_are_listed_one_by_one_on_demand(twins: Path) -> None:
    result = search(twins, "lake", "--all", "--unfold")
    assert len(result.stdout.splitlines()) == 3
    assert "alike" not in result.stdout
    assert len(search(twins, "kind:image", "--unfold").stdout.splitlines()) == 3
    assert len(search(twins, "kind:image").stdout.splitlines()) == 2


def test_json_always_has_every_hit(library: Path) -> None:
    body = json.loads(search(library, "red", "--json").stdout)
    assert (len(body["hits"]), body["total"]) == (4, 4)


def test_the_time_is_accounted_for(library: Path) -> None:
    result = search(library, "red", "--timings", "--exact")
    assert "Milliseconds: encode " in result.stderr
    timings = json.loads(search(library, "red", "--json").stdout)["timings"]
    assert list(timings) == ["encode", "filter", "search", "words", "fold", "score", "load"]
