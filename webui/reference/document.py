"""The API's OpenAPI 3.1 document, put together from routes, views and models.

apispec joins the parts; it neither takes over the views nor validates a second time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import version
from inspect import getdoc
from typing import Any

from apispec import APISpec
from flask import Flask
from pydantic import BaseModel
from werkzeug.routing import Rule

from webui.reference.examples import ANSWER, BODIES, FIELDS
from webui.reference.links import links_from
from webui.reference.operations import EVERYWHERE, OPERATIONS, REFUSALS, TAGS, Bytes, Operation
from webui.reference.schemas import COMPONENTS, Schema, fields_of, schemas_of
from webui.replies import ErrorReply
from webui.security import COOKIE

JSON, FORM = "application/json", "multipart/form-data"
LARGEST_ID = 10**18 - 1
DESCRIPTION = """Search your own pictures, documents and recordings by meaning.

Every reply in JSON has `ok`. Every error has the right status and one shape, `ErrorReply`; an
address under `/api` that does not exist answers 404 in it, a method that an address does not have
405 with `Allow`. Messages are in Chinese for whoever prefers it: `Accept-Language: zh`."""
SECURITY: Schema = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "The token of the server."},
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": "What signing in at `/sign-in` leaves in a browser.",
    },
}


def describe(app: Flask) -> Schema:
    """Describe an application's API."""
    spec = APISpec(
        "Triptych",
        version("triptych"),
        "3.1.0",
        info={"description": DESCRIPTION, "license": {"name": "MIT", "identifier": "MIT"}},
        servers=[{"url": "/", "description": "The server that sent this document."}],
        tags=[{"name": name, "description": text} for name, text in TAGS.items()],
        # A token is demanded only off the loopback address.
        security=[{"bearer": []}, {"cookie": []}, {}],
    )
    for name, schema in _schemas().items():
        spec.components.schema(name, schema)
    for name, scheme in SECURITY.items():
        spec.components.security_scheme(name, scheme)
    for status, text in REFUSALS.items():
        spec.components.response(f"Error{status}", _json(text, ErrorReply))
    for rule in described(app):
        spec.path(re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), operations=_methods(app, rule))
    return dict(spec.to_dict())


def described(app: Flask) -> Iterator[Rule]:
    """Yield the routes of the API, in the order in which they are best read."""
    order = list(OPERATIONS)
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint in OPERATIONS]
    yield from sorted(rules, key=lambda rule: (order.index(rule.endpoint), rule.rule))


def _schemas() -> Schema:
    operations = OPERATIONS.values()
    requests = [o.body for o in operations if o.body is not None]
    replies = [o.answers for o in operations if not isinstance(o.answers, Bytes)]
    return schemas_of(list(dict.fromkeys(requests)), list(dict.fromkeys([*replies, ErrorReply])))


def _methods(app: Flask, rule: Rule) -> Schema:
    operation = OPERATIONS[rule.endpoint]
    words = getdoc(app.view_functions[rule.endpoint]) or ""
    summary, _, more = words.partition("\n\n")
    name = "_".join(re.findall(r"(?<=[/.])[a-z]+", rule.rule.removeprefix("/api/v1")))
    if rule.rule.endswith(">"):
        name = name.removesuffix("s")  # it is about one of them
    methods = sorted((rule.methods or set()) & {"GET", "POST", "PATCH", "DELETE"})
    return {
        method.lower(): {
            "operationId": f"{method.lower()}_{name}",
            "summary": " ".join(summary.split()),
            "description": " ".join(more.split()),
            "tags": [operation.tag],
            "parameters": [*_in_path(rule), *_in_address(operation, method)],
            **_body(operation, method),
            "responses": _responses(operation, method, rule),
            **({"security": []} if operation.is_open else {}),
        }
        for method in methods
    }


def _in_path(rule: Rule) -> Iterator[Schema]:
    for name in re.findall(r"<item_id:(\w+)>", rule.rule):
        text = f"The number of the {name.removesuffix('_id')}."
        schema = {"type": "integer", "minimum": 0, "maximum": LARGEST_ID}
        yield _parameter(name, "path", text, schema, required=True)


def _in_address(operation: Operation, method: str) -> Iterator[Schema]:
    if method == "GET" and operation.fields is not None:
        for name, field in fields_of(operation.fields).items():
            schema = {key: value for key, value in field.items() if key != "description"}
            more = {"example": FIELDS[name]} if name in FIELDS else {}
            if not isinstance(operation.answers, Bytes) and _may_be_empty(field):
                more["allowEmptyValue"] = True  # as forms send what was left empty
            yield _parameter(name, "query", field["description"], schema, **more)
    if isinstance(operation.answers, Bytes) and operation.answers.tagged:
        text = {"type": "string"}
        yield _parameter("If-None-Match", "header", "Entity tags of what is at hand.", text)
        if operation.answers.ranges:
            yield _parameter("Range", "header", "Which bytes to send: `bytes=0-99`.", text)


def _may_be_empty(field: Schema) -> bool:
    """Tell whether a field that is given without a value is none, and is no free text."""
    return "default" not in field or field.get("items", {}).keys() & {"enum", "minimum"} != set()


def _parameter(name: str, place: str, text: str, schema: Schema, **more: Any) -> Schema:
    return {"name": name, "in": place, "description": text, "schema": schema, **more}


def _body(operation: Operation, method: str) -> Schema:
    if method not in ("POST", "PATCH") or operation.body is None:
        return {}
    content: Schema = {JSON: {"schema": _ref(operation.body)}}
    if operation.body in BODIES:
        shown = BODIES[operation.body].items()
        content[JSON]["examples"] = {
            name.replace(" ", "-"): {"summary": name, "value": value} for name, value in shown
        }
    if operation.form is not None:
        content[FORM] = {"schema": _form(operation.form)}
    return {"requestBody": {"required": True, "content": content}}


def _form(model: type[BaseModel]) -> Schema:
    fields = fields_of(model)
    for name, field in fields.items():
        if _may_be_empty(field):
            text = field.pop("description")
            fields[name] = {"description": text, "anyOf": [field, {"const": ""}]}
    return {"type": "object", "properties": fields, "additionalProperties": False}


def _responses(operation: Operation, method: str, rule: Rule) -> Schema:
    refusals = sorted({*operation.refusals, *(() if operation.is_open else EVERYWHERE)})
    if method == "GET":
        refusals = [status for status in refusals if status not in (413, 415) or not operation.body]
    answers = operation.answers
    replies = (
        _bytes(answers)
        if isinstance(answers, Bytes)
        else {str(status): _json(_said(answers), answers) for status in operation.statuses}
    )
    if answers is type(ANSWER):
        replies["200"]["content"][JSON]["example"] = ANSWER.model_dump(mode="json")
    if links := links_from(rule.endpoint):
        replies["200"]["links"] = links
    return {**replies, **{str(status): f"Error{status}" for status in refusals}}


def _bytes(answers: Bytes) -> Schema:
    if not answers.tagged:
        return {"200": {"description": answers.said, "content": {answers.mime: {}}}}
    tag = {"ETag": {"description": "Changes with the bytes.", "schema": {"type": "string"}}}
    whole = {"description": answers.said, "content": {answers.mime: {}}, "headers": tag}
    replies = {"200": whole, "304": {"description": "What is at hand has not changed."}}
    if answers.ranges:
        text = {"schema": {"type": "string"}, "description": "Which bytes of how many these are."}
        headers = {**tag, "Content-Range": {**text, "required": True}}
        replies["206"] = {**whole, "description": "The bytes asked for.", "headers": headers}
    return replies


def _json(text: str, model: type[BaseModel]) -> Schema:
    return {"description": text, "content": {JSON: {"schema": _ref(model)}}}


def _ref(model: type[BaseModel]) -> Schema:
    return {"$ref": f"{COMPONENTS}{model.__name__}"}


def _said(model: type[BaseModel]) -> str:
    return " ".join((getdoc(model) or "").split())
