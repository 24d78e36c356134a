"""Runs from beginning to end: what is learnt, what is kept, and what an interruption costs."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from filelock import FileLock

from retrieval.encoders.adapted import AdaptedEncoder
from retrieval.errors import TrainingError
from retrieval.training import run as runs
from retrieval.training.validation import Row, best
from retrieval.training.workplace import workplace
from tests.fakes import FakeEncoder
from tests.training.conftest import Run, Watcher, measured

RESULTS = ("heads.safetensors", "config.json", "MODEL_CARD.md", "curve.svg")


def files(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in RESULTS}


@pytest.mark.parametrize("loss", ["infonce", "sigmoid"])
def test_recall_on_photos_held_out_rises_and_texts_keep_finding_each_other(
    run: Run, drawings: Path, tmp_path: Path, loss: str
) -> None:
    finished = run(loss=loss)
    assert finished.before.epoch == 0
    assert finished.after.recall > finished.before.recall + 0.1
    assert finished.after.among_texts >= 0.97 * finished.before.among_texts
    encoder = AdaptedEncoder(tmp_path / "out", lambda _: FakeEncoder())
    assert measured(encoder, drawings).recall == pytest.approx(finished.after.recall)


def test_epoch_0_is_the_base(run: Run) -> None:
    watcher = Watcher()
    finished = run(watcher=watcher, epochs=1, rate=1e-12)
    assert finished.after.recall == finished.before.recall
    assert watcher.notes[0].startswith("The base is epoch 0: text→image ")
    assert watcher.notes[1].startswith("epoch 1, loss ")
    assert watcher.steps == 0


def test_a_stopped_run_goes_on_to_the_very_same_encoder(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("whole", epochs=5)
    kept = []

    def stop(*arguments: object) -> None:
        kept.append(arguments)
        if len(kept) == 3:
            raise KeyboardInterrupt
        save(*arguments)

    save = runs.save
    monkeypatch.setattr(runs, "save", stop)
    with pytest.raises(KeyboardInterrupt):
        run("out", epochs=5)
    assert not (tmp_path / "out" / "config.json").exists()
    monkeypatch.undo()
    watcher = Watcher()
    (tmp_path / "out").rename(tmp_path / "moved")
    encoder = FakeEncoder()
    run("moved", encoder, watcher, epochs=5)
    assert watcher.notes[0].startswith("Going on after epoch 2")
    assert encoder.images_encoded == encoder.texts_encoded == 0
    expected, found = files(tmp_path / "whole"), files(tmp_path / "moved")
    found["MODEL_CARD.md"] = found["MODEL_CARD.md"].replace(b"moved", b"whole")
    assert found == expected


def test_a_finished_run_goes_on_when_more_epochs_are_allowed(run: Run, tmp_path: Path) -> None:
    run("whole", epochs=4)
    assert run("out", epochs=2).epochs == 2
    assert run("out", epochs=2).epochs == 2
    assert run("out", epochs=4).epochs == 4
    name = "heads.safetensors"
    assert files(tmp_path / "out")[name] == files(tmp_path / "whole")[name]


def test_training_ends_when_nothing_gets_better(run: Run) -> None:
    finished = run(epochs=50, patience=2, rate=1e-12)
    assert (finished.epochs, finished.after.epoch) == (2, 0)


def test_another_run_in_the_same_directory_is_refused(run: Run) -> None:
    run(epochs=1)
    for settings in ({"seed": 1}, {"loss": "sigmoid"}, {"rate": 1e-4}):
        with pytest.raises(TrainingError, match="holds a run with another base, other pairs"):
            run(epochs=1, **settings)
    other = FakeEncoder()
    other.fingerprint = "another"
    with pytest.raises(TrainingError, match="holds a run with another base"):
        run(encoder=other, epochs=1)


def test_a_damaged_checkpoint_says_what_to_delete(run: Run, tmp_path: Path) -> None:
    run(epochs=1)
    file = tmp_path / "out" / "work" / "checkpoint.safetensors"
    file.write_bytes(file.read_bytes()[:500])
    with pytest.raises(TrainingError, match=f"{file} is damaged .* Delete it"):
        run(epochs=1)


def test_a_directory_with_other_things_is_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "config.json").write_text("mine")
    with pytest.raises(TrainingError, match="holds other files already"):
        run()
    (tmp_path / "file").write_text("")
    with pytest.raises(TrainingError, match=r"cannot be written to .*--out"):
        run("file")


def test_two_runs_do_not_share_a_directory(run: Run, tmp_path: Path) -> None:
    with workplace(tmp_path / "out"), pytest.raises(TrainingError, match="Another process"):
        run()
    assert FileLock(tmp_path / "out" / "work" / "lock").acquire(timeout=0)


def test_an_encoder_can_be_trained_further_but_not_in_its_own_place(
    run: Run, tmp_path: Path
) -> None:
    run("first", epochs=2)
    base = AdaptedEncoder(tmp_path / "first", lambda _: FakeEncoder())
    assert run("second", base, epochs=1).epochs == 1
    with pytest.raises(TrainingError, match="is the base itself"):
        run("first", base, epochs=1)


def test_the_card_and_the_curve_tell_what_was_done(run: Run, tmp_path: Path) -> None:
    finished = run(epochs=3, seed=7)
    card = finished.card.read_text()
    for part in ("`fake`", finished.fingerprint, "pairs of 192 photos", "of 48 photos held out"):
        assert part in card
    assert "| seed | 7 |" in card
    assert f"| | base | epoch {finished.after.epoch} |" in card
    drawn = ElementTree.parse(tmp_path / "out" / "curve.svg").getroot()
    lines = list(drawn.iter("{http://www.w3.org/2000/svg}polyline"))
    assert len(lines) == 2 * 7
    assert len(lines[0].attrib["points"].split()) == 4


def test_an_epoch_that_ruins_texts_is_never_the_best(run: Run) -> None:
    row = run(epochs=1).after
    ruined = Row(5, 0.1, *(row.text_to_image,) * 2, _worse(row))
    base = Row(0, None, _worse(row), _worse(row), row.text_to_text)
    assert best((base, ruined)) is base


def _worse(row: Row) -> object:
    assert row.text_to_text is not None
    return type(row.text_to_text)(0, 0, 0, 99, 0, 0)
