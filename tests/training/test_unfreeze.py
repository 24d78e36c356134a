"""Training the last blocks of an open_clip model along, on small ones with random weights."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from retrieval.encoders.registry import load_encoder
from retrieval.errors import InvalidQuery, TrainingError
from retrieval.training.recipe import Recipe
from retrieval.training.towers import _blocks
from tests.clips import save_clip, save_siglip
from tests.fakes import FakeEncoder
from tests.training.conftest import Run, measured
from tests.training.drawings import write

FAMILIES: dict[str, Callable[[Path], Path]] = {"clip": save_clip, "siglip": save_siglip}
WEIGHTS = "open_clip_model.safetensors"
FAST = {"batch": 16, "tower_rate": 3e-3}


@pytest.fixture(params=FAMILIES)
def model(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return FAMILIES[request.param](tmp_path / request.param)


@pytest.fixture(scope="module")
def short(drawings: Path) -> Path:
    """Give captions that fit a small tokenizer's window."""
    lines = [json.loads(line) for line in drawings.read_text().splitlines()[:120]]
    said = [{**line, "en": [" ".join(line["en"][0].split()[i] for i in (1, -1))]} for line in lines]
    return write(drawings.with_name("short.jsonl"), said)


def test_the_last_blocks_learn_and_the_result_stands_by_itself(
    model: Path, short: Path, run: Run, tmp_path: Path
) -> None:
    base = load_encoder(f"openclip:local-dir:{model}")
    finished = run("out", base, pairs=short, unfreeze=1, epochs=4, rate=5e-3, **FAST)
    assert finished.after.recall > finished.before.recall + 0.02
    before, after = load_file(model / WEIGHTS), load_file(tmp_path / "out" / "towers" / WEIGHTS)
    moved = {name for name in before if not torch.equal(before[name], after[name])}
    assert {name.startswith("visual.") for name in moved} == {True, False}
    assert all("blocks" in name for name in moved)
    shutil.rmtree(model)
    encoder = load_encoder(str((tmp_path / "out").rename(tmp_path / "moved")))
    assert encoder.fingerprint == finished.fingerprint
    assert measured(encoder, short).recall == pytest.approx(finished.after.recall, abs=0.02)


def test_a_stopped_run_goes_on_to_the_very_same_encoder(run: Run, tmp_path: Path) -> None:
    base = load_encoder(f"openclip:local-dir:{save_clip(tmp_path / 'clip')}")
    run("whole", base, unfreeze=1, epochs=2, batch=64)
    run("out", base, unfreeze=1, epochs=1, batch=64)
    run("out", base, unfreeze=1, epochs=2, batch=64)
    for name in ("heads.safetensors", "config.json", f"towers/{WEIGHTS}"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_a_base_without_towers_is_refused_and_told_why() -> None:
    with pytest.raises(InvalidQuery, match="needs the towers of an open_clip model, and fake"):
        Recipe(unfreeze=1).demand_fit(FakeEncoder())


def test_more_blocks_than_there_are_are_refused(run: Run, tmp_path: Path) -> None:
    base = load_encoder(f"openclip:local-dir:{save_clip(tmp_path / 'clip')}")
    with pytest.raises(InvalidQuery, match="--unfreeze 9: the picture tower has 1 transformer"):
        run("out", base, unfreeze=9)


def test_a_copy_that_is_not_the_same_is_not_trained(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = load_encoder(f"openclip:local-dir:{save_clip(tmp_path / 'clip')}")
    monkeypatch.setattr(base, "fingerprint", "of another tokenizer")
    with pytest.raises(TrainingError, match="would not be the same model"):
        run("out", base, unfreeze=1)


@pytest.mark.parametrize("name", ["ViT-B-32", "ViT-B-16-SigLIP", "ViT-B-32-quickgelu"])
def test_the_blocks_of_real_architectures_are_found(name: str) -> None:
    import open_clip
    from open_clip.model import CLIP, CustomTextCLIP

    config = open_clip.get_model_config(name)
    with torch.device("meta"):
        network = (CustomTextCLIP if config.pop("custom_text", False) else CLIP)(**config)
    words = network.text if hasattr(network, "text") else network.transformer
    assert len(_blocks(network.visual)) == len(_blocks(words)) == 12


def test_a_tower_of_convolutions_has_no_blocks_to_train() -> None:
    import open_clip
    from open_clip.model import CLIP

    with torch.device("meta"):
        network = CLIP(**open_clip.get_model_config("RN50"))
    assert _blocks(network.visual) == []
