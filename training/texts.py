"""What the frozen e5 makes of every caption, kept on disk, one folder of files a group.

The groups come in the order in which training can use them, and each is whole once its
``texts.json`` is there, so a first training need not wait for the last.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from pydoc_data.topics import topics

import numpy as np
import onnx
import onnxruntime as ort
from timm.data import ImageNetInfo
from tokenizers import Tokenizer

from training.e5 import LAYERS, PREFIX, WIDTH, read_e5
from training.features import CACHE
from training.photos import Photo, read_photos
from training.sentences import SENTENCES
from training.text_graph import Graph, finish, frozen_tower, mean_pool
from training.vocabulary import choose_pieces, make_tokenizer, save_tokenizer

WINDOW = 256
BRANCH = LAYERS - 2  # the trained layers start from this hidden state
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


def build(weights: Path, threads: int) -> tuple[Tokenizer, ort.InferenceSession]:
    """Write ``frozen.onnx`` and ``tokenizer.json`` to the cache, and open them."""
    e5 = read_e5(weights)
    kept = choose_pieces(e5.pieces, e5.scores)
    np.save(CACHE / "kept.npy", kept)
    tokenizer = make_tokenizer(e5.pieces, e5.scores, kept)
    save_tokenizer(tokenizer, CACHE / "tokenizer.json")
    graph = Graph()
    states = frozen_tower(graph, e5, kept, WINDOW)
    pooled = mean_pool(graph, states[-1], "pooled")
    tokens: list[int | str] = ["n", "t", WIDTH]
    model = finish(graph, {pooled: ["n", WIDTH], states[BRANCH]: tokens, states[-1]: tokens})
    onnx.save(model, CACHE / "frozen.onnx")
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    return tokenizer, ort.InferenceSession(CACHE / "frozen.onnx", options)


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


def encode(
    tokenizer: Tokenizer, session: ort.InferenceSession, texts: list[str], folder: Path
) -> None:
    """Write pooled ``[n, 384]`` and, row after row, two hidden states of all tokens."""
    ids = [row.ids for row in tokenizer.encode_batch([PREFIX + text for text in texts])]
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
            inputs = {"input_ids": block, "attention_mask": np.ones_like(block)}
            pooled[part], below, above = session.run(None, inputs)
            for i, b, a in zip(part, below, above, strict=True):
                branch[ends[i] - length : ends[i]], last[ends[i] - length : ends[i]] = b, a
    np.save(folder / "pooled.npy", pooled)
    np.save(folder / "ends.npy", ends)
    (folder / "texts.json").write_text(json.dumps(texts, ensure_ascii=False))


def main() -> None:
    """Encode every group that the cache does not hold yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--weights", type=Path, required=True, help="e5-small-q4.bin")
    parser.add_argument("--groups", nargs="+", choices=GROUPS, default=GROUPS)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    CACHE.mkdir(exist_ok=True)
    tokenizer, session = build(args.weights, args.threads)
    wanted = groups(read_photos(args.data))
    for name in args.groups:
        texts, start = wanted[name], time.monotonic()
        if not (CACHE / "texts" / name / "texts.json").exists():
            encode(tokenizer, session, texts, CACHE / "texts" / name)
        print(f"{name}: {len(texts)} texts, {time.monotonic() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
