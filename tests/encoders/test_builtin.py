"""The built-in encoder: the promises of the protocol, and that the shipped files are the ones."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from retrieval.encoders.builtin import FOLDER, BuiltinEncoder, digest
from retrieval.encoders.protocol import Encoder
from retrieval.errors import InvalidQuery, ModelUnavailable

SENTENCES = (
    "A dog runs through deep snow.",
    "Interest rates were left unchanged by the central bank, which warned of inflation.",
    "Simmer the onions in butter, then add the rice.",
    "一只狗在深雪里奔跑。",
    "中央银行维持利率不变，并警告通货膨胀。",
    "用黄油把洋葱炒软，然后加入米饭。",
)

# Of the picture four numbers of sight and the last; of the texts three of meaning and two of sight.
PICTURE = (-0.0777, 0.0033, 0.0287, 0.0315, -0.0577)
TEXTS = {
    0: (-0.3220, -0.4587, -0.0226, 0.0510, -0.0047),
    3: (0.2317, -0.5159, -0.0297, 0.0408, -0.0246),
}


@pytest.fixture(scope="module")
def encoder() -> BuiltinEncoder:
    return BuiltinEncoder(threads=2)


def gradient() -> Image.Image:
    rows, columns = np.mgrid[0:200, 0:300].astype(np.uint8)
    return Image.fromarray(np.stack([rows, columns, rows ^ columns], axis=-1))


def scenes() -> dict[str, Image.Image]:
    """Draw pictures simple enough to be sure of."""
    sunset = Image.new("RGB", (320, 240))
    draw = ImageDraw.Draw(sunset)
    for y in range(150):
        draw.line((0, y, 320, y), (255, 90 + y // 2, 40 + y // 3))
    draw.ellipse((120, 90, 200, 170), (255, 240, 150))
    draw.rectangle((0, 150, 320, 240), (30, 50, 110))
    page = Image.new("RGB", (240, 320), "white")
    draw = ImageDraw.Draw(page)
    for y in range(30, 290, 12):
        draw.line((25, y, 190 + y % 25, y), (40, 40, 40), 3)
    return {"a sunset over the sea": sunset, "a page of printed text": page}


def test_it_is_an_encoder(encoder: BuiltinEncoder) -> None:
    promised: Encoder = encoder
    assert (promised.name, promised.revision, promised.dim) == ("builtin", "3", 512)


def test_a_known_picture_has_its_known_vector(encoder: BuiltinEncoder) -> None:
    vector = encoder.encode_images([gradient()])[0]
    np.testing.assert_allclose(vector[-5:], PICTURE, atol=1e-3)


@pytest.mark.parametrize("row", [0, 3])
def test_a_known_text_has_its_known_vector(encoder: BuiltinEncoder, row: int) -> None:
    vector = encoder.encode_texts([SENTENCES[row]])[0]
    np.testing.assert_allclose(vector[[0, 1, 2, -3, -2]], TEXTS[row], atol=1e-3)


def test_every_row_has_length_one(encoder: BuiltinEncoder) -> None:
    for rows in (
        encoder.encode_texts([*SENTENCES, ""]),
        encoder.encode_images([gradient(), Image.new("L", (1, 1)), Image.new("RGB", (3000, 10))]),
        encoder.reference_images(),
        encoder.reference_texts(),
    ):
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=2e-3)
        assert rows.dtype == np.float32
        assert rows.shape[1] == encoder.dim


def test_all_texts_end_with_the_same_number_and_pictures_do_not(encoder: BuiltinEncoder) -> None:
    np.testing.assert_allclose(encoder.encode_texts([*SENTENCES, ""])[:, -1], 0.25, atol=1e-6)
    last = encoder.reference_images()[:, -1]
    assert last.min() < -0.05 < 0.05 < last.max()


def test_a_text_gets_the_same_vector_in_any_company(encoder: BuiltinEncoder) -> None:
    together = encoder.encode_texts(SENTENCES)
    alone = np.concatenate([encoder.encode_texts([text]) for text in SENTENCES])
    np.testing.assert_allclose(together, alone, atol=1e-4)


def test_a_picture_gets_the_same_vector_in_any_company(encoder: BuiltinEncoder) -> None:
    pictures = [gradient(), *scenes().values()] * 6  # more than one batch
    together = encoder.encode_images(pictures)
    alone = np.concatenate([encoder.encode_images([picture]) for picture in pictures[:3]])
    np.testing.assert_allclose(together, np.tile(alone, (6, 1)), atol=1e-4)


def test_a_translation_is_nearer_than_another_subject(encoder: BuiltinEncoder) -> None:
    vectors = encoder.encode_texts(SENTENCES)
    scores = vectors[:3] @ vectors[3:].T
    assert scores.argmax(1).tolist() == [0, 1, 2]
    assert scores.argmax(0).tolist() == [0, 1, 2]


def test_texts_of_both_languages_keep_their_vectors_together(encoder: BuiltinEncoder) -> None:
    mixed = [SENTENCES[0], SENTENCES[3], "", "labradoodle", SENTENCES[1]]  # read by one or by two
    together = encoder.encode_texts(mixed)
    alone = np.concatenate([encoder.encode_texts([text]) for text in mixed])
    np.testing.assert_allclose(together, alone, atol=1e-4)


def test_words_find_the_picture_they_describe(encoder: BuiltinEncoder) -> None:
    pictures = scenes()
    scores = encoder.encode_texts(list(pictures)) @ encoder.encode_images([*pictures.values()]).T
    assert scores.argmax(1).tolist() == [0, 1]


def test_nothing_in_gives_nothing_out(encoder: BuiltinEncoder) -> None:
    assert encoder.encode_texts([]).shape == (0, 512)
    assert encoder.encode_images([]).shape == (0, 512)
    assert encoder.count_tokens([]) == []


def test_text_beyond_the_window_is_refused_with_both_numbers(encoder: BuiltinEncoder) -> None:
    text = "snow " * 200
    (count,) = encoder.count_tokens([text])
    with pytest.raises(InvalidQuery, match=rf"{count} tokens.*{encoder.text_window}"):
        encoder.encode_texts(["short", text])


def test_text_that_just_fits_is_encoded_whole(encoder: BuiltinEncoder) -> None:
    spare = encoder.text_window - encoder.count_tokens([""])[0]
    full = "，" * spare
    assert encoder.count_tokens([full]) == [encoder.text_window]
    assert encoder.encode_texts([full]).shape == (1, 512)


def test_the_fingerprint_is_that_of_the_files(encoder: BuiltinEncoder) -> None:
    assert digest(FOLDER) == encoder.fingerprint


def test_the_shipped_files_stay_small() -> None:
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) <= 75_000_000


def test_threads_that_arrive_together_agree() -> None:
    encoder, found = BuiltinEncoder(threads=1), {}
    start = threading.Barrier(4)

    def work(name: int) -> None:
        start.wait()
        found[name] = encoder.encode_texts(SENTENCES[:2])

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for i in range(1, 4):
        np.testing.assert_array_equal(found[0], found[i])


def test_missing_files_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"config\.json.*Reinstall"):
        BuiltinEncoder(tmp_path)


@pytest.mark.parametrize("file", ["text.onnx", "tokenizer.json", "english.json"])
def test_a_damaged_file_is_named(tmp_path: Path, file: str) -> None:
    for name in ("config.json", "text.onnx", "tokenizer.json", "english.json"):
        shutil.copy(FOLDER / name, tmp_path)
    (tmp_path / file).write_bytes((FOLDER / file).read_bytes()[:1000])
    with pytest.raises(ModelUnavailable, match=file):
        BuiltinEncoder(tmp_path).encode_texts(["a dog"])


def test_it_starts_without_torch_and_keeps_its_usage_to_itself(tmp_path: Path) -> None:
    program = (
        "import sys; from retrieval.encoders.builtin import BuiltinEncoder as B;"
        "B().encode_texts(['a dog']); print('torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, check=True,
        cwd=FOLDER.parents[2],
    )  # fmt: skip
    assert done.stdout.strip() == "False"
    assert list(tmp_path.iterdir()) == []  # onnxruntime's telemetry would leave a device id
