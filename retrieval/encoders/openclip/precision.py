"""How exactly a model computes: float32, or in half the bits where the hardware has such units.

Vectors leave an encoder as float32 whatever it computed in. bfloat16 keeps float32's range, so
that nothing overflows; float16 is used only on GPUs that lack it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import torch
from torch import nn

from retrieval.settings import Precision

FAST_BF16 = {"amx_bf16", "avx512_bf16"}
"""Units that multiply bfloat16; a CPU without them computes it far slower than float32."""
CPU_INFO = Path("/proc/cpuinfo")


def choose(wanted: Precision, device: str) -> torch.dtype:
    """Give the type to compute in: the one wanted, or what is fast on the device."""
    if wanted == "fp32":
        return torch.float32
    if device == "cuda":
        emulated = not torch.cuda.is_bf16_supported(including_emulation=False)
        return torch.float16 if emulated else torch.bfloat16
    if wanted == "bf16" or FAST_BF16 & set(cpu_features()):
        return torch.bfloat16
    return torch.float32


def cpu_features() -> Iterable[str]:
    """Name what this CPU can do, as far as torch or Linux tells."""
    if hasattr(torch.cpu, "get_capabilities"):
        return [name for name, has in torch.cpu.get_capabilities().items() if has is True]
    if not CPU_INFO.is_file():
        return []
    lines = CPU_INFO.read_text("utf-8", errors="replace").splitlines()
    return next((line.split() for line in lines if line.startswith("flags")), [])


def lower(network: nn.Module, dtype: torch.dtype) -> None:
    """Keep the weights of matrix products in a type; norms, embeddings and scales stay as exact.

    To be run under ``torch.autocast`` of the same type, which sees to what meets them.
    """
    for module in network.modules():
        if isinstance(module, (nn.Linear, nn.MultiheadAttention, nn.Conv2d)):
            module.to(dtype)
