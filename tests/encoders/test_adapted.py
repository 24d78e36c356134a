"""An encoder from a directory: the same vectors without torch, and what is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.numpy import load_file, save_file

from retrieval.encoders.adapted import AdaptedEncoder, Identity, Manifest, digest
from retrieval.encoders.protocol import Encoder
from retrieval.encoders.registry import load_encoder
from retrieval.errors import EncoderMismatch, InvalidQuery, ModelUnavailable
from retrieval.library import Library
from retrieval.training.heads import Head
from tests.fakes import DIM, FakeEncoder
from tests.shelf import random_vectors

PICTURES = [Image.new("RGB", (20, 20), colour) for colour in ("red", "white", "blue")]


class Referring(FakeEncoder):
    """Has references."""

    def reference_images(self) -> np.ndarray:
        return random_vectors(5)

    def reference_texts(self) -> np.ndarray:
        return random_vectors(5, seed=1)


def fake(_: str) -> Encoder:
    return Referring()


@pytest.fixture
def heads() -> dict[str, Head]:
    torch.manual_seed(0)
    heads = {tower: Head(DIM, dropout=0.5).eval() for tower in ("image", "text")}
    for head in heads.values():
        torch.nn.init.normal_(head.narrow.weight, std=0.1)
    return heads


@pytest.fixture
def folder(tmp_path: Path, heads: dict[str, Head]) -> Path:
    path = tmp_path / "mine"
    path.mkdir()
    tensors = {
        f"{tower}.{name}": tensor.numpy()
        for tower, head in heads.items()
        for name, tensor in head.state_dict().items()
    }
    save_file(tensors, path / "heads.safetensors")
    base = Identity(name="fake", revision="1", fingerprint="fake-1")
    manifest = Manifest(fingerprint=digest(tensors, "fake-1"), dim=DIM, base=base, towers=None)
    (path / "config.json").write_text(manifest.model_dump_json())
    return path


def test_its_vectors_are_those_of_training(folder: Path, heads: dict[str, Head]) -> None:
    base, encoder = Referring(), AdaptedEncoder(folder, fake)
    texts = ["a red thing", "蓝色的东西"]
    for tower, found, before in (
        ("image", encoder.encode_images(PICTURES), base.encode_images(PICTURES)),
        ("text", encoder.encode_texts(texts), base.encode_texts(texts)),
        ("image", encoder.reference_images(), base.reference_images()),
        ("text", encoder.reference_texts(), base.reference_texts()),
    ):
        with torch.inference_mode():
            expected = heads[tower](torch.from_numpy(before)).numpy()
        np.testing.assert_allclose(found, expected, atol=1e-6)
        assert found.dtype == np.float32
        assert np.abs(found - before).max() > 0.01
    single = np.vstack([encoder.encode_texts([text]) for text in texts])
    np.testing.assert_allclose(encoder.encode_texts(texts), single, atol=1e-6)
    assert encoder.encode_images([]).shape == (0, DIM)


def test_it_is_known_by_its_path_and_by_what_is_in_it(folder: Path) -> None:
    encoder = AdaptedEncoder(folder, fake)
    assert encoder.name == str(folder)
    assert encoder.fingerprint.startswith(encoder.revision)
    assert (encoder.dim, encoder.text_window) == (DIM, 64)
    assert encoder.count_tokens(["a b", ""]) == [2, 0]
    with pytest.raises(InvalidQuery):
        encoder.encode_texts(["word " * 65])


def test_a_library_is_bound_to_its_fingerprint(folder: Path, tmp_path: Path) -> None:
    Library.open(tmp_path / "library", AdaptedEncoder(folder, fake)).close()
    moved = folder.rename(tmp_path / "moved")
    Library.open(tmp_path / "library", AdaptedEncoder(moved, fake)).close()
    with pytest.raises(EncoderMismatch):
        Library.open(tmp_path / "library", FakeEncoder())
    gone = pytest.raises(ModelUnavailable, match=f"{folder}: its directory was moved")
    with Library.open(tmp_path / "library") as opened, gone:
        _ = opened.encoder


def test_another_base_is_refused(folder: Path) -> None:
    other = FakeEncoder()
    other.fingerprint = "newer"
    with pytest.raises(EncoderMismatch, match="was trained on fake, fingerprint fake-1"):
        AdaptedEncoder(folder, lambda _: other)


def spoil_weights(folder: Path) -> None:
    tensors = load_file(folder / "heads.safetensors")
    tensors["text.narrow.bias"] = tensors["text.narrow.bias"] + 1
    save_file(tensors, folder / "heads.safetensors")


def spoil_config(**fields: object) -> Callable[[Path], object]:
    def spoil(folder: Path) -> None:
        file = folder / "config.json"
        file.write_text(json.dumps({**json.loads(file.read_text()), **fields}))

    return spoil


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (spoil_weights, "not the file that config.json was written for"),
        (lambda f: (f / "heads.safetensors").write_bytes(b"torn"), "heads.safetensors"),
        (lambda f: (f / "heads.safetensors").unlink(), "heads.safetensors"),
        (lambda f: (f / "config.json").unlink(), "no encoder that is finished"),
        (lambda f: (f / "config.json").write_text("{"), "config.json cannot be used"),
        (lambda f: (f / "config.json").write_text("{}"), "fingerprint: Field required"),
        (spoil_config(version=2), "version: Input should be 1"),
        (spoil_config(format="x"), "format: "),
        (spoil_config(dim="many"), "dim: "),
        (spoil_config(base={"name": "fake"}), "base.revision: "),
        (spoil_config(dim=DIM + 1), "dim: 33, and the base has 32"),
    ],
)
def test_a_directory_that_is_not_whole_is_refused(
    folder: Path, spoil: Callable[[Path], object], says: str
) -> None:
    spoil(folder)
    with pytest.raises(ModelUnavailable, match=says) as caught:
        AdaptedEncoder(folder, fake)
    assert str(folder) in str(caught.value)


def test_a_directory_that_has_taken_its_base_s_place_is_refused(folder: Path) -> None:
    spoil_config(base={"name": str(folder), "revision": "1", "fingerprint": "fake-1"})(folder)
    with pytest.raises(ModelUnavailable, match="it names this directory itself"):
        load_encoder(str(folder))


def test_the_registry_takes_a_path(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="There is no encoder 'fake'"):
        load_encoder(str(folder))  # whose base is no encoder of this world
    with pytest.raises(ModelUnavailable, match="was moved or deleted"):
        load_encoder(str(tmp_path / "nowhere"))
    with pytest.raises(ModelUnavailable, match="no encoder that is finished"):
        load_encoder(str(tmp_path))


def test_no_torch_is_imported() -> None:
    program = "import sys, retrieval.encoders.adapted; print('torch' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert result.stdout.strip() == "False"
