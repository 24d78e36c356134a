"""What ``triptych serve`` takes for its token."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.serve import command
from retrieval.errors import InvalidQuery
from webui import serve
from webui.token import Token

DIGEST = sha256(b"horse").hexdigest()


@pytest.fixture
def demanded(monkeypatch: pytest.MonkeyPatch) -> list[Token | None]:
    """Serve nothing, and note which token would be demanded."""
    tokens: list[Token | None] = []
    monkeypatch.setattr(serve, "serve", lambda *_, token, **__: tokens.append(token))
    return tokens


@pytest.mark.parametrize(
    ("environment", "known"),
    [
        ({}, False),
        ({"TRIPTYCH_TOKEN": ""}, False),
        ({"TRIPTYCH_TOKEN": "horse"}, True),
        ({"TRIPTYCH_TOKEN_SHA256": DIGEST}, True),
    ],
)
def test_a_token_or_its_digest_comes_from_the_environment(
    demanded: list[Token | None], tmp_path: Path, environment: dict[str, str], known: bool
) -> None:
    arguments = ["--library", str(tmp_path / "library")]
    assert CliRunner().invoke(command, arguments, env=environment).exit_code == 0
    [token] = demanded
    assert (token is not None and token.is_sent_as("horse")) is known
    assert (token is None) is not known


def test_both_are_refused(demanded: list[Token | None], tmp_path: Path) -> None:
    arguments = ["--token", "horse", "--token-sha256", DIGEST, "--library", str(tmp_path / "new")]
    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == 2 and "not both" in result.output
    assert demanded == [] and not (tmp_path / "new").exists()


def test_what_is_no_digest_is_refused(demanded: list[Token | None], tmp_path: Path) -> None:
    arguments = ["--token-sha256", "horse", "--library", str(tmp_path / "new")]
    result = CliRunner().invoke(command, arguments)
    assert isinstance(result.exception, InvalidQuery)
    assert demanded == []


def test_a_proxy_is_named_by_its_address(demanded: list[Token | None], tmp_path: Path) -> None:
    arguments = ["--library", str(tmp_path / "new"), "--proxy"]
    assert CliRunner().invoke(command, [*arguments, "::1"]).exit_code == 0
    result = CliRunner().invoke(command, [*arguments, "proxy.example"])
    assert result.exit_code == 2 and "'proxy.example' is no address" in result.output
    assert len(demanded) == 1
