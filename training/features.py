"""What the frozen part of the picture tower makes of every photo, kept on disk.

Row i of a view belongs to photo i of ``read_photos``. View 0 is the whole photo, as shipped;
view 1 is mirrored; later views are mirrored at random and cropped a little.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch
from numpy.typing import NDArray
from PIL import Image, ImageOps

from training.lite import LOWER, SIZE, Lite2, load_lite2
from training.photos import read_photos

CACHE = Path(__file__).parent / "cache"
BATCH = 16


def resize(image: Image.Image) -> NDArray[np.uint8]:
    """Squash a whole picture to the side the network wants, ``[260, 260, 3]``."""
    small = image.convert("RGB").resize((SIZE, SIZE), Image.Resampling.BICUBIC, reducing_gap=2)
    return np.asarray(small)


def view_of(image: Image.Image, view: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Give one of the views described above."""
    if view == 1 or (view > 1 and rng.random() < 0.5):
        image = ImageOps.mirror(image)
    if view > 1:
        width, height = image.size
        w, h = (round(side * rng.uniform(0.75, 1.0)) for side in image.size)
        left, top = rng.integers(0, width - w + 1), rng.integers(0, height - h + 1)
        image = image.crop((int(left), int(top), int(left) + w, int(top) + h))
    return resize(image)


class _Lower(torch.nn.Module):
    def __init__(self, trunk: Lite2) -> None:
        super().__init__()
        self.trunk = trunk

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        return self.trunk.lower(pixels)


def lower_session(weights: Path, threads: int) -> ort.InferenceSession:
    """Export the frozen part once and open it: onnxruntime is four times torch here."""
    path = CACHE / "lower.onnx"
    if not path.exists():
        pixels = torch.zeros(2, SIZE, SIZE, 3, dtype=torch.uint8)
        torch.onnx.export(
            _Lower(load_lite2(weights)).eval(), (pixels,), path, input_names=["pixels"],
            dynamic_shapes=({0: torch.export.Dim("n")},), opset_version=18,
            dynamo=True, external_data=False, verbose=False,
        )  # fmt: skip
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    return ort.InferenceSession(path, options)


def main() -> None:
    """Write ``cache/lower_VIEW.npy``, float16 ``[photos, 208, 9, 9]``, for each view asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--weights", type=Path, required=True, help="efficientnet-lite2 .pth")
    parser.add_argument("--views", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    CACHE.mkdir(exist_ok=True)
    session = lower_session(args.weights, args.threads)
    photos = read_photos(args.data)
    for view in args.views:
        rng, start = np.random.default_rng(view), time.monotonic()
        shape = (len(photos), LOWER, 9, 9)
        partial = CACHE / f"lower_{view}.partial.npy"
        maps = np.lib.format.open_memmap(partial, "w+", np.float16, shape)
        for i in range(0, len(photos), BATCH):
            batch = [view_of(Image.open(p.path), view, rng) for p in photos[i : i + BATCH]]
            maps[i : i + BATCH] = session.run(None, {"pixels": np.stack(batch)})[0]
            if i % (BATCH * 100) == 0:
                took = time.monotonic() - start
                print(f"view {view}: {i}/{len(photos)} {took:.0f} s", flush=True)
        maps.flush()
        partial.rename(CACHE / f"lower_{view}.npy")


if __name__ == "__main__":
    main()
