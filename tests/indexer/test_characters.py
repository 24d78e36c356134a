from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.characters import decode_characters, looks_like_text

CHINESE = "今天天气很好，我们一起去公园散步。湖边的柳树已经发芽了，孩子们在草地上放风筝。"
TRADITIONAL = "今天天氣很好，我們一起去公園散步。湖邊的柳樹已經發芽了，孩子們在草地上放風箏。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030"])
@pytest.mark.parametrize("times", [1, 50])
def test_chinese(encoding: str, times: int) -> None:
    assert decode_characters((CHINESE * times).encode(encoding)) == CHINESE * times


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("big5", TRADITIONAL),
        ("gb18030", "湖边的柳树已经发芽了。"),
        ("euc_jp", "今日は天気がとてもよいので、公園を散歩しました。"),
        ("cp932", "今日は天気がとてもよいので、公園を散歩しました。"),
        ("cp949", "오늘은 날씨가 아주 좋아서 공원을 산책했습니다."),
        ("cp1251", "Сегодня очень хорошая погода"),
        ("cp1252", "Le café où l’on a dîné était très agréable, à côté de la forêt."),
    ],
)
def test_other_languages(encoding: str, text: str) -> None:
    assert decode_characters(text.encode(encoding)) == text


def test_line_ends_become_one_kind() -> None:
    assert decode_characters(b"a\r\nb\rc\n") == "a\nb\nc\n"


def test_a_long_text_cut_within_a_character_is_still_gb18030() -> None:
    text = "a" + CHINESE * 3000
    assert decode_characters(text.encode("gb18030")) == text


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(ValueError, match="no text"):
        decode_characters(b"\x00\x01\x02\xff")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_utf8_is_never_taken_for_anything_else(text: str) -> None:
    assert looks_like_text(text.encode())
    assert decode_characters(text.encode()) == text.removeprefix("\ufeff")
