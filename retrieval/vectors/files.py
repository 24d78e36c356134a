"""The shelves on disk: rows that are only ever added, and a manifest that says how many count.

Each kind has three files of rows, ``.rows`` (see ROW), ``.f32`` and ``.i8``, and the ``.grid`` of
its bytes. New rows go behind the old ones and reach the disk before the manifest that counts them,
so a process that dies leaves at most rows that do not count, which the next one writes over. A
shelf with many rows struck out, or too few rows yet to tell what grid suits them, is written anew
under the next number; the manifest changes from one to the other at once.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from retrieval.durable import flush, replacing
from retrieval.media import Kind
from retrieval.vectors.block import ROW, Block, join
from retrieval.vectors.column import Column
from retrieval.vectors.grid import Grid
from retrieval.vectors.manifest import (
    Approximation,
    Manifest,
    Volume,
    dump_manifest,
    parse_manifest,
)
from retrieval.vectors.shelf import Shelf

if TYPE_CHECKING:
    from retrieval.vectors.lists import Lists

ENDINGS = ("rows", "f32", "i8", "grid")
INDEX = "ivf"

YOUNG = 4096
"""Rows up to which a shelf gets a new grid whenever it doubles."""


class ShelfFiles:
    """The directory with the rows; one process writes at a time, any number read."""

    def __init__(self, directory: Path, library: str, dim: int) -> None:
        self.directory = directory
        self.aside = directory.with_name(f"{directory.name}.bad")
        self._file = directory / "manifest.json"
        self.empty = Manifest(library, dim, 0)

    def read(self) -> Manifest:
        """Read the manifest; raise ValueError or OSError if it or the files cannot be used."""
        if not self._file.exists():
            return self.empty
        manifest = parse_manifest(self._file.read_bytes())
        if (manifest.library, manifest.dim) != (self.empty.library, self.empty.dim):
            raise ValueError(f"it is of the library {manifest.library}, {manifest.dim} wide")
        for kind, volume in manifest.volumes.items():
            *columns, grid = self._columns(kind, volume)
            for column, rows in [*((column, volume.rows) for column in columns), (grid, 2)]:
                if not column.holds(rows):
                    raise ValueError(f"{column.file.name} holds fewer than {rows} rows")
        return manifest

    def stamp(self) -> int:
        """Give a number that changes whenever other rows count; 0 where none do."""
        return self._file.stat().st_mtime_ns if self._file.exists() else 0

    def open(self, kind: Kind, volume: Volume) -> Shelf:
        """Map the rows of one kind into memory."""
        if not volume.rows:
            return Shelf((), self.empty.dim)
        *columns, _ = self._columns(kind, volume)
        rows, vectors, codes = (column.map(volume.rows) for column in columns)
        block = Block(np.array(rows), vectors, codes, self._grid(kind, volume))
        return Shelf((block,), self.empty.dim)

    def _grid(self, kind: Kind, volume: Volume) -> Grid:
        *_, column = self._columns(kind, volume)
        grid = Grid(*np.array(column.map(2)))
        if not grid.is_sound:
            raise ValueError(f"{column.file.name} is no grid")
        return grid

    def extend(self, manifest: Manifest, kind: Kind, block: Block) -> Manifest:
        """Write rows behind those that count; they count once the result is committed."""
        volume = manifest.volumes.get(kind)
        if volume is None or volume.rows < min(YOUNG, len(block)):
            present = self.open(kind, volume).blocks if volume else ()
            return self.rewrite(manifest, kind, (join([*present, block]),))
        return self._append(manifest, kind, block.on(self._grid(kind, volume)))

    def _append(self, manifest: Manifest, kind: Kind, block: Block) -> Manifest:
        volume = manifest.volumes[kind]
        rows, vectors, codes, grid = self._columns(kind, volume)
        rows.write(volume.rows, block.rows)
        vectors.write(volume.rows, block.vectors)
        codes.write(volume.rows, block.codes)
        if not volume.rows:
            grid.write(0, np.stack([block.grid.centre, block.grid.steps]))
        grown = replace(volume, rows=volume.rows + len(block))
        last = max(manifest.last, int(block.ids.max(initial=0)))
        return replace(manifest, last=last, volumes=manifest.volumes | {kind: grown})

    def index_file(self, kind: Kind, about: Approximation) -> Path:
        """Say where an approximate index is kept."""
        return self.directory / f"{kind}-{about.number}.{INDEX}"

    def put_index(self, kind: Kind, lists: Lists) -> Approximation:
        """Write an approximate index under the next number; it counts once committed."""
        about = replace(lists.about, number=self._unused())
        lists.write(self.index_file(kind, about))
        flush(self.index_file(kind, about))
        return about

    def _unused(self) -> int:
        """Give a number that no file has."""
        taken = [int(file.stem.rpartition("-")[2]) for file in self._numbered()]
        return max(taken, default=0) + 1

    def strike(self, kind: Kind, volume: Volume, shelf: Shelf) -> None:
        """Write which rows are struck out; to be killed half-way does no harm."""
        self._columns(kind, volume)[0].write(0, shelf.blocks[0].rows)

    def rewrite(self, manifest: Manifest, kind: Kind, blocks: Sequence[Block]) -> Manifest:
        """Write a kind's rows under the next number; they count once the result is committed.

        All are put on one grid, which is learnt from the first of the blocks.
        """
        fresh = Volume(self._unused(), 0)
        manifest = replace(manifest, volumes=manifest.volumes | {kind: fresh})
        for block in blocks:
            manifest = self._append(manifest, kind, block.on(blocks[0].grid))
        return manifest

    def renew(self, manifest: Manifest, kind: Kind, shelf: Shelf) -> Manifest:
        """Write a kind's rows anew, or drop the kind if there are none; it counts once committed.

        The grid of few rows says much of each, so it is learnt again.
        """
        if not len(shelf):
            volumes = {other: v for other, v in manifest.volumes.items() if other != kind}
            indexes = {other: i for other, i in manifest.indexes.items() if other != kind}
            return replace(manifest, volumes=volumes, indexes=indexes)
        few = len(shelf) <= YOUNG
        return self.rewrite(manifest, kind, (join(shelf.blocks),) if few else shelf.blocks)

    def commit(self, manifest: Manifest) -> None:
        """Make the manifest's rows count, and remove files that no longer do."""
        columns = [c for kind, v in manifest.volumes.items() for c in self._columns(kind, v)]
        for column in columns:
            column.flush()
        self.directory.mkdir(exist_ok=True)
        with replacing(self._file) as temporary:
            temporary.write_bytes(dump_manifest(manifest))
        kept = {column.file for column in columns}
        kept |= {self.index_file(kind, index) for kind, index in manifest.indexes.items()}
        for file in self._numbered():
            if file not in kept:
                file.unlink(missing_ok=True)

    def set_aside(self) -> None:
        """Move what cannot be used out of the way."""
        shutil.rmtree(self.aside, ignore_errors=True)
        self.directory.rename(self.aside)

    def remove_aside(self) -> None:
        """Delete what was moved out of the way."""
        shutil.rmtree(self.aside, ignore_errors=True)

    def _numbered(self) -> list[Path]:
        return [f for ending in (*ENDINGS, INDEX) for f in self.directory.glob(f"*-*.{ending}")]

    def _columns(self, kind: Kind, volume: Volume) -> tuple[Column, Column, Column, Column]:
        rows, vectors, codes, grid = (
            self.directory / f"{kind}-{volume.number}.{ending}" for ending in ENDINGS
        )
        dim = (self.empty.dim,)
        return (
            Column(rows, ROW),
            Column(vectors, np.dtype("<f4"), dim),
            Column(codes, np.dtype("i1"), dim),
            Column(grid, np.dtype("<f4"), dim),
        )
