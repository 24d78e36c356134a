"""JSON schemas of the very models that validate requests and shape replies.

What is said below a field in the code is its description; a test holds that every field says
something.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from functools import cache
from inspect import get_annotations, getsource
from itertools import pairwise
from textwrap import dedent
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core.core_schema import EnumSchema, ModelSchema

COMPONENTS = "#/components/schemas/"

Schema = dict[str, Any]
"""A JSON schema, draft 2020-12."""


class Described(GenerateJsonSchema):
    """Adds what is said below the fields, and leaves out titles that only repeat names."""

    def model_schema(self, schema: ModelSchema) -> JsonSchemaValue:
        """Describe a model and its fields."""
        described = super().model_schema(schema)
        described.pop("title", None)
        model: type[BaseModel] = schema["cls"]
        for name, text in said_of(model).items():
            key = model.model_fields[name].alias or name
            described["properties"][key].setdefault("description", text)
        return described

    def enum_schema(self, schema: EnumSchema) -> JsonSchemaValue:
        """Describe a choice."""
        described = super().enum_schema(schema)
        described.pop("title", None)
        return described

    def field_title_should_be_set(self, schema: object) -> bool:
        """Give no field a title."""
        return False

    def field_is_required(self, field: Any, total: bool) -> bool:
        """Promise every field of a reply."""
        return self.mode == "serialization" or super().field_is_required(field, total)


def schemas_of(requests: Sequence[type[BaseModel]], replies: Sequence[type[BaseModel]]) -> Schema:
    """Give the schema of each model, by name, and of all that stands in them."""
    models = [(model, "validation") for model in requests]
    models += [(model, "serialization") for model in replies]
    _, whole = models_json_schema(
        models,  # type: ignore[arg-type]
        ref_template=f"{COMPONENTS}{{model}}",
        schema_generator=Described,
    )
    return dict(whole["$defs"])


def fields_of(model: type[BaseModel]) -> dict[str, Schema]:
    """Give the schema of each flat field of a model, complete in itself.

    A flat field that is not given is not there: it cannot be null. What a model has of its own
    comes before what it extends.
    """
    whole = model.model_json_schema(schema_generator=Described)
    named, fields = whole.get("$defs", {}), whole["properties"]
    own = [name for each in model.__mro__ for name in get_annotations(each)]
    names = [model.model_fields[name].alias or name for name in own if name in model.model_fields]
    return {name: _present(_spelt_out(fields[name], named)) for name in dict.fromkeys(names)}


@cache
def said_of(model: type[BaseModel]) -> Mapping[str, str]:
    """Collect what the code says below each field of a model and of those it extends."""
    said: dict[str, str] = {}
    for each in reversed(model.__mro__):
        if issubclass(each, BaseModel) and each is not BaseModel:
            said |= _said_in(each)
    return {name: text for name, text in said.items() if name in model.model_fields}


def _said_in(model: type[BaseModel]) -> Mapping[str, str]:
    [body] = ast.parse(dedent(getsource(model))).body
    assert isinstance(body, ast.ClassDef)
    said = {}
    for field, below in pairwise(body.body):
        match field, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str() as text)),
            ):
                said[name] = " ".join(text.split()).replace("``", "`")
    return said


def _spelt_out(schema: Any, named: Mapping[str, Schema]) -> Any:
    """Put the definition in place of each reference."""
    if isinstance(schema, list):
        return [_spelt_out(part, named) for part in schema]
    if not isinstance(schema, dict):
        return schema
    parts = {key: _spelt_out(part, named) for key, part in schema.items() if key != "$ref"}
    name = schema.get("$ref", "").removeprefix("#/$defs/")
    return {**_spelt_out(named[name], named), **parts} if name else parts


def _present(field: Schema) -> Schema:
    choices = [choice for choice in field.get("anyOf", []) if choice != {"type": "null"}]
    if len(choices) == len(field.get("anyOf", [])):
        return field
    [only] = choices
    rest = {key: value for key, value in field.items() if key not in ("anyOf", "default")}
    return {**only, **rest}
