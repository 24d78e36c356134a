"""Time and size of the word indexes over a million short texts.

    python -m benchmarks.words --captions CAPTIONS.jsonl

The texts are halves of two captions each, seven in ten English and with a made-up word, the others
Chinese; the files lie in folders with names. Milliseconds are the best of three.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import numpy as np
from sqlalchemy import Connection

from retrieval.catalog import words
from retrieval.catalog.database import open_database
from retrieval.catalog.matching import Matches, Words
from retrieval.catalog.records import Ids
from retrieval.catalog.watch import Watch

QUERIES = (
    "{rare}",
    "skateboard",
    "dog",
    "the",
    "black dog",
    "a dog running on the beach",
    "a man and a woman are sitting on a bench in the park with their dog",
    "沙滩",
    "狗",
    "沙滩上奔跑的狗",
    "Italy",
    "IMG_4567",
    "家庭相册",
)
PHRASES = ("{rare}", "two dogs running", "a dog", "the", "在沙滩上", "img 4567")
FOLDERS = ("Italy", "Paris", "家庭相册")
BATCH = 10_000


@click.command()
@click.option("--captions", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--texts", "count", default=1_000_000, show_default=True)
def main(captions: Path, count: int) -> None:
    """Print how long the indexes take to make and to ask, and what they weigh."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(Path(folder) / "catalog.sqlite")
        with engine.begin() as connection:
            rare = _fill(connection, _texts(captions), count)
            began = time.perf_counter()
            words.rebuild(connection)
            click.echo(f"made in {time.perf_counter() - began:.0f} s")
        with engine.connect() as connection:
            _weigh(connection)
        watch = Watch(engine)
        asked = Words(engine, watch)
        for query in QUERIES:
            _time("matching", query.format(rare=rare), lambda q: _all(asked.matching(q)))
        for phrase in PHRASES:
            # A new one each time: it remembers.
            _time("holding", phrase.format(rare=rare), lambda p: Words(engine, watch).holding(p))
        watch.close()
        engine.dispose()


def _texts(captions: Path) -> Iterator[str]:
    rng = random.Random(1)
    rows = [json.loads(line) for line in captions.read_text("utf-8").splitlines()]
    english = [text.rstrip(" .").split() for row in rows for text in row["en"]]
    chinese = [text for row in rows for text in row["zh_machine"]]
    while True:
        if rng.random() < 0.7:
            first, second = rng.choice(english), rng.choice(english)
            yield " ".join([*first[: -len(first) // 2], *second[len(second) // 2 :], _made_up(rng)])
        else:
            first, second = rng.choice(chinese), rng.choice(chinese)
            yield first[: -len(first) // 2] + second[len(second) // 2 :]


def _made_up(rng: random.Random) -> str:
    return "".join(rng.choice("bdfgklmnprstvz") + rng.choice("aeiou") for _ in range(4))


def _fill(connection: Connection, texts: Iterator[str], count: int) -> str:
    """Write contents of one file and one passage each; give a word of the last English one."""
    rare = ""
    connection.exec_driver_sql("INSERT INTO roots VALUES (1, '/photos')")
    for start in range(1, count + 1, BATCH):
        numbers = range(start, min(start + BATCH, count + 1))
        passages = [(n, n, next(texts)) for n in numbers]
        rare = next(t.split()[-1] for _, _, t in reversed(passages) if t.isascii())
        for statement, rows in (
            (
                "INSERT INTO contents (id, hash, kind, mime, size, title)"
                " VALUES (?, ?, 'text', 'text/plain', 60, '')",
                [(n, str(n)) for n in numbers],
            ),
            (
                "INSERT INTO items (id, root_id, path, size, mtime_ns, missing, content_id)"
                " VALUES (?, 1, ?, 60, 0, 0, ?)",
                [(n, f"{FOLDERS[n // 1000 % 3]}/{n // 5000}/IMG_{n}.txt", n) for n in numbers],
            ),
            (
                "INSERT INTO passages (id, content_id, ordinal, kind, text)"
                " VALUES (?, ?, 0, 'text', ?)",
                passages,
            ),
        ):
            connection.exec_driver_sql(statement, rows)
    return rare


def _weigh(connection: Connection) -> None:
    sizes = "SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC"
    for name, size in connection.exec_driver_sql(sizes):
        if name.startswith((*words.TABLES, "passages")):
            click.echo(f"{size / 1e6:8.1f} MB {name}")


def _all(matches: Matches) -> Ids:
    return np.concatenate([matches.passages.ids, matches.contents.ids])


def _time(what: str, text: str, ask: Callable[[str], Ids]) -> None:
    best, found = float("inf"), 0
    for _ in range(3):
        began = time.perf_counter()
        found = len(ask(text))
        best = min(best, time.perf_counter() - began)
    click.echo(f"{1000 * best:8.1f} ms {found:8} passages or contents {what} {text}")


if __name__ == "__main__":
    main()
