"""What a model computes in, by the hardware and the setting."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from retrieval.encoders.openclip import precision
from retrieval.encoders.openclip.precision import choose, cpu_features, lower


@pytest.mark.parametrize(
    ("features", "wanted", "dtype"),
    [
        (["avx2"], "auto", torch.float32),
        (["avx2", "avx512_bf16"], "auto", torch.bfloat16),
        (["amx_bf16", "amx_tile"], "auto", torch.bfloat16),
        (["avx512_bf16"], "fp32", torch.float32),
        (["avx2"], "bf16", torch.bfloat16),
    ],
)
def test_a_cpu_computes_in_bf16_where_it_is_fast_or_wanted(
    features: list[str],
    wanted: precision.Precision,
    dtype: torch.dtype,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(precision, "cpu_features", lambda: features)
    assert choose(wanted, "cpu") == dtype


@pytest.mark.parametrize(
    ("native", "wanted", "dtype"),
    [
        (True, "auto", torch.bfloat16),
        (False, "auto", torch.float16),
        (False, "bf16", torch.float16),
        (True, "fp32", torch.float32),
    ],
)
def test_a_gpu_computes_in_half_the_bits(
    native: bool, wanted: precision.Precision, dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: native)
    assert choose(wanted, "cuda") == dtype


def test_linux_tells_what_an_older_torch_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(torch.cpu, "get_capabilities", raising=False)
    file = tmp_path / "cpuinfo"
    monkeypatch.setattr(precision, "CPU_INFO", file)
    assert not list(cpu_features())
    file.write_text("processor\t: 0\nflags\t\t: fpu avx512_bf16 amx_bf16 amx_tile\n")
    assert choose("auto", "cpu") == torch.bfloat16


def test_only_the_weights_of_products_are_lowered() -> None:
    network = nn.Sequential(
        nn.Embedding(4, 8), nn.LayerNorm(8), nn.Linear(8, 8), nn.MultiheadAttention(8, 2)
    )
    lower(network, torch.bfloat16)
    kinds = {name: weight.dtype for name, weight in network.named_parameters()}
    assert kinds["0.weight"] == kinds["1.weight"] == torch.float32
    assert kinds["2.weight"] == kinds["3.in_proj_weight"] == torch.bfloat16
