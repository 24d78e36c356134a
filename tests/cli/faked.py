"""The command with fake encoders: ``fake`` tells colours, ``fake:blind`` no two pictures apart.

``fake:slow`` says on standard error when it has begun, and takes its time. Run as
``python -m tests.cli.faked COMMAND …``.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

import numpy as np
from PIL import Image

from cli.main import run
from retrieval.encoders import registry
from retrieval.encoders.protocol import Encoder, Vectors
from retrieval.errors import ModelUnavailable
from tests.fakes import FakeEncoder


class Blind(FakeEncoder):
    """Sees the same in every picture."""

    name = "fake:blind"

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        return np.repeat(super().encode_images([Image.new("RGB", (9, 9))]), len(images), axis=0)


class Slow(FakeEncoder):
    """Never comes to an end."""

    name = "fake:slow"

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        sys.stderr.write("begun\n")
        sys.stderr.flush()
        time.sleep(600)
        raise AssertionError("nobody interrupted")


def load(name: str) -> Encoder:
    """Find a fake encoder by name, as the registry finds real ones."""
    for encoder in (FakeEncoder, Blind, Slow):
        if encoder.name == name:
            return encoder()
    raise ModelUnavailable(f"There is no encoder {name!r}.")


if __name__ == "__main__":
    registry.load_encoder = load
    run(prog_name="triptych")
