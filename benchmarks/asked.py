"""Queries with known answers, made of captioned photos and transcripts."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from retrieval.words import is_spaceless, terms_of

LANGUAGES = ("en", "zh")
CHARACTERS = re.compile(r"[\u4e00-\u9fff]{5,}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, what sort it is of, and the numbers of the contents that answer it."""

    group: str
    query: str
    right: frozenset[int]


@dataclass(frozen=True, slots=True)
class Material:
    """Contents are numbered from 0, photos after documents."""

    documents: list[str]
    photos: list[Path]
    asked: list[Asked]


def collect(captions: Path, images: Path, speech: Path, split: str, count: int) -> Material:
    """Take as many photos' captions for documents, and as many other photos at most."""
    rows = [json.loads(line) for line in captions.read_text("utf-8").splitlines()]
    rows = [row for row in rows if row["split"] == split]
    random.Random(7).shuffle(rows)
    read, seen = rows[:count], rows[count : 2 * count]
    documents = [row[language][i] for row in read for language in LANGUAGES for i in (1, 2)]
    # The first caption of each is a query; the transcripts are halved between the splits.
    spoken = sorted(speech.glob("*.txt"))[split == "dev" :: 2]
    documents += [path.read_text("utf-8").strip() for path in spoken]
    asked = list(_captions(read))
    for number, row in enumerate(seen, len(documents)):
        asked += [Asked(f"{one} photo", row[one][0], frozenset([number])) for one in LANGUAGES]
    asked += _known_items(documents, len(documents) - len(spoken))
    return Material(documents, [images / row["image"] for row in seen], asked)


def _captions(read: list[dict[str, list[str]]]) -> Iterator[Asked]:
    for at, row in enumerate(read):
        right = frozenset(range(4 * at, 4 * at + 4))
        yield from (Asked(f"{one} caption", row[one][0], right) for one in LANGUAGES)


def _known_items(documents: list[str], spoken_from: int) -> Iterator[Asked]:
    rng = random.Random(3)
    counts = Counter(gram for text in documents for gram in set(_grams(text)))
    chosen = [*rng.sample(range(spoken_from), min(400, spoken_from))]
    for number in [*chosen, *range(spoken_from, len(documents))]:
        text = documents[number]
        right = frozenset(at for at, other in enumerate(documents) if other == text)
        spaceless = is_spaceless(terms_of(text)[0])
        group = "speech" if number >= spoken_from else "zh" if spaceless else "en"
        rarest = sorted(set(_grams(text)), key=lambda gram: (counts[gram], gram))[:2]
        words = " ".join(sorted(rarest, key=lambda gram: text.casefold().find(gram)))
        other = _grams(documents[rng.randrange(spoken_from)])
        while is_spaceless(other[0]) != spaceless:
            other = _grams(documents[rng.randrange(spoken_from)])
        yield Asked(f"{group} words", words, right)
        yield Asked(f"{group} words+1", f"{words} {rng.choice(other)}", right)
        if fragment := _fragment(text, rng):
            yield Asked(f"{group} fragment", fragment, right)


def _grams(text: str) -> list[str]:
    terms = terms_of(text)
    if not is_spaceless(terms[0]) or len(terms) == 1:
        return terms
    return [first + second for first, second in pairwise(terms)]


def _fragment(text: str, rng: random.Random) -> str:
    if run := CHARACTERS.search(text):
        start = rng.randrange(len(run[0]) - 4)
        return run[0][start : start + 5]
    words = text.split()
    start = rng.randrange(max(1, len(words) - 4))
    return " ".join(words[start : start + 4]).strip(" .,") if len(words) > 5 else ""
