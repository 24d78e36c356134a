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
View = Literal["plain", "mirrored"]
Share = Annotated[float, Field(ge=0, lt=1)]
Weight = Annotated[float, Field(ge=0)]
EXACT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, config=EXACT)
class Stage:
    """How one stage trains."""

    epochs: PositiveInt
    batch: PositiveInt
    """Photos in a step."""
    rates: Annotated[dict[Part, PositiveFloat], Field(min_length=1)]
    """How far a step moves each part at the full pace."""
    decay: Weight
    dropout: Share
    keep: Share
    """How much of the averaged weights a step leaves as they are."""
    hardest: Weight
    siblings: Weight
    """Of the two losses of ``objective.py``, beside InfoNCE's one."""


@dataclass(frozen=True, slots=True, config=EXACT)
class Config:
    """All settings of both stages."""

    seed: NonNegativeInt
    views: Annotated[tuple[View, ...], Field(min_length=1)]
    """Ways to see a photo; training draws among them, and the first is measured."""
    heads: Stage
    tune: Stage


CONFIG = TypeAdapter(Config)


def read_config(file: Path) -> Config:
    """Read the settings, or raise TrainingError naming the fields at fault."""
    try:
        return CONFIG.validate_python(tomllib.loads(file.read_text("utf-8")))
    except OSError as error:
        raise TrainingError(f"{file} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TrainingError(f"{file}: not TOML ({error}).") from error
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise TrainingError(f"{file}: {'; '.join(faults)}.") from error
