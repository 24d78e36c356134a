"""The API's document says what the API does; see also ``test_contract.py``, which tries it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient

from retrieval.library import Library
from retrieval.request import parse_search
from tests.webui.conftest import app_of
from webui.errors import MACHINE_PATHS, STATUSES
from webui.reference.document import described
from webui.reference.operations import OPERATIONS, REFUSALS

FOREIGN = {f"clip_service.{name}" for name in ("search", "metadata", "indices")}
SILENT = {"reference.document", "reference.page", "metrics.metrics"} | FOREIGN
"""Endpoints that the document need not describe: its own, and what has the shape of others."""


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    return client.get("/openapi.json").json


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in document["paths"].values():
        yield from methods.values()


def test_the_document_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert document["info"]["version"] == version("triptych")
    schemathesis.openapi.from_dict(document).validate()
    del document["info"]["title"]
    with pytest.raises(Exception, match="title"):
        schemathesis.openapi.from_dict(document).validate()


def test_every_address_for_programs_is_described(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(MACHINE_PATHS)]
    assert {rule.endpoint for rule in rules} - SILENT == OPERATIONS.keys()
    assert {rule.endpoint for rule in described(app)} == OPERATIONS.keys()


def test_it_is_the_same_at_both_addresses(client: FlaskClient, document: dict[str, Any]) -> None:
    assert client.get("/api/v1/openapi.json").json == document


def test_everything_says_what_it_is(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        assert schema["description"], name
        for field, said in schema.get("properties", {}).items():
            assert said.get("description"), f"{name}.{field}"
    for operation in operations(document):
        assert operation["summary"].endswith(".")
        for parameter in operation["parameters"]:
            assert parameter["description"], parameter
        for content in operation.get("requestBody", {}).get("content", {}).values():
            for field in content["schema"].get("properties", {}).values():
                assert field["description"]


def test_every_refusal_has_the_one_shape(document: dict[str, Any]) -> None:
    known = {f"Error{status}" for status in REFUSALS}
    for response in document["components"]["responses"].values():
        schema = response["content"]["application/json"]["schema"]
        assert schema == {"$ref": "#/components/schemas/ErrorReply"}
    for operation in operations(document):
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert response["$ref"].removeprefix("#/components/responses/") in known
    assert {status for _, status in STATUSES} <= REFUSALS.keys()


def test_every_example_is_accepted(client: FlaskClient, document: dict[str, Any]) -> None:
    [content] = [document["paths"]["/api/v1/search"]["post"]["requestBody"]["content"]]
    examples = content["application/json"]["examples"]
    assert len(examples) >= 3
    for example in examples.values():
        assert parse_search(json.dumps(example["value"]))
    for parameter in document["paths"]["/api/v1/search"]["get"]["parameters"]:
        if "example" in parameter:
            asked = {"q": "red", parameter["name"]: parameter["example"]}
            assert client.get("/api/v1/search", query_string=asked).status_code == 200


def test_links_lead_to_operations(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for operation in operations(document)]
    assert len(names) == len(set(names))
    links = [
        link
        for operation in operations(document)
        for link in operation["responses"].get("200", {}).get("links", {}).values()
    ]
    assert links
    assert {link["operationId"] for link in links} <= set(names)


def test_the_probes_are_open_and_all_else_may_want_a_token(document: dict[str, Any]) -> None:
    assert set(document["components"]["securitySchemes"]) == {"bearer", "cookie"}
    open_paths = {
        path
        for path, methods in document["paths"].items()
        for operation in methods.values()
        if operation.get("security") == []
    }
    assert open_paths == {"/healthz", "/readyz"}


def test_the_document_wants_the_token_too(library: Library) -> None:
    client = app_of(library, token="secret").test_client()
    assert client.get("/openapi.json").status_code == 401
    sent = {"Authorization": "Bearer secret"}
    assert client.get("/openapi.json", headers=sent).status_code == 200
