"""How groups of duplicates look as JSON, for the HTTP API and for ``--json`` alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from pydantic import BaseModel

from retrieval.alike.duplicates import Group, Likeness
from retrieval.media import Item, Kind
from retrieval.wire import ItemBody


class MemberBody(ItemBody):
    """A file of a group."""

    likeness: Likeness

    @classmethod
    def of_member(cls, item: Item, likeness: Likeness) -> Self:
        """Describe a file, and what it is in its group."""
        return cls(**ItemBody.of(item).model_dump(), likeness=likeness)


class GroupBody(BaseModel):
    """Files that are the same or nearly so, the best first."""

    kind: Kind
    spare: int
    items: list[MemberBody]

    @classmethod
    def of(cls, group: Group) -> Self:
        """Describe a group."""
        members = zip(group.items, group.likenesses, strict=True)
        items = [MemberBody.of_member(item, likeness) for item, likeness in members]
        return cls(kind=group.kind, spare=group.spare, items=items)


class DuplicatesBody(BaseModel):
    """A stretch of a library's groups."""

    ok: bool = True
    total: int
    spare: int
    groups: list[GroupBody]

    @classmethod
    def of(cls, groups: Sequence[Group], shown: slice = slice(None)) -> Self:
        """Describe the groups of a stretch, counting all."""
        return cls(
            total=len(groups),
            spare=sum(group.spare for group in groups),
            groups=[GroupBody.of(group) for group in groups[shown]],
        )
