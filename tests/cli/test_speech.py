"""Real recordings are found by what is said in them, at the right second."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copy

import pytest

from tests.cli.conftest import triptych
from tests.sounds import real_speech, silence

RECORDINGS = ("beckett.wav", "two_cities.wav", "endgame_nagg_nell.wav")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("speech")
    media = folder / "media"
    media.mkdir()
    for name in RECORDINGS:
        copy(real_speech(name), media / name)
    silence(media / "silence.wav", seconds=20)
    result = triptych("index", media, "--library", folder / "library")
    assert result.returncode == 0, result.stderr
    assert "4 added" in result.stderr
    return folder / "library"


@pytest.mark.parametrize(
    ("words", "file", "second"),
    [
        ("try again, fail again, fail better", "beckett.wav", 7),
        ("the best of times and the worst of times", "two_cities.wav", 3),
        ("spring of hope, winter of despair", "two_cities.wav", 19),
        ("going direct to heaven", "two_cities.wav", 26),
        ("do you hear me", "endgame_nagg_nell.wav", 3),
        ("you fetched me from a ditch", "endgame_nagg_nell.wav", 26),
        ("失败得更好", "beckett.wav", 7),
    ],
)
def test_words_lead_to_the_second_they_are_said(
    library: Path, words: str, file: str, second: int
) -> None:
    [hit] = json.loads(triptych("search", words, "--library", library, "-k", 1, "--json").stdout)[
        "hits"
    ]
    assert Path(hit["path"]).name == file
    assert hit["start"] - 1 <= second <= hit["end"] + 1
    assert hit["end"] - hit["start"] <= 12


def test_silence_is_in_the_library_but_answers_nothing(library: Path) -> None:
    info = json.loads(triptych("info", "--library", library, "--json").stdout)
    assert info["by_kind"] == {"audio": 4}
    answer = json.loads(triptych("search", "you", "--library", library, "--json").stdout)
    assert {Path(hit["path"]).name for hit in answer["hits"]} == set(RECORDINGS)
