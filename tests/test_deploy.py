"""``deploy/`` is linted, and true of the command as it is; containers are not built here."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from cli.serve import command as serve

ROOT = Path(__file__).parents[1]
DOCKERFILE, UNIT = ROOT / "deploy" / "Dockerfile", ROOT / "deploy" / "triptych.service"


def served() -> list[list[str]]:
    """Give the commands that the two files run."""
    lines = DOCKERFILE.read_text().splitlines()
    [container] = [json.loads(line[4:]) for line in lines if line.startswith("CMD ")]
    [unit] = [line[10:] for line in UNIT.read_text().splitlines() if line.startswith("ExecStart=")]
    return [container, shlex.split(unit)]


def test_the_dockerfile_passes_hadolint() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([hadolint, DOCKERFILE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text().replace("%h/.local/bin/triptych", shutil.which("true") or ""))
    command = ["systemd-analyze", "verify", str(unit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert UNIT.name not in done.stderr


def test_they_serve_with_options_that_there_are() -> None:
    for program, name, *options in served():
        assert Path(program).name == "triptych"
        assert name == "serve"
        serve.make_context("triptych serve", [*options, "--token", "t"])


def test_the_container_takes_in_all_that_is_installed() -> None:
    taken = {line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line[0] == "!"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = project["tool"]["setuptools"]["packages"]["find"]["include"]
    needed = {"pyproject.toml", project["project"]["readme"], *project["project"]["license-files"]}
    assert needed | {package.rstrip("*") for package in packages} <= taken
