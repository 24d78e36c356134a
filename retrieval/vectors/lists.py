"""Approximate search over one kind: FAISS's inverted lists of bytes.

Rows and queries are first shortened: to those directions in which both spread most, since what
lies in the others hardly tells rows apart for whoever asks in words. The rows are then parted by
their nearest of some thousand centres, and a search looks only into the ``nprobe`` lists nearest
to the query. How many that must be is found by asking: words lie far from every picture and need
several times the lists that pictures do, so the queries asked are words. The rows found are
measured again by whoever asked, from the true vectors.

On words as queries see the out-of-distribution track of the Big ANN challenge, arXiv 2409.17424;
on directions that suit queries and rows alike, LeanVec, arXiv 2312.16335.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from retrieval.catalog.records import Ids
from retrieval.encoders.protocol import Vectors
from retrieval.progress import Progress
from retrieval.vectors import approach
from retrieval.vectors.manifest import Approximation
from retrieval.vectors.scan import Wanted, scan
from retrieval.vectors.selection import Selection
from retrieval.vectors.shelf import Shelf

SHARE = 1 / 2
"""The directions that are kept."""

DENSITY = 4
"""Lists for each square root of a row; fewer lists are longer, and more of them is wasted."""

EXAMPLES = 40
"""Rows for each list that the centres are found from, and the rounds that it takes."""
ROUNDS = 8

STRETCH = 65_536

SHAPE, DECIDE, JUDGE = slice(0, None, 4), slice(1, None, 2), slice(2, None, 4)
"""Which of the queries shape the directions, decide how many lists are looked into and say what is
found: for those that shaped them lists are better than for any others."""
NEIGHBOURS = 10
ENOUGH = 0.99
"""The share of the true ten nearest that must be found."""

OUTGROWN = 2
"""How many times as many rows there may be as the lists were drawn up for."""

BEHIND = 1 / 20
"""The share of rows outside the lists, each of them looked at, from which they are taken in."""

SPARE = 2
"""Rows that the bytes bring up for each that is wanted."""


@dataclass(frozen=True, eq=False)
class Lists:
    """An index over a shelf's passages with ids up to ``about.last``."""

    index: faiss.IndexPreTransform
    """Shortens what it is given, and holds ``parted``."""
    about: Approximation
    file: Path | None = None
    """What it is mapped from; nothing for one in memory, which alone can be changed."""

    @property
    def parted(self) -> faiss.IndexIVF:
        """The lists themselves, of shortened rows."""
        return faiss.downcast_index(self.index.index)

    def shorten(self, vector: Vectors) -> Vectors:
        """Give what a query, [dim], is to the lists themselves."""
        shortened: Vectors = self.index.chain.at(0).apply(vector[None])[0]
        return shortened

    def find(self, query: Vectors, among: Selection) -> Ids:
        """Find passages of a selection that probably hold the REACH nearest, in no order."""
        return self._probe(query, self.about.nprobe, _bits(among))

    def write(self, file: Path) -> None:
        """Write the index to a file."""
        faiss.write_index(self.index, str(file))

    def loaded(self) -> Lists:
        """Give the same index in memory."""
        return self if self.file is None else Lists(_read(self.file, 0), self.about)

    def extend(self, shelf: Shelf, progress: Progress) -> Lists:
        """Take in what the shelf has gained, and let go of what it has lost."""
        gone = np.setdiff1d(self._ids(), shelf.present)
        if len(gone):
            self.index.remove_ids(faiss.IDSelectorBatch(gone))
        fresh = np.flatnonzero(shelf.ids > self.about.last)
        for some in np.array_split(fresh, len(fresh) // STRETCH + 1):
            self.index.add_with_ids(shelf.at(some), shelf.ids[some])
            progress.advance(len(some))
        return replace(self, about=replace(self.about, last=int(shelf.ids[-1])))

    def tuned(self, shelf: Shelf, queries: Vectors) -> Lists:
        """Choose how many lists to look into by some of the queries; measure by others."""
        whole = Selection(shelf, np.ones(len(shelf), np.bool_))
        wanted = [Wanted(query, NEIGHBOURS, whole.parts) for query in queries]
        true = [ids for ids, _ in scan(shelf.blocks, wanted)]
        nprobe, most = 1, self.about.lists
        while nprobe < most and self._recall(queries[DECIDE], true[DECIDE], nprobe) < ENOUGH:
            nprobe = min(most, nprobe + nprobe // 4 + 1)
        recall = self._recall(queries[JUDGE], true[JUDGE], nprobe)
        return replace(self, about=replace(self.about, nprobe=nprobe, recall=round(recall, 4)))

    def _recall(self, queries: Vectors, true: Sequence[Ids], nprobe: int) -> float:
        found = [self._probe(query, nprobe, None) for query in queries]
        shares = [np.isin(ids, near).mean() for ids, near in zip(true, found, strict=True)]
        return float(np.mean(shares))

    def _probe(self, query: Vectors, nprobe: int, bits: NDArray[np.uint8] | None) -> Ids:
        # Of this search alone: set on the index they would be other searches' too.
        chosen = faiss.SearchParametersIVF(nprobe=nprobe)
        if bits is not None:
            chosen.sel = faiss.IDSelectorBitmap(bits)
        params = faiss.SearchParametersPreTransform(index_params=chosen)
        _, ids = self.index.search(query[None], SPARE * approach.REACH, params=params)
        near: Ids = ids[0][ids[0] >= 0]
        return near

    def _ids(self) -> Ids:
        held = self.parted.invlists
        lists = (
            faiss.rev_swig_ptr(held.get_ids(number), held.list_size(number)).copy()
            for number in range(held.nlist)
            if held.list_size(number)
        )
        return np.concatenate([np.empty(0, np.int64), *lists])


def map_lists(file: Path, about: Approximation) -> Lists:
    """Map an index into memory; raise ValueError if the file is none."""
    return Lists(_read(file, faiss.IO_FLAG_MMAP), about, file)


def renew(
    lists: Lists | None, shelf: Shelf, queries: Callable[[], Vectors], progress: Progress
) -> Lists | None:
    """Draw up lists or extend those there are, or give nothing where they are good as they are."""
    if lists is None or len(shelf) > OUTGROWN * lists.about.trained_on:
        progress.note(f"Drawing up an index over {len(shelf):,} passages")
        return build_lists(shelf, queries(), progress)
    fresh = len(shelf.after(lists.about.last))
    if fresh > BEHIND * len(shelf):
        progress.note(f"Adding {fresh:,} passages to the index")
        return lists.loaded().extend(shelf, progress).tuned(shelf, queries())
    return None


def build_lists(shelf: Shelf, queries: Vectors, progress: Progress) -> Lists:
    """Part a shelf's rows into lists, and tune them with queries, [n, dim], of words."""
    count = int(DENSITY * np.sqrt(len(shelf)))
    progress.total(2 * len(shelf))
    examples = _examples(shelf, count)
    short = _shortening(examples, queries[SHAPE])
    rows = short.apply(examples)
    parted = faiss.IndexIVFScalarQuantizer(
        _find_centres(rows, count),
        *(short.d_out, count, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT),
    )
    parted.train(rows)
    progress.advance(len(shelf))
    index = _in_parallel(faiss.IndexPreTransform(short, parted))
    begun = Lists(index, Approximation(0, 0, len(shelf), count, 1, 0.0))
    return begun.extend(shelf, progress).tuned(shelf, queries)


def _examples(shelf: Shelf, count: int) -> Vectors:
    some = min(len(shelf), EXAMPLES * count)
    return shelf.at(np.random.default_rng(1).choice(len(shelf), some, replace=False))


def _shortening(rows: Vectors, queries: Vectors) -> faiss.LinearTransform:
    """Find the directions in which rows and queries together spread most."""
    spread, asked = np.cov(rows.T), queries.T @ queries
    _, axes = np.linalg.eigh(spread / np.trace(spread) + asked / np.trace(asked))
    dim = rows.shape[1]
    kept = axes.T[::-1][: max(1, int(SHARE * dim))].astype(np.float32)
    transform = faiss.LinearTransform(dim, len(kept), False)
    faiss.copy_array_to_vector(kept.ravel(), transform.A)
    transform.is_trained = True
    return transform


def _find_centres(rows: Vectors, count: int) -> faiss.IndexFlatIP:
    """Find centres of unit length, by the angle to which rows are then given to them."""
    quantiser = faiss.IndexFlatIP(rows.shape[1])
    clustering = faiss.Clustering(rows.shape[1], count)
    clustering.niter, clustering.spherical, clustering.seed = ROUNDS, True, 1
    clustering.min_points_per_centroid = 1
    clustering.train(rows, quantiser)
    return quantiser


@lru_cache(maxsize=8)
def _bits(among: Selection) -> NDArray[np.uint8] | None:
    """Give a bit for each passage id, or nothing where every passage is chosen."""
    if among.count == len(among.shelf):
        return None
    chosen = among.shelf.ids[among.mask]
    bits = np.zeros(int(among.shelf.ids[-1]) + 1, np.bool_)
    bits[chosen] = True
    return np.packbits(bits, bitorder="little")


def _read(file: Path, flags: int) -> faiss.IndexPreTransform:
    try:
        index = faiss.read_index(str(file), flags)
    except RuntimeError as error:
        raise ValueError(f"{file.name} is no index") from error
    if not isinstance(index, faiss.IndexPreTransform):
        raise ValueError(f"{file.name} is an index of another form")
    held = faiss.downcast_InvertedLists(faiss.downcast_index(index.index).invlists)
    if isinstance(held, faiss.OnDiskInvertedLists):
        # The 32 threads that would run ahead for every search take longer than it does.
        held.prefetch_nthread = 0
    return _in_parallel(index)


def _in_parallel(index: faiss.IndexPreTransform) -> faiss.IndexPreTransform:
    """See that one query is shared out among the processor's cores."""
    faiss.downcast_index(index.index).parallel_mode = 1
    return index
