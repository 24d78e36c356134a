"""The networks in a folder of ONNX files, each opened once, for any number of threads.

Opening takes a good part of a second and no interpreter lock, so one that was begun early is ready
when its inputs are. The threads that open are no daemons: an interpreter that ended beneath one
would take the runtime from under it. A process must not be forked while one is being opened.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ModelUnavailable

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

T = TypeVar("T")
Inputs = Mapping[str, NDArray[Any]]
Session: TypeAlias = "Future[InferenceSession]"

TOGETHER = 4
"""How many inputs are computed at once at most; they share the cores."""


class Networks:
    """Networks by the names of their files."""

    def __init__(self, folder: Path, threads: int | None) -> None:
        """Read nothing yet; None computes on all cores."""
        self._folder = folder
        self._threads = threads or 0  # onnxruntime reads 0 as all cores
        self._beginning = threading.Lock()
        self._sessions: dict[str, Session] = {}

    def begin(self, file: str) -> Session:
        """Open a network in the background, unless it has been begun."""
        # Imported here, where somebody needs it, and not in the thread, which would have to wait
        # its turn behind whatever else is being imported.
        import onnxruntime  # noqa: F401

        with self._beginning:
            if file not in self._sessions:
                session: Session = Future()
                threading.Thread(target=self._open, args=(file, session)).start()
                self._sessions[file] = session
            return self._sessions[file]

    def run(self, file: str, inputs: Inputs) -> NDArray[np.float32]:
        """Compute a network's one result. Raise ModelUnavailable for a file that cannot be read."""
        found: NDArray[np.float32] = self.begin(file).result().run(None, inputs)[0]
        return found

    def run_each(
        self, file: str, batches: Sequence[T], prepare: Callable[[T], Inputs]
    ) -> list[NDArray[np.float32]]:
        """Compute the results of many inputs, some at a time: each alone leaves cores idle."""

        def run(batch: T) -> NDArray[np.float32]:
            return self.run(file, prepare(batch))

        callers = min(len(batches), self._threads or os.cpu_count() or 1, TOGETHER)
        if callers < 2:
            return [run(batch) for batch in batches]
        with ThreadPoolExecutor(callers, "encode") as pool:
            return list(pool.map(run, batches))

    def _open(self, file: str, session: Session) -> None:
        import onnxruntime as ort

        try:
            with reading(self._folder / file) as path:
                options = ort.SessionOptions()
                options.intra_op_num_threads = self._threads
                # Threads that wait busily would take a core from whoever opens or searches.
                options.add_session_config_entry("session.intra_op.allow_spinning", "0")
                opened = ort.InferenceSession(path, options)
        except BaseException as error:  # whoever waits must hear of it, whatever it is
            with self._beginning:
                self._sessions.pop(file, None)  # so that a restored file is read at the next use
            session.set_exception(error)
        else:
            session.set_result(opened)


@contextmanager
def reading(path: Path) -> Iterator[Path]:
    """Translate any failure to read a model file: the readers raise bare exceptions."""
    try:
        yield path
    except Exception as error:
        raise ModelUnavailable(
            f"the built-in encoder cannot read {path}: {error}. "
            "Reinstall Triptych to restore the file"
        ) from error
