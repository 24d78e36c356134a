"""Every line has a reading, and the sensible one."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.media import Filters, ItemTerm, Kind, Phrase, TextTerm
from retrieval.search.language import (
    LONGEST,
    MOST_TERMS,
    UNWANTED,
    Line,
    as_it_stands,
    find_restrictions,
    read_line,
    read_lines,
)
from retrieval.search.quotation import LONGEST_QUOTATION

IMAGE, TEXT, AUDIO, VIDEO = (frozenset({kind}) for kind in Kind)


def words(text: str, *others: TextTerm | ItemTerm) -> Line:
    return Line((TextTerm(text), *others))


@pytest.mark.parametrize(
    "line",
    [
        "a dog on the beach",
        "A dog, running!  On the BEACH…",
        "沙滩上奔跑的狗，傍晚",
        "well-known faces of 2024-05",
        "the 12:30 train, 16:9, John 3:16 and 8:05",
        "- a hyphen alone -- or two",
        "-5 degrees",
        'a 5" pipe and a 6" pipe',
        'rock"n"roll',
        'an open "quote',
        "an open “quote and -“another 「one",
        'nothing "" in “” here "?!"',
        "kind:banana kind:image,banana kind: image --flag -",
        "after:tomorrowish before:2024-13 on:2024-02-30 after:24",
        "note: buy milk",
        "http://example.org/a?b=c and C:\\temp",
        "size:2mb size:>big larger:999999999tb longer:soon shorter:1h30",
        "like:me like:-3 like:9999999999999999999",
        "0:dog 11:dog 1.2.3:dog 2: dog 2:3",
        "unkind:image,and 2in:x",
        'in:"" kind:"" -"" 2:"!" like:""',
    ],
)
def test_ordinary_text_stays_as_it_is(line: str) -> None:
    assert read_line(line) == words(line)


def test_an_empty_line_says_nothing() -> None:
    assert read_line("") == read_line(" \t\u3000") == Line()


@pytest.mark.parametrize(
    ("line", "text", "exact"),
    [
        ('"red barn"', "red barn", "red barn"),
        ('an old "red  barn" at dusk', "an old red barn at dusk", "red barn"),
        ('("red barn")', "(red barn)", "red barn"),
        ("a “red barn”", "a red barn", "red barn"),
        ("找“红房子”的照片", "找红房子的照片", "红房子"),
        ('找"红房子"的照片', "找红房子的照片", "红房子"),
        ("＂红房子＂", "红房子", "红房子"),
        ("「红房子」", "红房子", "红房子"),
        ("『红房子』旁", "红房子旁", "红房子"),
        ('note:"buy milk"', "note:buy milk", "buy milk"),
    ],
)
def test_quoted_words_are_exact_and_count_for_the_meaning(line: str, text: str, exact: str) -> None:
    assert read_line(line) == Line((TextTerm(text),), (Phrase(exact),))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("dog -cat", words("dog", TextTerm("cat", UNWANTED))),
        ("-cat dog", words("dog", TextTerm("cat", UNWANTED))),
        ("-cat", Line((TextTerm("cat", UNWANTED),))),
        ("狗 －猫", words("狗", TextTerm("猫", UNWANTED))),
        ("a −cat dog", words("a dog", TextTerm("cat", UNWANTED))),
        ("dog -well-known", words("dog", TextTerm("well-known", UNWANTED))),
        ('dog -"red car"', Line((TextTerm("dog"),), (Phrase("red car", wanted=False),))),
        ("狗 -“红 车”", Line((TextTerm("狗"),), (Phrase("红 车", wanted=False),))),
        ("2:dog", Line((TextTerm("dog", 2.0),))),
        ('0.5:"red car" barn', words("barn", TextTerm("red car", 0.5))),
        ("-2:fence barn", words("barn", TextTerm("fence", -2.0))),
        ('-2:"wire fence" barn', words("barn", TextTerm("wire fence", -2.0))),
        ("2：红房子 海边", words("海边", TextTerm("红房子", 2.0))),
        ("10:dog", Line((TextTerm("dog", 10.0),))),
        ("like:12", Line((ItemTerm(12),))),
        ("dog like:#12,7", words("dog", ItemTerm(12), ItemTerm(7))),
        ("dog -like:12", words("dog", ItemTerm(12, UNWANTED))),
        ("2:like:12 -0.5:like:7", Line((ItemTerm(12, 2.0), ItemTerm(7, -0.5)))),
        ("类似：12", Line((ItemTerm(12),))),
    ],
)
def test_signs_and_weights(line: str, expected: Line) -> None:
    assert read_line(line) == expected


@pytest.mark.parametrize(
    ("line", "text", "filters"),
    [
        ("dog kind:image", "dog", Filters(IMAGE)),
        ("KIND:Photos dog", "dog", Filters(IMAGE)),
        ("a kind:image dog", "a dog", Filters(IMAGE)),
        ("dog kind:photo,doc kind:speech", "dog", Filters(IMAGE | TEXT | AUDIO)),
        ("狗 类型：图片、文档，录音", "狗", Filters(IMAGE | TEXT | AUDIO)),
        ("dog -kind:video", "dog", Filters(IMAGE | TEXT | AUDIO)),
        ("dog -kind:video -kind:text", "dog", Filters(IMAGE | AUDIO)),
        ("dog kind:image,video -kind:video", "dog", Filters(IMAGE)),
        ("dog kind:image -kind:image", "dog", Filters(IMAGE)),
        ("dog in:Holiday/2024", "dog", Filters(folder="Holiday/2024")),
        ('dog in:"My Photos/2024"', "dog", Filters(folder="My Photos/2024")),
        ("狗 in：“我的 照片”", "狗", Filters(folder="我的 照片")),
        ("dog in:a in:b", "dog", Filters(folder="b")),
        ("dog after:2024-05", "dog", Filters(after=datetime(2024, 5, 1))),
        ("狗 晚于：2024年5月", "狗", Filters(after=datetime(2024, 5, 1))),
        ("dog after:2024 after:2023", "dog", Filters(after=datetime(2024, 1, 1))),
        ("dog larger:2mb", "dog", Filters(min_size=2_000_000)),
        ("dog size:>2mb size:<500mb", "dog", Filters(min_size=2_000_000, max_size=500_000_000)),
        ("dog duration:>1m shorter:1h", "dog", Filters(min_duration=60, max_duration=3600)),
        ("dog shorter:90s shorter:2m", "dog", Filters(max_duration=90)),
        ("dog is:favourite", "dog", Filters(favourite=True)),
        ("狗 是:收藏 kind:image", "狗", Filters(frozenset({Kind.IMAGE}), favourite=True)),
        ("dog is:friendly", "dog is:friendly", Filters()),
    ],
)
def test_operators_restrict(line: str, text: str, filters: Filters) -> None:
    assert read_line(line) == Line((TextTerm(text),), (), filters)


def test_a_line_of_operators_has_no_term() -> None:
    assert read_line('kind:image -"red car"') == Line(
        (), (Phrase("red car", False),), Filters(IMAGE)
    )


def test_every_part_may_stand_in_one_line() -> None:
    read = read_line('2:dog "red barn" -snow kind:image in:x after:2024 like:3 at dusk -"no entry"')
    assert read == Line(
        (TextTerm("red barn at dusk"), TextTerm("dog", 2), TextTerm("snow", -0.5), ItemTerm(3)),
        (Phrase("red barn"), Phrase("no entry", wanted=False)),
        Filters(IMAGE, "x", datetime(2024, 1, 1)),
    )


def test_several_lines_join() -> None:
    joined = read_lines(["red kind:image after:2023", "", "blue kind:text after:2024"])
    filters = Filters(IMAGE | TEXT, after=datetime(2024, 1, 1))
    assert joined == Line((TextTerm("red"), TextTerm("blue")), (), filters)


@pytest.mark.parametrize(
    "line",
    [
        "kind:image " + "a" * LONGEST,
        "kind:image " + " ".join(f"-word{'x' * i}" for i in range(MOST_TERMS + 1)),
        " ".join(f"“line{'x' * i}”" for i in range(MOST_TERMS + 1)),
    ],
)
def test_pasted_prose_is_words(line: str) -> None:
    assert read_line(line) == words(line)


def test_a_quotation_has_an_end_nearby() -> None:
    assert read_line(f'"{"a" * LONGEST_QUOTATION}"').phrases == (Phrase("a" * LONGEST_QUOTATION),)
    assert read_line(f'"{"a" * LONGEST_QUOTATION}a"').phrases == ()


def test_halves_of_characters_are_replaced() -> None:
    assert read_line("red \ud83d barn") == as_it_stands("red \ud83d barn") == words("red ? barn")


MARKS = st.sampled_from(
    [
        *"\"“”「」＂-－:：., 2\t狗aé'#",
        "kind:",
        "in:",
        "like:",
        "-",
        "2:",
        "image",
        "after:2024",
        " ",
    ]
)


@given(st.text() | st.lists(MARKS, max_size=40).map("".join))
def test_any_text_has_a_reading(line: str) -> None:
    read = read_line(line)
    assert len(read.terms) + len(read.phrases) <= MOST_TERMS
    texts = [term.text for term in read.terms if isinstance(term, TextTerm)]
    assert all(text == text.strip() != "" for text in texts)
    assert all(term.weight and abs(term.weight) <= 10 for term in read.terms)
    assert all(any(map(str.isalnum, phrase.words)) for phrase in read.phrases)
    assert read_line(line) == read


PLAIN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters='"＂“「『:：-－−'))


@given(PLAIN)
def test_text_without_marks_is_one_term(line: str) -> None:
    assert read_line(line) == (words(line.strip()) if line.strip() else Line())


SAID = ["kind:image", "kind:audio", "after:2024", "before:2024-06", "larger:1kb", "-kind:text"]


@given(st.permutations([*SAID, "a dog"]))
def test_the_order_of_operators_makes_no_difference(parts: list[str]) -> None:
    assert read_line(" ".join(parts)) == read_line(" ".join([*SAID, "a dog"]))


@given(st.permutations(["-cat", '2:"red car"', '"old barn"', "like:3"]))
def test_the_order_of_terms_makes_no_difference_to_what_they_say(parts: list[str]) -> None:
    read = read_line(" ".join(parts))
    assert set(read.terms) == {
        TextTerm("old barn"),
        TextTerm("cat", UNWANTED),
        TextTerm("red car", 2.0),
        ItemTerm(3),
    }
    assert read.phrases == (Phrase("old barn"),)


@pytest.mark.parametrize("mark", ['"', "“", ' "', " -“", " 2:in:“", " kind:“", " kind:", "“!” "])
def test_the_longest_lines_of_nothing_but_marks_are_words(mark: str) -> None:
    line = (mark * LONGEST)[:LONGEST]
    assert read_line(line) == words(line.strip())


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("a dog", []),
        (
            "red kind:image after:2023-01-01  after:2023-01 ",
            "kind:image after:2023-01-01 after:2023-01",
        ),
        ("pin:5 in:5", "in:5"),
        ("-kind:image kind:text", "-kind:image kind:text"),
        ('"a kind:image note"', []),
        ("𝒳 in:「My folder」 is:favourite", "in:「My folder」 is:favourite"),
        ("kind:banana -in:foo is:foo 2:dog like:12", []),
        ("是:收藏　狗", "是:收藏"),
        ("dog " * LONGEST + "kind:image", []),
    ],
)
def test_where_filters_stand_is_said(line: str, written: str | list[str]) -> None:
    found = [line[start:end] for start, end in find_restrictions(line)]
    assert " ".join(found) == "".join(written)


@given(
    st.lists(st.sampled_from(["kind:image", "red", "in:a", '"b kind:text"', "-kind:text", "  "]))
)
def test_a_line_without_its_filters_says_the_same_words(parts: list[str]) -> None:
    line = " ".join(parts)
    spans = find_restrictions(line)
    rest = "".join(c for at, c in enumerate(line) if not any(a <= at < b for a, b in spans))
    kept = read_line(rest)
    assert (kept.phrases, kept.filters) == (read_line(line).phrases, Filters())
    said = [term.text.split() for term in kept.terms if isinstance(term, TextTerm)]
    assert said == [t.text.split() for t in read_line(line).terms if isinstance(t, TextTerm)]
