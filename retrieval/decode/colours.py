"""From the colours of a file to those of a screen: eight bits of sRGB, with nothing transparent.

Depth and transparency are settled before a picture is made smaller, for neither can be averaged as
it lies. Its colour profile is applied afterwards, when there is less to convert.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

import numpy as np
from PIL import Image, ImageCms

LARGEST_PROFILE = 4 * 2**20
SEEN = 3
"""Levels of 255 by which a profile must move some colour to be worth applying."""
PLAIN = {"L", "RGB", "CMYK", "LAB"}
"""Modes that can be made smaller as they are."""


def to_plain(image: Image.Image) -> Image.Image:
    """Give a picture eight bits a channel, without palette and transparency."""
    image = _eight_bit(image)
    if image.has_transparency_data:
        return _on_white(image)
    return image if image.mode in PLAIN else image.convert("RGB")


def to_screen(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert a plain picture to sRGB by its colour profile or, without one, by Pillow's rules."""
    transform = _transform(profile or b"", image.mode)
    if transform is not None:
        return ImageCms.applyTransform(image, transform) or image
    return image.convert("RGB") if image.mode != "RGB" else image


def _eight_bit(image: Image.Image) -> Image.Image:
    """Map 16-bit, 32-bit and floating-point greys to 0…255; Pillow alone would clip them."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image, dtype=np.uint16) >> 8).astype(np.uint8))
    if image.mode not in {"I", "F"}:
        return image
    grey = np.nan_to_num(np.asarray(image, dtype=np.float64), posinf=0, neginf=0)
    low, high = float(grey.min()), float(grey.max())
    if low < 0 or high > 255 or high <= 1:
        grey = (grey - low) * (255 / max(high - low, 1e-12))
    return Image.fromarray(grey.astype(np.uint8))


def _on_white(image: Image.Image) -> Image.Image:
    layer = image.convert("RGBA")
    white = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(white, layer).convert("RGB")


@lru_cache(maxsize=32)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """Make the way from a profile to sRGB; None where it is none, or leads nowhere else."""
    if mode != "LAB" and not 0 < len(profile) <= LARGEST_PROFILE:
        return None
    # A profile that is broken, or of other channels than the picture, says nothing.
    try:
        transform = ImageCms.buildTransform(
            ImageCms.createProfile("LAB") if mode == "LAB" else BytesIO(profile),
            ImageCms.createProfile("sRGB"),
            mode,
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except ImageCms.PyCMSError:
        return None
    return None if mode == "RGB" and not _is_seen(transform) else transform


def _is_seen(transform: ImageCms.ImageCmsTransform) -> bool:
    levels = np.linspace(0, 255, 6).astype(np.uint8)
    colours = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(6, 36, 3)
    moved = np.asarray(ImageCms.applyTransform(Image.fromarray(colours), transform), np.int16)
    return bool(np.abs(moved - colours).max() > SEEN)
