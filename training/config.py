"""What decides how the built-in encoder comes out, besides data and code: ``builtin.toml``."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    TypeAdapter,
    ValidationError,
)
from pydantic.dataclasses import dataclass

from retrieval.errors import TrainingError

Part = Literal["heads", "image_tops", "text_tops"]
"""What has a rate of its own."""
Share = Annotated[float, Field(ge=0, lt=1)]
Weight = Annotated[float, Field(ge=0)]
STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, config=STRICT)
class Stage:
    """How one stage trains."""

    epochs: PositiveInt
    batch: PositiveInt
    """Photos in a step."""
    rates: dict[Part, PositiveFloat]
    """How far a step moves each part at the full pace."""
    decay: Weight
    dropout: Share
    keep: Share
    """How much of the averaged weights a step leaves as they are."""
    hardest: Weight
    siblings: Weight
    """Of the two losses of ``objective.py``, beside InfoNCE's one."""


@dataclass(frozen=True, slots=True, config=STRICT)
class Config:
    """All settings of both stages."""

    seed: NonNegativeInt
    views: Annotated[tuple[str, ...], Field(min_length=1)]
    """Names of cached maps of every photo; training draws among them, the first is measured."""
    heads: Stage
    tune: Stage


CONFIG = TypeAdapter(Config)


def read_config(file: Path) -> Config:
    """Read the settings, or raise TrainingError naming the fields at fault."""
    try:
        return CONFIG.validate_python(tomllib.loads(file.read_text("utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise TrainingError(f"{file}: not TOML ({error}).") from error
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise TrainingError(f"{file}: {'; '.join(faults)}.") from error
