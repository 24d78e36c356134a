"""The open_clip encoder, on small models with random weights saved as local directories."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from retrieval.encoders.protocol import Encoder
from retrieval.encoders.registry import load_encoder
from retrieval.errors import InvalidQuery, ModelUnavailable
from retrieval.library import Library
from retrieval.settings import settings
from retrieval.split import split
from tests.clips import SIGLIP, change, put_in_cache, save_clip, save_siglip

ROOT = Path(__file__).parents[3]
WIDE = Image.linear_gradient("L").rotate(90).resize((300, 90)).convert("RGB")
PROSE = "The quick brown fox jumps over the lazy dog, and a red cat sits on the green mat. " * 20


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_clip(tmp_path_factory.mktemp("clip"))


@pytest.fixture(scope="module")
def siglip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_siglip(tmp_path_factory.mktemp("siglip"))


@pytest.fixture
def precision(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Give a way to set TRIPTYCH_PRECISION, which is forgotten afterwards."""
    settings.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    settings.cache_clear()


def load(directory: Path) -> Encoder:
    return load_encoder(f"openclip:local-dir:{directory}")


def cosine(a: np.ndarray, b: np.ndarray) -> float:
    return float((a * b).sum(axis=1).min())


@pytest.mark.parametrize(("family", "dim"), [("clip", 32), ("siglip", 64)])
def test_a_local_model_encodes_pictures_and_texts_into_one_space(
    family: str, dim: int, request: pytest.FixtureRequest
) -> None:
    encoder = load(request.getfixturevalue(family))
    pictures = encoder.encode_images([Image.new("RGB", (50, 40), c) for c in ("red", "blue")])
    texts = encoder.encode_texts(["a red thing", "蓝色的东西"])
    assert pictures.shape == texts.shape == (2, encoder.dim) == (2, dim)
    assert pictures.dtype == texts.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(np.vstack([pictures, texts]), axis=1), 1, atol=1e-5)
    assert encoder.encode_images([]).shape == encoder.reference_texts().shape == (0, dim)
    np.testing.assert_allclose(encoder.encode_texts(["a red thing"]), texts[:1], atol=1e-5)


def test_a_siglip_s_pictures_are_squashed_and_its_words_made_plain(siglip: Path) -> None:
    encoder = load(siglip)
    squashed = WIDE.resize((160, 160), Image.Resampling.BICUBIC)
    np.testing.assert_allclose(*encoder.encode_images([WIDE, squashed]), atol=1e-6)
    np.testing.assert_array_equal(
        *encoder.encode_texts(["A Red CAT, on the mat!", "a red cat on the mat"])
    )


def test_a_clip_s_pictures_are_cropped(clip: Path) -> None:
    encoder = load(clip)
    squashed = WIDE.resize((32, 32), Image.Resampling.BICUBIC)
    middle = WIDE.crop((105, 0, 195, 90)).resize((32, 32), Image.Resampling.BICUBIC)
    whole, cropped, squeezed = encoder.encode_images([WIDE, middle, squashed])
    assert whole @ cropped > 0.9999 > whole @ squeezed


def test_the_fingerprint_is_of_all_that_decides_on_a_vector(clip: Path, tmp_path: Path) -> None:
    once = load(clip)
    assert load(clip).fingerprint == once.fingerprint
    assert once.fingerprint.startswith(once.revision)
    others = {once.fingerprint, load(save_clip(tmp_path / "weights", seed=1)).fingerprint}
    for name, part, fields in [
        ("mean", "preprocess_cfg", {"mean": [0.4, 0.4, 0.4]}),
        ("resize", "preprocess_cfg", {"resize_mode": "squash"}),
        ("gelu", "model_cfg", {"quick_gelu": True}),
        ("words", "text_cfg", {"tokenizer_kwargs": {"clean": "whitespace"}}),
    ]:
        changed = Path(shutil.copytree(clip, tmp_path / name))
        change(changed, **{part: fields})
        others.add(load(changed).fingerprint)
    assert len(others) == 6


def test_half_the_bits_give_nearly_the_same_vectors(
    siglip: Path, precision: pytest.MonkeyPatch
) -> None:
    pictures, texts = [WIDE, Image.new("RGB", (64, 64), "green")], ["a red cat", "the lazy dog"]
    found = []
    for wanted in ("fp32", "bf16"):
        precision.setenv("TRIPTYCH_PRECISION", wanted)
        settings.cache_clear()
        encoder = load(siglip)
        rows = np.vstack([encoder.encode_images(pictures), encoder.encode_texts(texts)])
        assert rows.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
        found.append((rows, encoder.fingerprint))
    (exact, one), (rounded, other) = found
    assert 0.999 < cosine(exact, rounded) < 1
    assert not np.array_equal(exact, rounded)
    assert one == other


@pytest.mark.parametrize("family", ["clip", "siglip"])
def test_text_beyond_the_window_is_refused_not_cut(
    family: str, request: pytest.FixtureRequest
) -> None:
    encoder = load(request.getfixturevalue(family))
    assert encoder.text_window == 16
    marks = {"clip": 2, "siglip": 1}[family]
    assert encoder.count_tokens(["", "a cat"]) == [marks, marks + 2]
    full = "a " * (16 - marks)
    assert encoder.count_tokens([full]) == [16]
    assert not np.allclose(*encoder.encode_texts([full, full.removesuffix("a ") + "cat"]))
    with pytest.raises(InvalidQuery, match="17 tokens does not fit the 16"):
        encoder.encode_texts(["a " + full])


@pytest.mark.parametrize("family", ["clip", "siglip"])
def test_long_text_is_split_into_windows_that_hold_it_all(
    family: str, request: pytest.FixtureRequest
) -> None:
    encoder = load(request.getfixturevalue(family))
    spans = split(PROSE, encoder)
    assert max(encoder.count_tokens([PROSE[start:end] for start, end in spans])) <= 16
    covered = {place for start, end in spans for place in range(start, end)}
    assert all(PROSE[place].isspace() for place in set(range(len(PROSE))) - covered)
    assert encoder.encode_texts([PROSE[start:end] for start, end in spans]).shape[0] == len(spans)


def test_a_library_keeps_the_directory_s_whole_path(
    clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(clip.parent)
    encoder = load_encoder(f"openclip:local-dir:{clip.name}")
    with Library.open(tmp_path / "library", encoder) as library:
        assert library.binding.name == f"openclip:local-dir:{clip}"
    monkeypatch.chdir(tmp_path)
    with Library.open_existing(tmp_path / "library") as library:
        assert library.encoder.fingerprint == encoder.fingerprint


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nonsense", "There is no encoder 'nonsense'. Use builtin, fast, balanced, best"),
        ("openclip:", "There is no encoder 'openclip:'"),
        ("openclip:ViT-B-32-256", "names no weights. Try ViT-B-32-256/datacomp_s34b_b86k; "),
        ("openclip:ViT-B-32-256/laion", "names no weights of ViT-B-32-256. Try"),
        ("openclip:ViT-B-23/openai", "is no model of open_clip. Try .*ViT-B-32/openai"),
        ("openclip:local-dir:/nowhere", "/nowhere/open_clip_config.json cannot be read"),
    ],
)
def test_a_model_that_is_not_there_says_what_to_do(name: str, says: str) -> None:
    with pytest.raises(ModelUnavailable, match=says):
        load_encoder(name)


@pytest.mark.parametrize("damage", ["torn", "of another architecture"])
def test_weights_that_do_not_fit_are_named(damage: str, clip: Path, tmp_path: Path) -> None:
    broken = Path(shutil.copytree(clip, tmp_path / "broken"))
    if damage == "torn":
        file = broken / "open_clip_model.safetensors"
        file.write_bytes(file.read_bytes()[:1000])
    else:
        change(broken, model_cfg={"embed_dim": 64})
    with pytest.raises(ModelUnavailable, match=r"cannot be loaded from .*open_clip_model"):
        load(broken)


OFFLINE = """
import json, socket, sys
tried = []
def refuse(*arguments, **_):
    tried.append(str(arguments))
    raise OSError("the test allows no connection")
socket.socket.connect = socket.socket.connect_ex = refuse
socket.getaddrinfo = socket.create_connection = refuse

import open_clip
from open_clip.pretrained import _PRETRAINED, _slpcfg
open_clip.add_model_config(sys.argv[1])
_PRETRAINED["tiny-siglip"] = {"webli": _slpcfg(hf_hub="tests/weights/")}

from retrieval.encoders.registry import load_encoder
local, named = (load_encoder(name) for name in sys.argv[2:])
vector = named.encode_texts(["A cat!"]).tolist()
assert local.encode_texts(["A cat!"]).tolist() == vector
print(json.dumps([tried, local.fingerprint, named.fingerprint, named.name]))
"""


def test_models_that_are_here_are_loaded_without_a_connection(siglip: Path, tmp_path: Path) -> None:
    """Also: a bare file from the cache is prepared as the registry says, not as a first CLIP."""
    put_in_cache(tmp_path, "tests/weights", siglip / "open_clip_model.safetensors")
    tokenizer = [siglip / "tokenizer.json", siglip / "tokenizer_config.json"]
    put_in_cache(tmp_path, "tests/siglip", *tokenizer)
    (tmp_path / "tiny-siglip.json").write_text(json.dumps(SIGLIP))
    names = [f"openclip:local-dir:{siglip}", "openclip:tiny-siglip/webli"]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("TRIPTYCH_", "HF_"))}
    result = subprocess.run(
        [sys.executable, "-c", OFFLINE, str(tmp_path / "tiny-siglip.json"), *names],
        env={**environment, "HF_HUB_CACHE": str(tmp_path)},
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert result.returncode == 0, result.stderr
    tried, local, named, name = json.loads(result.stdout.splitlines()[-1])
    assert tried == []
    assert local == named
    assert name == "openclip:tiny-siglip/webli"
