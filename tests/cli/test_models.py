"""``triptych models`` and the names that other commands take from it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from retrieval.encoders.openclip.curated import ALIASES, curated
from tests.cli.conftest import EXAMPLES, triptych
from tests.clips import put_in_cache


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty cache of Hugging Face's to the commands."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def listed(*options: str) -> dict[str, dict[str, Any]]:
    result = triptych("models", "--json", *options)
    assert (result.returncode, result.stderr) == (0, "")
    return {model["name"]: model for model in json.loads(result.stdout)["models"]}


def test_the_table_names_every_model_and_alias(cache: Path) -> None:
    result = triptych("models")
    assert (result.returncode, result.stderr) == (0, "")
    heading, builtin, *rows = result.stdout.splitlines()
    assert heading.split() == [
        *("alias", "name", "dim", "pixels", "params", "languages", "licence"),
        *("Flickr30k", "COCO", "here"),
    ]
    assert builtin.split()[0] == "builtin"
    assert builtin.endswith("yes")
    assert len(rows) == len(curated()) >= 10
    for alias, name in ALIASES.items():
        [row] = [row for row in rows if row.startswith(f"{alias} ")]
        assert row.split()[1] == name
        assert row.endswith("no")
    assert "0.668  0.393" in rows[0]


def test_json_tells_recalls_and_their_source(cache: Path) -> None:
    models = listed()
    assert len(models) == len(curated()) + 1
    fast = models["openclip:ViT-B-32/laion2b_s34b_b79k"]
    assert fast["alias"] == "fast"
    assert fast["dimension"] == 512
    assert fast["flickr30k"]["text_to_image"] == {
        "recall@1": 0.6678,
        "recall@5": 0.8838,
        "recall@10": 0.931,
    }
    assert fast["source"].endswith("openclip_retrieval_results.csv")
    many = models["openclip:ViT-B-16-SigLIP2-256/webli"]
    assert many["flickr30k"] is None
    assert many["coco"]["image_to_text"] == {"recall@1": 0.697}


def test_a_model_is_here_when_all_its_files_are(cache: Path, tmp_path: Path) -> None:
    weights, words = tmp_path / "open_clip_model.safetensors", tmp_path / "tokenizer.json"
    weights.touch()
    words.touch()
    put_in_cache(cache, "laion/CLIP-ViT-B-32-laion2B-s34B-b79K", weights)
    put_in_cache(cache, "timm/ViT-SO400M-14-SigLIP-384", weights)
    here = {name for name, model in listed().items() if model["on_this_machine"]}
    assert here == {"builtin", "openclip:ViT-B-32/laion2b_s34b_b79k"}
    put_in_cache(cache, "timm/ViT-B-16-SigLIP", words)
    assert listed()["openclip:ViT-SO400M-14-SigLIP-384/webli"]["on_this_machine"]


def test_all_of_open_clip_follows_the_curated(cache: Path) -> None:
    import open_clip

    models = listed("--all")
    names = {f"openclip:{name}/{tag}" for name, tag in open_clip.list_pretrained()}
    assert set(models) == names | {"builtin"}
    assert list(models)[1:2] == ["openclip:ViT-B-32/laion2b_s34b_b79k"]
    other = models["openclip:RN50/openai"]
    assert (other["dimension"], other["image_size"], other["licence"]) == (1024, 224, None)


def test_the_list_imports_nothing_heavy() -> None:
    program = (
        "import sys\n"
        "from cli.main import run\n"
        "try: run(['models'], prog_name='triptych')\n"
        "except SystemExit: pass\n"
        "print(sorted({'torch', 'open_clip', 'onnxruntime', 'faiss'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert result.stdout.splitlines()[-1] == "[]", result.stderr


def test_an_alias_that_is_not_here_says_how_to_get_it(cache: Path, tmp_path: Path) -> None:
    result = triptych(
        "index", EXAMPLES, "--encoder", "balanced", "--library", tmp_path / "library", timeout=60
    )
    assert (result.returncode, result.stdout) == (1, "")
    assert "openclip:ViT-B-16-SigLIP/webli is not on this machine" in result.stderr
    assert "hf download timm/ViT-B-16-SigLIP --cache-dir models" in result.stderr
    assert f"to {cache} on this one" in result.stderr
    assert not (tmp_path / "library").exists()
