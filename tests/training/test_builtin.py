"""How the built-in encoder is trained: its settings, its batches, and a stage that may stop."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import torch

from retrieval.errors import TrainingError
from retrieval.training.heads import Adapter
from retrieval.training.trainer import Trainer
from training import stage
from training.batches import Batches
from training.config import Stage, read_config
from training.dev import Dev
from training.e5 import WIDTH
from training.heads import Head
from training.photos import Photo
from training.views import Features, Views, window

CONFIG = Path(stage.__file__).with_name("builtin.toml")
INPUTS = 12
STAGE = Stage(
    epochs=4, batch=8, rates={"heads": 3e-3}, decay=0.1, dropout=0.4, keep=0.9,
    hardest=0.1, siblings=0.1,
)  # fmt: skip


class World(NamedTuple):
    """Photos with what is said of them, and features that belong together a little."""

    photos: list[Photo]
    row: dict[str, int]
    seen: np.ndarray[tuple[int, int], np.dtype[np.float16]]
    read: torch.Tensor


def labelled(label: str, split: str) -> Photo:
    return Photo(Path(f"{label}.jpg"), split, (f"a photo of a {label}", label), label=label)


@pytest.fixture(scope="module")
def world() -> World:
    photos = [
        Photo(Path(f"{i}.jpg"), "dev" if i < 10 else "train",
              (f"picture {i}", f"number {i}"), (f"图{i}",), (f"第{i}张",))
        for i in range(40)
    ]  # fmt: skip
    photos += [labelled(label, "train") for label in ("cat", "dog", "cup") for _ in range(8)]
    photos += [labelled(label, "unseen") for label in ("ship", "bell") for _ in range(3)]
    said = {text: i for i, photo in enumerate(photos) for text in photo.captions}
    rng = np.random.default_rng(0)
    seen = rng.normal(size=(len(photos), INPUTS))
    read = rng.normal(scale=0.1, size=(len(said), 8 * WIDTH))
    read[:, :INPUTS] += seen[list(said.values())]
    row = {text: i for i, text in enumerate(said)}
    return World(photos, row, seen.astype(np.float16), torch.from_numpy(read).float())


def trainer(world: World, course: Stage = STAGE) -> Trainer:
    torch.manual_seed(0)
    features = Features(Views([(world.seen,), (world.seen[:, ::-1],)]), world.read)
    heads = Head(INPUTS, course.dropout), Head(8 * WIDTH, course.dropout)
    batches = Batches(world.photos, world.row, course.batch, 0)
    plan = stage.course(course, 0, len(batches))
    return Trainer(Adapter(features, *heads), batches, plan)


def trained(world: World, file: Path) -> dict[str, torch.Tensor]:
    training = trainer(world)
    stage.train(training, Dev(world.photos, world.row), STAGE, file, "run")
    return dict(training.adapter.state_dict())


def test_a_stopped_stage_goes_on_to_the_very_same_weights(
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    whole = trained(world, tmp_path / "whole")
    told = capsys.readouterr().out.splitlines()
    kept = []

    def stop(*arguments: object) -> None:
        save(*arguments)
        kept.append(arguments)
        if len(kept) == 2:
            raise KeyboardInterrupt

    save = stage.save
    monkeypatch.setattr(stage, "save", stop)
    with pytest.raises(KeyboardInterrupt):
        trained(world, tmp_path / "part")
    monkeypatch.undo()
    capsys.readouterr()
    resumed = trained(world, tmp_path / "part")
    assert all(torch.equal(tensor, resumed[name]) for name, tensor in whole.items())
    figures = [line.split(" s: ")[1] for line in told]
    assert len(set(figures)) == 4
    assert [line.split(" s: ")[1] for line in capsys.readouterr().out.splitlines()] == figures[2:]


def test_another_run_s_checkpoint_is_refused(world: World, tmp_path: Path) -> None:
    config = read_config(CONFIG)
    one, two = (stage.digest(config, part, world.photos) for part in (config.heads, config.tune))
    assert one != two
    assert one == stage.digest(config, config.heads, world.photos)
    assert one != stage.digest(config, config.heads, world.photos, b"heads")
    trained(world, tmp_path / "file")
    with pytest.raises(TrainingError, match="other settings"):
        stage.train(trainer(world), Dev(world.photos, world.row), STAGE, tmp_path / "file", one)


def test_training_finds_what_belongs_together(world: World) -> None:
    training, dev = trainer(world), Dev(world.photos, world.row)
    before = dev.measure(0, None, training.vectors)
    losses = [training.epoch(number) for number in range(1, 5)]
    assert losses == sorted(losses, reverse=True)
    after = dev.measure(4, losses[-1], training.vectors)
    assert after.languages["en"].recall > before.languages["en"].recall + 0.2
    assert after.words().startswith("en text→image ")
    assert after.words().split(" | ")[2].startswith("unseen classes ")


def test_only_parts_with_a_rate_are_trained(world: World) -> None:
    training = trainer(world)
    training.epoch(1)
    assert training.adapter.shift == 0 != training.adapter.log_scale


def test_an_epoch_draws_a_text_of_each_language_and_classes_share_theirs(world: World) -> None:
    batches, texts = Batches(world.photos, world.row, 16, 0), list(world.row)
    epoch = list(batches.epoch(1))
    assert len(epoch) == len(batches) == 2
    shown = np.concatenate([batch.photos for batch in epoch])
    assert sorted(i for i in shown if i < 40) == list(range(10, 40))
    assert len(shown) == 34
    for batch in epoch:
        for j, i in enumerate(batch.photos):
            photo, own = world.photos[i], [texts[t] for t in batch.texts[batch.same[:, j]]]
            alike = {p.captions for p in world.photos if p.label and p.label == photo.label}
            assert set(own) <= set(photo.captions).union(*alike)
            assert photo.label or [len(set(own) & set(part)) for part in (photo.en, own)] == [1, 2]


def test_an_epoch_follows_from_seed_and_number_alone(world: World) -> None:
    def drawn(seed: int, number: int) -> list[list[int]]:
        batches = Batches(world.photos, world.row, 16, seed)
        return [batch.texts.tolist() for batch in batches.epoch(number)]

    assert drawn(0, 2) == drawn(0, 2)
    assert drawn(0, 2) != drawn(0, 1)
    assert drawn(0, 2) != drawn(1, 2)


def test_a_view_is_drawn_for_each_photo_in_training_and_the_first_is_measured() -> None:
    views = Views([(np.full((50, 2), i), np.full(50, -i)) for i in range(3)])
    rows = np.arange(50)
    with torch.random.fork_rng([]):
        torch.manual_seed(0)
        one, other = views(rows)
    assert torch.equal(one[:, 0], -other)
    assert set(one[:, 0].tolist()) == {0, 1, 2}
    assert not any(part.any() for part in views.eval()(rows))


def test_some_texts_are_hidden_from_the_english_reader_in_training_alone() -> None:
    features = Features(Views([(np.ones((1, 1)),)]), torch.ones(300, 8 * WIDTH))
    with torch.random.fork_rng([]):
        torch.manual_seed(0)
        found = features.texts(np.arange(300))
    heard = found[:, 4 * WIDTH :].mean(1)
    assert set(heard.tolist()) == {0, 1}
    assert 0.8 < heard.mean() < 0.97
    assert found[:, : 4 * WIDTH].all()
    assert features.eval().texts(np.arange(300)).all()


def test_a_window_is_the_same_of_all_maps() -> None:
    places = torch.arange(81.0).view(1, 1, 9, 9)
    with torch.random.fork_rng([]):
        torch.manual_seed(0)
        drawn = [window([places, -places]) for _ in range(40)]
    assert all(torch.equal(one, -other) for one, other in drawn)
    assert {side for one, _ in drawn for side in one.shape[2:]} == {7, 8, 9}
    assert len({float(one[0, 0, 0, 0]) for one, _ in drawn}) > 4


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("seed = 0", "seed = -1", "seed: Input should be greater than or equal to 0"),
        ("seed = 0", "", "seed: Field required"),
        ("seed = 0", "sead = 0", "sead: Unexpected"),
        ('["plain", "mirrored"]', "[]", "views: Tuple should have at least 1"),
        ('"mirrored"', '"upside down"', "views.1: Input should be 'plain' or 'mirrored'"),
        (
            "rates = { heads = 1.5e-3 }",
            "rates = {}",
            "heads.rates: Dictionary should have",
        ),
        ("batch = 384", 'batch = "many"', "tune.batch: Input should be a valid integer"),
        ("dropout = 0.4", "dropout = 1.4", "heads.dropout: Input should be less than 1"),
        ("rates = { heads = 1.5e-3 }", "rates = { hands = 1 }", "heads.rates.hands.*: Input"),
        ("[heads]", "[heads", "not TOML"),
    ],
)
def test_a_setting_at_fault_is_named(tmp_path: Path, before: str, after: str, says: str) -> None:
    file = tmp_path / "other.toml"
    file.write_text(CONFIG.read_text("utf-8").replace(before, after), "utf-8")
    with pytest.raises(TrainingError, match=says) as raised:
        read_config(file)
    assert str(raised.value).startswith(f"{file}: ")


def test_settings_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"absent\.toml cannot be read: No such file"):
        read_config(tmp_path / "absent.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff")
    with pytest.raises(TrainingError, match=r"bytes\.toml: not TOML"):
        read_config(tmp_path / "bytes.toml")
