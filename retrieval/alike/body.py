"""How groups of duplicates look as JSON, for the HTTP API and for ``--json`` alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Self

from pydantic import BaseModel

from retrieval.alike.duplicates import Group, Likeness
from retrieval.media import Item, Kind
from retrieval.wire import ItemBody


class MemberBody(ItemBody):
    """A file of a group."""

    likeness: Likeness
    """Whether it is the best of its group, the very bytes of one before it, or nearly the same."""

    @classmethod
    def of_member(cls, item: Item, likeness: Likeness) -> Self:
        """Describe a file, and what it is in its group."""
        return cls(**ItemBody.of(item).model_dump(), likeness=likeness)


class GroupBody(BaseModel):
    """Files that are the same or nearly so, the best first."""

    kind: Kind
    """What the files are to a person."""
    spare: int
    """Bytes of all files in the group but the best."""
    items: list[MemberBody]
    """The files, the best first."""

    @classmethod
    def of(cls, group: Group) -> Self:
        """Describe a group."""
        members = zip(group.items, group.likenesses, strict=True)
        items = [MemberBody.of_member(item, likeness) for item, likeness in members]
        return cls(kind=group.kind, spare=group.spare, items=items)


class DuplicatesBody(BaseModel):
    """A stretch of a library's groups."""

    ok: Literal[True] = True
    """Always true."""
    total: int
    """How many groups there are."""
    spare: int
    """Bytes of all files in them but the best of each."""
    groups: list[GroupBody]
    """Groups of this stretch, those with most to spare first."""

    @classmethod
    def of(cls, groups: Sequence[Group], shown: slice = slice(None)) -> Self:
        """Describe the groups of a stretch, counting all."""
        return cls(
            total=len(groups),
            spare=sum(group.spare for group in groups),
            groups=[GroupBody.of(group) for group in groups[shown]],
        )
