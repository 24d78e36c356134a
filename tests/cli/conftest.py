"""Runs the real command in a subprocess, as a shell would: the truest test of a command line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples" / "media"

Run = Callable[..., subprocess.CompletedProcess[str]]


def triptych(*arguments: object, timeout: float = 240) -> subprocess.CompletedProcess[str]:
    """Run the command with no terminal, no settings of the developer's, and no network."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TRIPTYCH_")}
    return subprocess.run(
        [sys.executable, "-m", "cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout,
        env={**environment, "HF_HUB_OFFLINE": "1", "PYTHONWARNINGS": "error"},
        stdin=subprocess.DEVNULL,
        check=False,
    )


@pytest.fixture(scope="session")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Index the example media once with the real encoder and transcriber, and give the library."""
    library = tmp_path_factory.mktemp("examples") / "library"
    result = triptych("index", EXAMPLES, "--library", library)
    assert result.returncode == 0, result.stderr
    return library
