"""Where on a page a text stands."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from fpdf import FPDF

from retrieval.decode.paper import page_at
from retrieval.decode.placement import Box, boxes_on
from retrieval.errors import UnreadableMedia

WORDS = "The keeper lit the lamp at dusk and wrote the weather into a book."


def printed(file: Path, *lines: str) -> Path:
    pdf = FPDF()
    pdf.set_font("Helvetica", size=14)
    pdf.add_page()
    pdf.multi_cell(0, text="Nothing of note.")
    pdf.add_page()
    for line in lines:
        pdf.cell(0, 20, text=line, new_x="LMARGIN", new_y="NEXT")
    pdf.output(str(file))
    return file


def ink_in(file: Path, box: Box) -> float:
    """Give the share of the page's ink that a box of its second page holds."""
    dark = np.asarray(page_at(file, 2, 1000).convert("L")) < 128
    height, width = dark.shape
    left, top, right, bottom = np.multiply(box, (width, height, width, height)).astype(int)
    return dark[top : bottom + 1, left : right + 1].sum() / dark.sum()


def test_every_line_of_a_text_has_a_box_and_all_ink_is_in_them(tmp_path: Path) -> None:
    file = printed(tmp_path / "log.pdf", WORDS[:34], WORDS[34:])
    [lines] = boxes_on(file, 2, WORDS, [(0, len(WORDS))])
    assert len(lines) == 2
    assert lines[0][3] < lines[1][1], "the first line is above the second"
    assert sum(ink_in(file, box) for box in lines) == pytest.approx(1, abs=0.03)


def test_a_word_has_the_box_of_its_letters(tmp_path: Path) -> None:
    file = printed(tmp_path / "log.pdf", WORDS)
    at = WORDS.index("lamp")
    [[line], [word]] = boxes_on(file, 2, WORDS, [(0, len(WORDS)), (at, at + 4)])
    assert line[0] < word[0] < word[2] < line[2]
    assert (word[2] - word[0]) / (line[2] - line[0]) == pytest.approx(4 / len(WORDS), rel=0.4)


def test_a_passage_is_found_however_its_lines_are_broken(tmp_path: Path) -> None:
    file = printed(tmp_path / "log.pdf", "Before it.", WORDS[:34], WORDS[34:], "After it.")
    told = WORDS.replace(" ", "\n\n", 3).replace("dusk", "du\u00adsk")
    [lines] = boxes_on(file, 2, told, [(0, len(told))])
    assert len(lines) == 2


def test_boxes_turn_with_the_page(tmp_path: Path) -> None:
    file = printed(tmp_path / "log.pdf", WORDS)
    document = pypdfium2.PdfDocument(file)
    document[1].set_rotation(90)
    document.save(tmp_path / "turned.pdf")
    document.close()
    [[box]] = boxes_on(tmp_path / "turned.pdf", 2, WORDS, [(0, len(WORDS))])
    assert box[3] - box[1] > box[2] - box[0], "it runs down the page"
    assert ink_in(tmp_path / "turned.pdf", box) > 0.9


def test_what_is_not_on_the_page_is_nowhere(tmp_path: Path) -> None:
    file = printed(tmp_path / "log.pdf", WORDS)
    assert boxes_on(file, 1, WORDS, [(0, 3), (4, 10)]) == [[], []]
    assert boxes_on(file, 2, WORDS, [(3, 4)]) == [[]], "a space shows nothing"


def test_a_damaged_file_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "cut.pdf").write_bytes(b"%PDF-1.7 cut short")
    with pytest.raises(UnreadableMedia, match="damaged"):
        boxes_on(tmp_path / "cut.pdf", 1, WORDS, [(0, 3)])
    with pytest.raises(UnreadableMedia):
        boxes_on(printed(tmp_path / "log.pdf"), 9, WORDS, [(0, 3)])
