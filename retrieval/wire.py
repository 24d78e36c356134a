"""How an answer looks as JSON, for the HTTP API and for ``--json`` alike."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal, Self

from pydantic import BaseModel

from retrieval.info import IndexInfo, Info
from retrieval.media import GOOD, Answer, Hit, Item, Kind, Passage, Query
from retrieval.search.excerpt import excerpt
from retrieval.search.marks import marks
from retrieval.search.meaning import wanted_words
from retrieval.sentences import Span


class ItemBody(BaseModel):
    """A file of the library."""

    item: int
    kind: Kind
    path: str
    title: str
    mime: str
    size: int
    modified_at: datetime
    taken_at: datetime | None
    width: int | None
    height: int | None
    duration: float | None
    camera: str
    latitude: float | None
    longitude: float | None
    language: str
    thumbnail: str
    media: str

    @classmethod
    def of(cls, item: Item) -> Self:
        """Describe an item, with the addresses of its thumbnail and its bytes."""
        return cls(**_describe(item))


class HitBody(ItemBody):
    """An item of an answer, with its best passage."""

    passage: int | None
    score: float | None
    similarity: float | None
    snippet: str
    marks: tuple[Span, ...]
    page: int | None
    start: float | None
    end: float | None
    passages: int
    alike: list[ItemBody]

    @classmethod
    def of_hit(cls, hit: Hit, answer: Answer) -> Self:
        """Describe a hit of an answer."""
        passage = hit.passage
        shown = excerpt(passage.text, answer.words, answer.quotations)
        return cls(
            **_describe(hit.item),
            passage=hit.passage_id,
            score=_rounded(hit.score),
            similarity=_rounded(hit.similarity),
            snippet=shown.text,
            marks=shown.marks,
            page=passage.page,
            start=passage.start,
            end=passage.end,
            passages=hit.passages,
            alike=[ItemBody.of(item) for item in hit.alike],
        )


class AnswerBody(BaseModel):
    """The reply to a search."""

    ok: bool = True
    took_ms: float
    timings: dict[str, float]
    total: int
    ranked: bool
    confident: bool
    cutoff: float = GOOD
    heard: list[str]
    hits: list[HitBody]

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """Describe an answer."""
        return cls(
            took_ms=round(answer.took_ms, 1),
            timings={stage.name: round(stage.ms, 2) for stage in answer.stages},
            total=answer.total,
            ranked=answer.ranked,
            confident=answer.confident,
            heard=list(answer.heard),
            hits=[HitBody.of_hit(hit, answer) for hit in answer.hits],
        )


class PassageBody(BaseModel):
    """A passage of an item, and where it holds the words of a query."""

    passage: int
    kind: Kind
    text: str
    marks: list[Span]
    page: int | None
    char_start: int | None
    char_end: int | None
    start: float | None
    end: float | None

    @classmethod
    def of(cls, passage_id: int, passage: Passage, query: Query) -> Self:
        """Describe a passage; the query's filters make no difference."""
        spans = marks(passage.text, wanted_words(query.terms), query.quotations)
        return cls(passage=passage_id, marks=spans, **asdict(passage))


class FailureBody(BaseModel):
    """A file that could not be read."""

    path: str
    reason: str


class OfflineBody(BaseModel):
    """A folder that cannot be reached now, and how many items of it are kept."""

    path: str
    items: int


class EncoderBody(BaseModel):
    """The encoder a library is bound to."""

    name: str
    revision: str
    dim: int
    fingerprint: str


class ApproximationBody(BaseModel):
    """An approximate index: a search looks into ``nprobe`` of its lists."""

    lists: int
    nprobe: int
    recall: float


class CopyBody(BaseModel):
    """What GPUs hold of a kind: its vectors, or its lists; each all of it, or each a part."""

    content: Literal["float32", "float16", "lists"]
    gpus: int
    parted: bool


class IndexBody(BaseModel):
    """What the vectors are kept in; kinds without an approximation are searched exactly."""

    type: Literal["exact", "ivf"]
    vectors: int
    bytes: int
    approximations: dict[Kind, ApproximationBody]
    gpus: int
    copies: dict[Kind, CopyBody]
    notice: str

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

    ok: bool = True
    library: str
    roots: list[str]
    offline: list[OfflineBody]
    items: int
    passages: int
    by_kind: dict[Kind, int]
    failures: list[FailureBody]
    encoder: EncoderBody
    index: IndexBody

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
            failures=[FailureBody(path=f.path, reason=f.reason) for f in info.failures],
            encoder=EncoderBody(
                name=encoder.name,
                revision=encoder.revision,
                dim=encoder.dim,
                fingerprint=encoder.fingerprint,
            ),
            index=IndexBody.of(info.index),
        )


def _describe(item: Item) -> dict[str, Any]:
    content = item.content
    return {
        "item": item.id,
        "kind": content.kind,
        "path": str(item.file),
        "title": content.title,
        "mime": content.mime,
        "size": content.size,
        "modified_at": item.modified_at,
        "taken_at": content.taken_at,
        "width": content.width,
        "height": content.height,
        "duration": content.duration,
        "camera": content.camera,
        "latitude": content.latitude,
        "longitude": content.longitude,
        "language": content.language,
        "thumbnail": f"/api/v1/items/{item.id}/thumbnail?v={content.hash[:12]}",
        "media": f"/api/v1/items/{item.id}/media",
    }


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 4)
