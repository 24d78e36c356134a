"""The table of models against open_clip's own registry, and the aliases."""

from __future__ import annotations

import pytest

from retrieval.encoders.openclip.curated import curated, resolve
from retrieval.encoders.openclip.published import PublishedModel, Recalls

MODELS = {model.name: model for model in curated()}


def test_every_row_agrees_with_open_clip() -> None:
    from retrieval.encoders.openclip.named import every_model

    every = {model.name: model for model in every_model()}
    for name, model in MODELS.items():
        known = every[name]
        for field in ("dim", "image_size", "context", "repositories"):
            assert getattr(model, field) == getattr(known, field), (name, field)


@pytest.mark.parametrize("model", curated(), ids=lambda model: model.name)
def test_figures_have_a_source_and_could_be_true(model: PublishedModel) -> None:
    assert model.source.startswith("https://")
    assert model.languages
    assert model.licence
    assert model.millions
    assert model.coco
    for retrieval in filter(None, (model.flickr30k, model.coco)):
        for recalls in (retrieval.text_to_image, retrieval.image_to_text):
            figures = [figure for figure in recalls if figure is not None]
            assert figures == sorted(figures)
            assert 0.3 < figures[0] <= figures[-1] < 1
        # Five captions to a picture: the way back is the easier one, for every model there is.
        assert retrieval.image_to_text.at_1 > retrieval.text_to_image.at_1


def test_a_source_may_give_the_first_recall_alone() -> None:
    coco = MODELS["ViT-B-16-SigLIP2-256/webli"].coco
    assert coco is not None
    assert coco.text_to_image == Recalls(0.532, None, None)


@pytest.mark.parametrize("alias", ["fast", "balanced", "best", "multilingual"])
def test_an_alias_stands_for_a_row_that_anyone_may_use(alias: str) -> None:
    model = MODELS[resolve(alias).removeprefix("openclip:")]
    assert model.licence in {"mit", "apache-2.0"}
    # None but open_clip's own towers, so that an alias needs no further package.
    assert model.repositories.text_config is None


def test_other_names_stand_for_themselves() -> None:
    assert resolve("builtin") == "builtin"
    assert resolve("openclip:ViT-B-32/openai") == "openclip:ViT-B-32/openai"
