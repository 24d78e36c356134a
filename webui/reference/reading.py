"""The document in the order and the words in which a person reads it: one value for each thing.

Read from the same document that programs get, so that the two cannot differ.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from webui.reference.schemas import COMPONENTS, Schema


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a field of a body."""

    name: str
    type: str
    """In words: ``integer, 1…1000``."""
    text: str
    models: tuple[str, ...]
    """What it is made of, by name."""
    required: bool


@dataclass(frozen=True, slots=True)
class Example:
    """How to ask from a command line."""

    text: str
    command: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A status that an operation may answer with."""

    status: str
    text: str
    models: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address."""

    name: str
    method: str
    path: str
    texts: tuple[str, ...]
    """What it does in a line, and what else is to be known."""
    fields: tuple[Field, ...]
    bodies: Mapping[str, tuple[str, ...]]
    """The models of a body, by its media type."""
    examples: tuple[Example, ...]
    replies: tuple[Reply, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Operations that belong together."""

    name: str
    text: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """What stands in a body or a reply."""

    name: str
    text: str
    fields: tuple[Field, ...]
    choices: tuple[str, ...]


def read_introduction(document: Schema) -> tuple[str, ...]:
    """Read the paragraphs about the whole."""
    return tuple(" ".join(text.split()) for text in document["info"]["description"].split("\n\n"))


def read_groups(document: Schema, address: str) -> tuple[Group, ...]:
    """Read the operations, with commands that ask the server at an address."""
    operations = [
        (operation["tags"][0], _operation(document, operation, method.upper(), path, address))
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    return tuple(
        Group(tag["name"], tag["description"], tuple(o for t, o in operations if t == tag["name"]))
        for tag in document["tags"]
    )


def read_models(document: Schema) -> tuple[Model, ...]:
    """Read what bodies and replies are made of."""
    schemas = document["components"]["schemas"]
    return tuple(
        Model(
            name,
            schema.get("description", "").replace("``", "`"),
            tuple(
                _field(field, part, field in schema.get("required", []))
                for field, part in schema.get("properties", {}).items()
            ),
            tuple(schema.get("enum", ())),
        )
        for name, schema in schemas.items()
    )


def _operation(document: Schema, said: Schema, method: str, path: str, address: str) -> Operation:
    parameters = said["parameters"]
    bodies = said.get("requestBody", {}).get("content", {})
    return Operation(
        name=said["operationId"],
        method=method,
        path=path,
        texts=tuple(filter(None, (said["summary"], said["description"]))),
        fields=tuple(
            _field(p["name"], {**p["schema"], "description": p["description"]}, "required" in p)
            for p in parameters
        ),
        bodies={mime: tuple(_models(body["schema"])) for mime, body in bodies.items()},
        examples=tuple(_examples(method, parameters, bodies, f"{address}{path}")),
        replies=tuple(_reply(document, *reply) for reply in said["responses"].items()),
    )


def _reply(document: Schema, status: str, reply: Schema) -> Reply:
    if "$ref" in reply:
        reply = document["components"]["responses"][reply["$ref"].rpartition("/")[2]]
    schemas = [content.get("schema", {}) for content in reply.get("content", {}).values()]
    return Reply(status, reply["description"], tuple(n for s in schemas for n in _models(s)))


def _field(name: str, schema: Schema, required: bool) -> Field:
    models = tuple(dict.fromkeys(_models(schema)))
    return Field(name, _type(schema), schema.get("description", ""), models, required)


def _models(schema: Schema) -> Iterator[str]:
    """Yield the names of the models that a schema refers to."""
    if "$ref" in schema:
        yield schema["$ref"].removeprefix(COMPONENTS)
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from _models(schema[key])
    for choice in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from _models(choice)


def _type(schema: Schema) -> str:
    """Put a schema's type and bounds into words."""
    if "anyOf" in schema and "type" not in schema:
        return " or ".join(dict.fromkeys(filter(None, map(_type, schema["anyOf"]))))
    if "const" in schema:
        return json.dumps(schema["const"])
    if schema.get("type") == "array":
        inner = _type(schema.get("items", {}))
        return f"list of {inner}" if inner else "list"
    words = [_word(schema)] if _word(schema) else []
    words += [" | ".join(schema["enum"])] if "enum" in schema else []
    words += [_range(schema)] if _range(schema) else []
    words += [f"{schema['maxLength']:,} characters at most"] if "maxLength" in schema else []
    return ", ".join(words)


def _word(schema: Schema) -> str:
    formats = [schema.get("format"), *(part.get("format") for part in schema.get("anyOf", ()))]
    return (
        " or ".join(filter(None, formats))
        or schema.get("contentMediaType")
        or schema.get("type", "")
    )


def _range(schema: Schema) -> str:
    least, most = schema.get("minimum"), schema.get("maximum")
    if most is None:
        return "" if least is None else f"from {least}"
    return f"{least:,}…{most:,}" if most < 10**15 else f"from {least}"


def _examples(
    method: str, parameters: list[Schema], bodies: Schema, address: str
) -> Iterator[Example]:
    """Yield commands: of each example of a body, or one with the examples of the fields."""
    asking = ["-X", method] if method in ("PATCH", "DELETE") else []
    for parameter in parameters:
        address = address.replace(f"{{{parameter['name']}}}", "12")
    for example in bodies.get("application/json", {}).get("examples", {}).values():
        sent = json.dumps(example["value"], ensure_ascii=False)
        command = ["curl", address, *asking, "--json", sent]
        yield Example(example["summary"].capitalize(), shlex.join(command))
    if "multipart/form-data" in bodies:
        form = ["curl", address, "-F", "image=@photo.jpg", "-F", "kind=image"]
        yield Example("A picture to look for", shlex.join(form))
    if bodies:
        return
    asking += ["-X", "POST"] if method == "POST" else []
    fields = {p["name"]: p["example"] for p in parameters if "example" in p}
    asked = f"?{urlencode(fields, doseq=True)}" if fields else ""
    yield Example("", shlex.join(["curl", f"{address}{asked}", *asking]))
