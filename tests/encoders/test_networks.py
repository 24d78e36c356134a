"""Networks are opened once, in the background, and a failure reaches all who wait."""

from __future__ import annotations

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest

from retrieval.encoders.builtin import FOLDER, PICTURES
from retrieval.encoders.networks import Networks
from retrieval.errors import ModelUnavailable

PIXELS = {"pixels": np.zeros((1, 260, 260, 3), np.uint8)}


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    paths: list[str] = []
    session = ort.InferenceSession

    def count(path: Path, options: ort.SessionOptions) -> ort.InferenceSession:
        paths.append(path.name)
        return session(path, options)

    monkeypatch.setattr(ort, "InferenceSession", count)
    return paths


def test_threads_that_arrive_together_open_a_network_once(opened: list[str]) -> None:
    shared, gate = Networks(FOLDER, 1), threading.Barrier(4)

    def run(_: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        gate.wait()
        return shared.run(PICTURES, PIXELS)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(run, range(4)))
    assert opened == [PICTURES]
    assert all(np.array_equal(rows, found[0]) for rows in found)


def test_a_network_that_was_begun_is_not_opened_again(opened: list[str]) -> None:
    shared = Networks(FOLDER, 1)
    session = shared.begin(PICTURES)
    shared.run(PICTURES, PIXELS)
    assert shared.begin(PICTURES) is session
    assert opened == [PICTURES]


def test_a_missing_file_is_named_and_read_once_it_is_back(tmp_path: Path) -> None:
    shared = Networks(tmp_path, 1)
    for _ in range(2):
        with pytest.raises(ModelUnavailable, match=r"image\.onnx.*Reinstall"):
            shared.run(PICTURES, PIXELS)
    shutil.copy(FOLDER / PICTURES, tmp_path)
    assert shared.run(PICTURES, PIXELS).shape == (1, 512)


def test_whatever_goes_wrong_is_heard_by_all_who_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(ort, "InferenceSession", fail)
    shared = Networks(FOLDER, 1)
    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(shared.run, PICTURES, PIXELS) for _ in range(3)]
        for one in waiting:
            with pytest.raises(ModelUnavailable, match="image"):
                one.result(timeout=30)


def test_a_thread_that_cannot_start_leaves_nothing_to_wait_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    shared = Networks(FOLDER, 1)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", fail)
        with pytest.raises(RuntimeError):
            shared.run(PICTURES, PIXELS)
    assert shared.run(PICTURES, PIXELS).shape == (1, 512)


def test_inputs_computed_together_keep_their_order_and_their_values() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (5, 1, 260, 260, 3), np.uint8)
    together = Networks(FOLDER, 2).run_each(PICTURES, list(noise), lambda one: {"pixels": one})
    alone = Networks(FOLDER, 1).run_each(PICTURES, list(noise), lambda one: {"pixels": one})
    assert len({row.tobytes() for row in alone}) == len(alone)
    assert np.allclose(np.concatenate(together), np.concatenate(alone), atol=1e-5)


def test_what_fails_among_inputs_computed_together_is_heard(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"image\.onnx"):
        Networks(tmp_path, 2).run_each(PICTURES, [PIXELS] * 3, lambda inputs: inputs)
