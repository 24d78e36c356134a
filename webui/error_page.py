"""The page that tells a person of an error: what its status means, in the languages of the pages.

What is known beyond that, such as a message of our own, follows in the reader's. What the web
framework says of a status in general is left out: the page has said it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import render_template
from werkzeug.exceptions import default_exceptions

from webui.translation import translate

Told = Mapping[str, str]
"""The same in each language, by its tag."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a status means to a person."""

    heading: Told
    sentence: Told


def _meaning(heading: str, sentence: str, chinese_heading: str, chinese_sentence: str) -> Meaning:
    return Meaning(
        {"en": heading, "zh-Hans": chinese_heading}, {"en": sentence, "zh-Hans": chinese_sentence}
    )


REFUSED, FAILED = 400, 500
MEANINGS = {
    REFUSED: _meaning(
        *("This cannot be answered", "Something in the address, or in what was sent, is amiss."),
        *("无法处理这个请求", "地址或发送的内容有误。"),
    ),
    401: _meaning(
        *("Sign in first", "This server answers those who have its token."),
        *("请先登录", "此服务器只回应持有令牌的人。"),
    ),
    403: _meaning(
        *("Not allowed", "This server does not take such a request."),
        *("不允许", "此服务器不接受这样的请求。"),
    ),
    404: _meaning(
        *("Nothing is here", "The address may be mistyped, or what it led to is gone."),
        *("这里什么也没有", "地址可能有误，或者它指向的内容已经不在了。"),
    ),
    405: _meaning(
        *("Not in this way", "There is such an address, but it takes other requests."),
        *("方式不对", "这个地址存在，但不接受这种请求。"),
    ),
    413: _meaning(
        *("Too large", "This server does not take so much at once; send less."),
        *("内容过大", "此服务器一次不接受这么多内容，请减少后再试。"),
    ),
    429: _meaning(
        *("Too many requests", "Wait a minute, then try again."),
        *("请求过多", "请稍等一分钟再试。"),
    ),
    FAILED: _meaning(
        *("This did not work", "Something went wrong in the server; its log says what."),
        *("出错了", "服务器出了问题，详情见其日志。"),
    ),
    503: _meaning(
        *("Not at the moment", "The server cannot answer now; try again in a while."),
        *("暂时不可用", "服务器现在无法回应，请稍后再试。"),
    ),
}


def error_page(status: int, errors: Sequence[str], language: str) -> str:
    """Write the page that tells of an error, and of each error what its status does not say."""
    meaning = MEANINGS.get(status) or MEANINGS[FAILED if status >= FAILED else REFUSED]
    general = {meaning.sentence["en"]}
    if status in default_exceptions:
        general.add(str(default_exceptions[status].description))
    details = [translate(error, language) for error in errors if error not in general]
    told = {"status": status, "meaning": meaning, "details": details, "language": language}
    return render_template("error.html", **told)
