"""A library: the directory with a catalog, its vectors and thumbnails, and what can be asked of it.

The one object that the indexer, the command line and the web application hold. A library is bound
to one encoder for good; opening it with another is refused. The encoder and the transcriber are
loaded when they are first needed, so opening costs little.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Self

from retrieval.binding import bind, demand_same
from retrieval.catalog.catalog import Catalog
from retrieval.catalog.records import Binding
from retrieval.disk import room_in
from retrieval.encoders.protocol import Encoder, Vectors
from retrieval.encoders.registry import load_encoder
from retrieval.errors import LibraryError, LibraryNotFound
from retrieval.lock import WriteLock
from retrieval.media import Answer, Filters, Item, Passage, Query, SpeechTerm
from retrieval.progress import Progress, Unwatched
from retrieval.search.engine import Engine
from retrieval.search.everyday import keep_everyday, read_everyday
from retrieval.settings import settings
from retrieval.thumbnails import Thumbnails
from retrieval.vectors.store import VectorStore

if TYPE_CHECKING:
    from retrieval.alike.duplicates import Duplicates, Group
    from retrieval.catalog.writer import Writer
    from retrieval.decode.decoder import Decoder
    from retrieval.explain.explanation import Explanation
    from retrieval.info import Info
    from retrieval.roots import Offline
    from retrieval.speech.transcriber import Transcriber

CATALOG = "catalog.sqlite"


class Library:
    """A library that is open; safe to share between threads."""

    def __init__(
        self, path: Path, catalog: Catalog, binding: Binding, transcriber: Transcriber | None
    ) -> None:
        self.path = path
        self.thumbnails = Thumbnails(path / "thumbnails")
        self.catalog = catalog
        self.binding = binding
        self._given_transcriber = transcriber
        self._caught_up_to = self._kept_at = 0
        self._loading = RLock()
        self._lock = WriteLock(path)

    @classmethod
    def open(
        cls,
        path: Path,
        encoder: Encoder | None = None,
        transcriber: Transcriber | None = None,
    ) -> Self:
        """Open the library in a directory, making one for the encoder if there is none yet.

        Raise EncoderMismatch if the library was made with another encoder than the one given.
        """
        path = path.expanduser().absolute()
        _make_directory(path)
        with room_in(path):
            catalog = Catalog(path / CATALOG)
            binding = catalog.binding() or bind(path, catalog, encoder)
        if encoder is not None:
            demand_same(binding, encoder, path)
        library = cls(path, catalog, binding, transcriber)
        if encoder is not None:
            library.__dict__["encoder"] = encoder
        return library

    @classmethod
    def open_existing(cls, path: Path, encoder: Encoder | None = None) -> Self:
        """Open the library in a directory, or raise LibraryNotFound."""
        if not (path.expanduser() / CATALOG).is_file():
            raise LibraryNotFound(
                f"There is no library in {path}. Make one with: triptych index FOLDER"
            )
        return cls.open(path, encoder)

    def close(self) -> None:
        """Let go of the catalog."""
        self.catalog.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # The parts that load when they are needed.

    @cached_property
    def encoder(self) -> Encoder:
        """The dual encoder the library is bound to."""
        encoder = load_encoder(self.binding.name)
        demand_same(self.binding, encoder, self.path)
        return encoder

    @cached_property
    def transcriber(self) -> Transcriber:
        """What turns speech into words."""
        if self._given_transcriber is not None:
            return self._given_transcriber
        from retrieval.speech.whisper import WhisperTranscriber

        return WhisperTranscriber(settings().speech_model)

    @cached_property
    def vectors(self) -> VectorStore:
        """The FAISS cache of the catalog's vectors."""
        return VectorStore(
            self.path, self.binding.library, self.binding.dim, self.catalog.embeddings
        )

    @cached_property
    def _engine(self) -> Engine:
        return Engine(self.catalog, self.vectors, self.encoder, self._listen, self._everyday)

    def _everyday(self) -> Vectors:
        return read_everyday(self.path, self.encoder)

    @cached_property
    def _duplicates(self) -> Duplicates:
        from retrieval.alike.duplicates import Duplicates

        return Duplicates(self.catalog)

    def _listen(self, term: SpeechTerm) -> str:
        from retrieval.decode.sound import Sound, read_sound

        sound = term.sound
        if not isinstance(sound, Sound):
            sound = read_sound(sound, settings().max_query_seconds)
        return " ".join(u.text for u in self.transcriber.transcribe(sound.samples))

    # Questions.

    def search(self, query: Query) -> Answer:
        """Find the items that answer a query; see ``retrieval.search.engine``."""
        return self._ready_engine().answer(query)

    def places(self, query: Query, item_id: int) -> Answer:
        """Find where in an item a query is met about as well as where it is met best."""
        return self._ready_engine().places(query, item_id)

    def explain(
        self,
        query: Query,
        item_id: int,
        passage_id: int | None = None,
        decoder: Decoder | None = None,
    ) -> Explanation:
        """Say what in a passage of an item, its best unless one is given, matches a query.

        A picture is decoded again for it, here unless a decoder is given.
        """
        from retrieval.decode.decoder import Here

        return self._ready_engine().explain(query, item_id, passage_id, decoder or Here())

    def warm(self) -> None:
        """Load what a search by words needs, so that the first one need not wait for it."""
        self._ready_engine()
        self.encoder.encode_texts([""])

    def item(self, item_id: int) -> Item:
        """Find an item by its id, or raise NotFound."""
        return self.catalog.item(item_id)

    def passages(self, item: Item) -> tuple[tuple[int, Passage], ...]:
        """List an item's passages with their ids, in their order within the item."""
        return self.catalog.passages(item)

    def duplicates(self, filters: Filters, progress: Progress) -> tuple[Group, ...]:
        """Group the files that are the same or nearly so; asked again, answer at once."""
        return self._duplicates.find(filters, progress)

    def offline(self) -> tuple[Offline, ...]:
        """List the roots that cannot be reached now; what is kept of them still answers."""
        from retrieval.roots import find_offline

        return find_offline(self.catalog)

    def info(self) -> Info:
        """Say what the library holds, and how."""
        from retrieval.info import describe

        with self._loading:
            self._catch_up()
        return describe(self)

    # Changes.

    @contextmanager
    def write(self, patience: float = 0.0, progress: Progress | None = None) -> Iterator[Writer]:
        """Give the catalog's writer to the one process that may write.

        Raise LibraryBusy if another still writes after so many seconds; it is noted who does.
        Raise DiskFull where there is no room for what is written.
        """
        with room_in(self.path):
            self._lock.acquire(patience, progress or Unwatched())
            try:
                yield self.catalog.writer()
            finally:
                try:
                    self._keep_vectors()
                finally:
                    self._lock.release()

    def mark(self, item_id: int, favourite: bool) -> None:
        """Keep whether an item is a favourite; no lock is needed for it."""
        favourites = self.catalog.favourites
        with room_in(self.path):
            (favourites.add if favourite else favourites.remove)(item_id)

    def keep(self, progress: Progress) -> None:
        """Bring sketches and vectors on disk up to the catalog; draw up what indexes are due.

        The caller is within ``write``. Whoever searches meanwhile is answered from the old ones.
        """
        from retrieval.alike.sketching import sketch_missing

        sketch_missing(self.catalog, self.catalog.writer(), self.thumbnails.file)
        if not len(self.encoder.reference_texts()):
            keep_everyday(self.path, self.encoder)
        self._keep_vectors()
        self.vectors.approximate(self._everyday, progress)

    def _keep_vectors(self) -> None:
        version = self.catalog.version()
        with self._loading:
            if version != self._kept_at:
                self.vectors.save()
                self._caught_up_to = self._kept_at = version

    def _ready_engine(self) -> Engine:
        """Give what answers, once it knows of what was written meanwhile."""
        with self._loading:
            engine = self._engine
            self._catch_up()
        return engine

    def _catch_up(self) -> None:
        version = self.catalog.version()
        if version != self._caught_up_to:
            self.vectors.catch_up()
            self._caught_up_to = version


def _make_directory(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(
            f"{path} cannot be a library ({error.strerror}). Name another with --library."
        ) from error
