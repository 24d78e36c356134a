"""What is known of an open_clip model before any of it is on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from retrieval.encoders.openclip.hub import Repositories


class Recalls(NamedTuple):
    """Recall among the first 1, 5 and 10, as fractions."""

    at_1: float
    at_5: float | None = None
    at_10: float | None = None


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Recalls on one test set, both ways, by a model that was not trained on it."""

    text_to_image: Recalls
    image_to_text: Recalls


@dataclass(frozen=True, slots=True)
class PublishedModel:
    """A model by its name in open_clip. What no source tells is None or empty."""

    name: str
    """``NAME/TAG``, as it stands behind ``openclip:``."""
    dim: int
    image_size: int
    """Pixels of the square that a picture becomes."""
    context: int
    """Tokens of text that one vector holds."""
    repositories: Repositories
    millions: float | None = None
    """Parameters, in millions."""
    languages: str = ""
    licence: str = ""
    """The weights' licence, by the name their model card gives."""
    flickr30k: Retrieval | None = None
    """On the 1,000 test pictures."""
    coco: Retrieval | None = None
    """On the 5,000 test pictures."""
    source: str = ""
    """Where the recalls are published."""
