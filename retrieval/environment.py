"""Reads the settings from the environment: see ``retrieval.settings``."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_type_hints

from pydantic import ValidationError, create_model
from pydantic_settings import BaseSettings, SettingsConfigDict

from retrieval.errors import InvalidQuery
from retrieval.settings import PREFIX, Settings


class _Environment(BaseSettings):
    model_config = SettingsConfigDict(env_prefix=PREFIX)


def read_environment() -> Settings:
    """Take what the environment sets; raise InvalidQuery, naming it, for what is no good."""
    hints = get_type_hints(Settings)
    # Pydantic takes default and bounds from a dataclass's own field.
    declared: dict[str, Any] = {
        field.name: (hints[field.name], field) for field in fields(Settings)
    }
    try:
        return Settings(**dict(create_model("Environment", __base__=_Environment, **declared)()))
    except ValidationError as error:
        reasons = [f"{PREFIX}{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors()]
        raise InvalidQuery(f"{'; '.join(reasons)}.") from error
