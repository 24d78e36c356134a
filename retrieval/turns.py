"""Questions asked at the same time, answered together.

Whoever comes first takes the turn and answers for all who wait; the others find their answer
ready. So many at once cost hardly more than one, and nobody waits to make a batch full.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

Question = TypeVar("Question")
Reply = TypeVar("Reply")


@dataclass(eq=False, slots=True)
class _Ticket(Generic[Question, Reply]):
    question: Question
    replies: list[Reply] = field(default_factory=list)
    error: BaseException | None = None

    @property
    def is_settled(self) -> bool:
        return bool(self.replies) or self.error is not None


class Turns(Generic[Question, Reply]):
    """Puts questions of several threads to a function that answers many at once."""

    def __init__(self, answer: Callable[[Sequence[Question]], Sequence[Reply]]) -> None:
        self._answer = answer
        self._waiting: list[_Ticket[Question, Reply]] = []
        self._adding = Lock()
        self._turn = Lock()

    def ask(self, question: Question) -> Reply:
        """Give the answer to one question, or raise what answering it raised."""
        ticket: _Ticket[Question, Reply] = _Ticket(question)
        with self._adding:
            self._waiting.append(ticket)
        with self._turn:
            if not ticket.is_settled:
                self._settle()
        if ticket.error is not None:
            raise ticket.error
        return ticket.replies[0]

    def _settle(self) -> None:
        with self._adding:
            tickets, self._waiting = self._waiting, []
        try:
            replies = self._answer([ticket.question for ticket in tickets])
        # Whoever asked must hear of it, even of an interrupt: else they would wait for nothing.
        except BaseException as error:
            for ticket in tickets:
                ticket.error = error
            return
        for ticket, reply in zip(tickets, replies, strict=True):
            ticket.replies.append(reply)
