"""How the state of a library looks as JSON, for the HTTP API and for ``--json`` alike."""

from __future__ import annotations

from dataclasses import asdict
from typing import Literal, Self

from pydantic import BaseModel

from retrieval.info import IndexInfo, Info
from retrieval.media import Failure, Kind


class FailureBody(BaseModel):
    """A file that could not be read."""

    path: str
    """The file."""
    reason: str
    """Why, and what may help."""

    @classmethod
    def of(cls, failure: Failure) -> Self:
        """Describe a failure."""
        return cls(path=failure.path, reason=failure.reason)


class OfflineBody(BaseModel):
    """A folder that cannot be reached now, and how many items of it are kept."""

    path: str
    """The folder."""
    items: int
    """How many items of it are kept, and still found."""


class EncoderBody(BaseModel):
    """The encoder a library is bound to."""

    name: str
    """How a user names it."""
    revision: str
    """Which weights."""
    dim: int
    """Components of a vector."""
    fingerprint: str
    """A digest of weights and preprocessing; vectors of another never mix."""


class ApproximationBody(BaseModel):
    """An approximate index: a search looks into ``nprobe`` of its lists."""

    lists: int
    """Lists that the vectors are parted into."""
    nprobe: int
    """How many of them a search looks into."""
    recall: float
    """The share of the ten nearest that it found when it was measured."""


class CopyBody(BaseModel):
    """What GPUs hold of a kind: its vectors, or its lists; each all of it, or each a part."""

    content: Literal["float32", "float16", "lists"]
    """What a copy holds: vectors in either precision, or lists."""
    gpus: int
    """How many GPUs hold it."""
    parted: bool
    """Whether each holds a part, not all."""


class IndexBody(BaseModel):
    """What the vectors are kept in; kinds without an approximation are searched exactly."""

    type: Literal["exact", "ivf"]
    """``ivf`` where some kind has an approximate index."""
    vectors: int
    """How many vectors there are."""
    bytes: int
    """What they take on disk."""
    approximations: dict[Kind, ApproximationBody]
    """The approximate index of each kind that has one."""
    gpus: int
    """How many GPUs may be searched on."""
    copies: dict[Kind, CopyBody]
    """What GPUs hold of each kind."""
    notice: str
    """Why files or a GPU could not be used; else empty."""

    @classmethod
    def of(cls, index: IndexInfo) -> Self:
        """Describe an index."""
        approximations = {
            kind: ApproximationBody(lists=one.lists, nprobe=one.nprobe, recall=one.recall)
            for kind, one in index.approximations.items()
        }
        return cls(
            type="ivf" if approximations else "exact",
            vectors=index.vectors,
            bytes=index.bytes,
            approximations=approximations,
            gpus=index.gpus,
            copies={kind: CopyBody(**asdict(one)) for kind, one in index.copies.items()},
            notice=index.notice,
        )


class InfoBody(BaseModel):
    """What a library holds, and how."""

    ok: Literal[True] = True
    """Always true."""
    library: str
    """The library's directory."""
    roots: list[str]
    """The folders that are indexed."""
    offline: list[OfflineBody]
    """Those of them that cannot be reached now."""
    items: int
    """How many files are indexed."""
    passages: int
    """How many passages they have."""
    by_kind: dict[Kind, int]
    """How many items there are of each kind."""
    failures: list[FailureBody]
    """Files that could not be indexed."""
    encoder: EncoderBody
    """The encoder that the library is bound to."""
    index: IndexBody
    """What its vectors are kept in."""

    @classmethod
    def of(cls, info: Info) -> Self:
        """Describe a library."""
        encoder = info.encoder
        return cls(
            library=str(info.path),
            roots=[str(root.path) for root in info.roots],
            offline=[OfflineBody(path=str(o.path), items=o.items) for o in info.offline],
            items=info.items,
            passages=info.passages,
            by_kind=info.by_kind,
            failures=[FailureBody.of(failure) for failure in info.failures],
            encoder=EncoderBody(
                name=encoder.name,
                revision=encoder.revision,
                dim=encoder.dim,
                fingerprint=encoder.fingerprint,
            ),
            index=IndexBody.of(info.index),
        )
