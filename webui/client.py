"""A typed client of a running server.

    with Client() as client:
        answer = client.search("a dog on the beach kind:image")
        like = client.search(SearchBody(terms=[picture(Path("street.jpg")), words("snow", -0.5)]))

What is asked and what comes back are the models of the server itself. It makes no connection but to
the server, and follows no redirect.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self, TypeVar

import httpx2
from pydantic import BaseModel

from retrieval.alike.body import DuplicatesBody
from retrieval.durable import replacing
from retrieval.errors import ServerError
from retrieval.explain.body import ExplanationBody
from retrieval.info_body import InfoBody
from retrieval.request import BatchBody, SearchBody
from retrieval.request_terms import (
    AudioTermBody,
    FileBody,
    ImageTermBody,
    ItemTermBody,
    TextTermBody,
)
from retrieval.wire import AnswerBody
from webui.remarks import ForgottenReply, RemarksBody, RemarksReply
from webui.replies import BatchReply, ErrorReply, ItemReply, PlacesReply

ADDRESS = "http://127.0.0.1:7117"
API = "/api/v1"
SECONDS = 60.0

Reply = TypeVar("Reply", bound=BaseModel)


class Client:
    """A server's API; safe to share between threads. Close it, or use it in a ``with``."""

    def __init__(
        self, address: str = ADDRESS, token: str | None = None, timeout: float = SECONDS
    ) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        # What the environment says of proxies is not meant for a server of one's own.
        self._http = httpx2.Client(
            base_url=address, headers=headers, timeout=timeout, trust_env=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def search(self, query: SearchBody | str) -> AnswerBody:
        """Search for a line of the search box, in its language, or for all that a body can say."""
        return self._post(f"{API}/search", _as_body(query), AnswerBody)

    def search_all(self, queries: Sequence[SearchBody | str]) -> list[AnswerBody]:
        """Answer several searches together, which takes less time than one by one."""
        body = BatchBody(searches=[_as_body(query) for query in queries])
        return self._post(f"{API}/search/batch", body, BatchReply).answers

    def explain(self, query: SearchBody | str, item: int) -> ExplanationBody:
        """Say what in an item matches a query."""
        return self._post(f"{API}/items/{item}/explain", _as_body(query), ExplanationBody)

    def places(self, query: SearchBody | str, item: int) -> PlacesReply:
        """Say where in an item a query is met."""
        return self._post(f"{API}/items/{item}/places", _as_body(query), PlacesReply)

    def item(self, item: int) -> ItemReply:
        """Describe an item, with its first passages."""
        return self._get(f"{API}/items/{item}", ItemReply)

    def similar(self, item: int, k: int = 20, offset: int = 0) -> AnswerBody:
        """Find the items most like one of the library."""
        return self._get(f"{API}/items/{item}/similar?k={k}&offset={offset}", AnswerBody)

    def duplicates(self, k: int = 20, offset: int = 0) -> DuplicatesBody:
        """List groups of files that are the same or nearly so."""
        return self._get(f"{API}/duplicates?k={k}&offset={offset}", DuplicatesBody)

    def stats(self) -> InfoBody:
        """Say what the library holds."""
        return self._get(f"{API}/stats", InfoBody)

    def thumbnail(self, item: int) -> bytes:
        """Give an item's small picture, a JPEG."""
        return self._ask("GET", f"{API}/items/{item}/thumbnail").content

    def media(self, item: int) -> bytes:
        """Give an item's file."""
        return self._ask("GET", f"{API}/items/{item}/media").content

    def remark(
        self, item: int, *, favourite: bool | None = None, caption: str | None = None
    ) -> RemarksReply:
        """Make an item a favourite or no more, give it a caption; what is None stays as it is."""
        body = RemarksBody(favourite=favourite, caption=caption)
        return self._send("PATCH", f"{API}/items/{item}", body, RemarksReply)

    def forget(self, item: int) -> ForgottenReply:
        """Have the library forget an item; the file stays."""
        reply = self._ask("DELETE", f"{API}/items/{item}")
        return ForgottenReply.model_validate_json(reply.content)

    def export(self, form: str, file: Path) -> None:
        """Write what the library knows to a file: ``items.csv`` or another form of an export."""
        with self._talking(), self._http.stream("GET", f"{API}/export/{form}") as response:
            if not response.is_success:
                response.read()
                raise _refusal(response)
            with replacing(file) as temporary, temporary.open("wb") as stream:
                for piece in response.iter_bytes():
                    stream.write(piece)

    def _get(self, path: str, reply: type[Reply]) -> Reply:
        return reply.model_validate_json(self._ask("GET", path).content)

    def _post(self, path: str, body: BaseModel, reply: type[Reply]) -> Reply:
        return self._send("POST", path, body, reply)

    def _send(self, method: str, path: str, body: BaseModel, reply: type[Reply]) -> Reply:
        content = body.model_dump_json(by_alias=True, exclude_unset=True)
        return reply.model_validate_json(self._ask(method, path, content).content)

    def _ask(self, method: str, path: str, content: str | None = None) -> httpx2.Response:
        headers = {"Content-Type": "application/json"} if content else None
        with self._talking():
            response = self._http.request(method, path, content=content, headers=headers)
        if not response.is_success:
            raise _refusal(response)
        return response

    @contextmanager
    def _talking(self) -> Iterator[None]:
        try:
            yield
        except httpx2.HTTPError as error:
            raise ServerError(f"{self._http.base_url} does not answer: {error}", 0) from error


def words(text: str, weight: float = 1.0) -> TextTermBody:
    """Look for the meaning of words."""
    return TextTermBody(text=text, weight=weight)


def picture(file: Path | bytes, weight: float = 1.0) -> ImageTermBody:
    """Look for what is like a picture."""
    return ImageTermBody(image=_file(file), weight=weight)


def recording(file: Path | bytes, weight: float = 1.0) -> AudioTermBody:
    """Look for what is said in a recording."""
    return AudioTermBody(audio=_file(file), weight=weight)


def like(item: int, weight: float = 1.0) -> ItemTermBody:
    """Look for what is like an item of the library."""
    return ItemTermBody(item=item, weight=weight)


def _file(file: Path | bytes) -> FileBody:
    data = file.read_bytes() if isinstance(file, Path) else file
    return FileBody(base64=b64encode(data).decode("ascii"))


def _as_body(query: SearchBody | str) -> SearchBody:
    return SearchBody(q=[query]) if isinstance(query, str) else query


def _refusal(response: httpx2.Response) -> ServerError:
    try:
        said = ErrorReply.model_validate_json(response.content).error
    except ValueError:  # it came from something between here and the server
        said = f"{response.url} answers {response.status_code} {response.reason_phrase}"
    return ServerError(said, response.status_code)
