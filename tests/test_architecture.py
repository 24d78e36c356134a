"""Imports point down: see the table of folders in the README."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {
    "migrations": {"retrieval"},
    "retrieval": {"retrieval", "migrations"},
    "indexer": {"indexer", "retrieval"},
    "webui": {"webui", "retrieval"},
    "cli": {"cli", "indexer", "webui", "retrieval"},
}
HEAVY = ("torch", "open_clip", "faster_whisper", "alembic")


def imports(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_point_down(package: str) -> None:
    for file in (ROOT / package).rglob("*.py"):
        ours = imports(file) & MAY_IMPORT.keys()
        assert ours <= MAY_IMPORT[package], file


def test_no_folder_is_a_drawer() -> None:
    names = {path.stem for package in MAY_IMPORT for path in (ROOT / package).rglob("*")}
    assert not names & {"utils", "util", "helpers", "common", "misc"}


def test_the_library_never_prints() -> None:
    for package in ("retrieval", "indexer", "webui"):
        for file in (ROOT / package).rglob("*.py"):
            calls = [n for n in ast.walk(ast.parse(file.read_text())) if isinstance(n, ast.Call)]
            assert not any(getattr(call.func, "id", "") == "print" for call in calls), file


@pytest.mark.parametrize(
    "module", ["retrieval.library", "retrieval.wire", "indexer.run", "webui.serve"]
)
def test_heavy_packages_are_not_imported_before_they_are_needed(module: str) -> None:
    program = f"import sys, {module}; print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert result.stdout.strip() == "[]"
