"""The manners of the command line: what is said where, and with which status."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cli.main import COMMANDS
from tests.cli.conftest import EXAMPLES, triptych


def test_help_names_every_command_and_imports_nothing_heavy() -> None:
    program = (
        "import sys\n"
        "from cli.main import run\n"
        "try: run(['--help'], prog_name='triptych')\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'open_clip', 'faiss', 'onnxruntime', 'sqlalchemy', 'flask', 'av'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[-1] == "[]"
    for command in COMMANDS:
        assert re.search(rf"^  {command}  +\S", result.stdout, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_that_ends_well(command: str) -> None:
    result = triptych(command, "--help")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith(f"Usage: triptych {command}")
    assert "\\b" not in result.stdout  # click's mark for lines that stay lines


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["search", "x", "--library", "/nowhere"], 1, "There is no library in /nowhere"),
        (["info", "--library", "/nowhere"], 1, "There is no library in /nowhere"),
        (["search", "--library", "/nowhere"], 2, "Say what to look for"),
        (["search", "x", "--kind", "smell"], 2, "'smell' is not one of"),
        (["search", "x", "--image", "/nowhere.jpg"], 2, "'/nowhere.jpg' does not exist"),
        (["search", "x", "-k", "0"], 2, "0 is not in the range"),
        (["search", "x", "--after", "soon"], 2, "'soon' does not match"),
        (["index", "/nowhere"], 2, "'/nowhere' does not exist"),
        (["index", str(EXAMPLES), "--encoder", "good"], 1, "There is no encoder 'good'"),
        (["nonsense"], 2, "No such command 'nonsense'"),
    ],
)
def test_mistakes_are_explained_on_standard_error(
    arguments: list[str], status: int, says: str, tmp_path: Path
) -> None:
    if "--library" not in arguments and arguments[0] != "nonsense":
        arguments = [*arguments, "--library", str(tmp_path)]
    result = triptych(*arguments)
    assert (result.returncode, result.stdout) == (status, "")
    assert says in result.stderr
    assert "Traceback" not in result.stderr


def test_a_picture_that_cannot_be_read_is_named(examples: Path, tmp_path: Path) -> None:
    file = tmp_path / "torn.jpg"
    file.write_bytes((EXAMPLES / "pictures" / "cat.jpg").read_bytes()[:500])
    result = triptych("search", "--image", file, "--library", examples)
    assert result.returncode == 1
    assert "torn.jpg" in result.stderr
    assert "Traceback" not in result.stderr


def test_search_prints_scores_paths_and_positions(examples: Path) -> None:
    result = triptych("search", "a cat", "--library", examples, "-k", 3, "--all")
    assert result.returncode == 0, result.stderr
    lines = [line.split("\t") for line in result.stdout.splitlines()]
    assert lines[0][1] == str(EXAMPLES / "pictures" / "cat.jpg")
    scores = [float(line[0]) for line in lines]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert len(lines) == 3


@pytest.mark.parametrize(
    ("words", "file", "kind"),
    [
        ("一杯咖啡", "cup-of-coffee.jpg", "image"),
        ("a cat", "cat.jpg", "image"),
        ("how do I mend a flat tyre", "bicycle-care.pdf", "text"),
        ("baking bread", "sourdough.md", "text"),
        ("怎么做红烧肉", "红烧肉.md", "text"),
        ("what does the heating system cost", "heat-pump-quote.txt", "text"),
        ("dentist appointment moved", "dentist-voicemail.mp3", "audio"),
        ("bee hives and children", "garden-meeting.ogg", "audio"),
    ],
)
def test_the_examples_are_found_by_meaning(
    examples: Path, words: str, file: str, kind: str
) -> None:
    result = triptych("search", words, "--library", examples, "--kind", kind, "-k", 1, "--json")
    assert result.returncode == 0, result.stderr
    [hit] = json.loads(result.stdout)["hits"]
    assert Path(hit["path"]).name == file
    assert hit["kind"] == kind


def test_positions_tell_the_page_and_the_second(examples: Path) -> None:
    words = "find the hole in the tube"
    page = triptych("search", words, "--library", examples, "--kind", "text", "-k", 1).stdout
    assert page.split("\t")[1:] == [f"{EXAMPLES / 'documents' / 'bicycle-care.pdf'}", "page 2\n"]
    speech = triptych("search", "bees", "--library", examples, "--kind", "audio", "-k", 1).stdout
    assert re.search(r"\t\d:\d\d-\d:\d\d\n$", speech)


def test_a_recording_asks_what_it_says(examples: Path) -> None:
    sound = EXAMPLES / "recordings" / "dentist-voicemail.mp3"
    result = triptych("search", "--audio", sound, "--library", examples, "--kind", "audio", "-k", 1)
    assert "Heard: " in result.stderr
    assert "Friday" in result.stderr
    assert "dentist-voicemail.mp3" in result.stdout


def test_a_one_shot_search_does_not_import_torch(examples: Path) -> None:
    program = (
        "import sys\n"
        "from cli.main import run\n"
        f"try: run(['search', 'a cat', '--library', {str(examples)!r}], prog_name='triptych')\n"
        "except SystemExit: pass\n"
        "print('torch' in sys.modules or 'open_clip' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert result.stdout.splitlines()[-1] == "False", result.stderr


def test_info_counts_what_was_indexed(examples: Path) -> None:
    body = json.loads(triptych("info", "--library", examples, "--json").stdout)
    assert body["by_kind"] == {"audio": 3, "image": 12, "text": 6}
    assert body["items"] == 21
    assert body["passages"] == body["index"]["vectors"] >= 21
    assert body["failures"] == []
    assert body["encoder"]["name"] == "builtin"
    text = triptych("info", "--library", examples).stdout
    assert "items     21" in text


def test_a_second_run_reads_nothing_again(examples: Path) -> None:
    result = triptych("index", EXAMPLES, "--library", examples)
    assert (result.returncode, result.stdout) == (0, "")
    assert "0 added, 0 recognised, 21 unchanged, 0 gone, 0 not readable." in result.stderr


def test_names_that_are_listed_move_no_cursor_and_begin_no_line(tmp_path: Path) -> None:
    folder = tmp_path / "media"
    folder.mkdir()
    (folder / "\x1b[2Jtwo\nlines.png").write_bytes(b"")
    result = triptych("index", folder, "--library", tmp_path / "library")
    assert f"Not indexed: {folder}/\\x1b[2Jtwo\\nlines.png: " in result.stderr


def test_unreadable_files_are_listed_and_the_run_succeeds(tmp_path: Path) -> None:
    folder = tmp_path / "media"
    folder.mkdir()
    cat = (EXAMPLES / "pictures" / "cat.jpg").read_bytes()
    (folder / "good.jpg").write_bytes(cat)
    (folder / "torn.jpg").write_bytes(cat[:2000])
    (folder / "empty.png").write_bytes(b"")
    result = triptych("index", folder, "--library", tmp_path / "library")
    assert result.returncode == 0
    assert "1 added" in result.stderr
    listed = [line for line in result.stderr.splitlines() if line.startswith("Not indexed: ")]
    assert {Path(line.split(": ")[1]).name for line in listed} == {"torn.jpg", "empty.png"}
    info = json.loads(triptych("info", "--library", tmp_path / "library", "--json").stdout)
    assert {Path(f["path"]).name for f in info["failures"]} == {"torn.jpg", "empty.png"}
