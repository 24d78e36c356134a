from __future__ import annotations

from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pytest

from retrieval.decode.sound import RATE, read_sound
from retrieval.errors import MediaTooLarge, UnreadableMedia

CODECS = [
    ("wav", "pcm_s16le"),
    ("flac", "flac"),
    ("ogg", "libopus"),
    ("mp3", "libmp3lame"),
    ("mp4", "aac"),
    ("webm", "libopus"),
]


def encode(format: str, codec: str, seconds: float = 2.0, rate: int = 48_000) -> bytes:
    """Make a stereo tone of 440 Hz."""
    stream = BytesIO()
    times = np.arange(int(seconds * rate)) / rate
    tone = np.sin(times * 440 * 2 * np.pi).astype(np.float32) * 0.5
    with av.open(stream, "w", format=format) as container:
        track = container.add_stream(codec, rate=rate, layout="stereo")
        resampler = av.AudioResampler(track.format, track.layout, rate, track.frame_size or None)
        frame = av.AudioFrame.from_ndarray(np.stack([tone, tone]), "fltp", "stereo")
        frame.rate = rate
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(track.encode(part))
        container.mux(track.encode(None))
    return stream.getvalue()


@pytest.mark.parametrize(("format", "codec"), CODECS)
def test_every_format_becomes_mono_at_16_khz(format: str, codec: str) -> None:
    sound = read_sound(encode(format, codec), max_seconds=10)
    assert sound.samples.dtype == np.float32 and sound.samples.ndim == 1
    assert sound.duration == pytest.approx(2.0, abs=0.1)
    spectrum = np.abs(np.fft.rfft(sound.samples[:RATE]))
    assert spectrum.argmax() == pytest.approx(440, abs=2)


def test_a_recording_beyond_the_bound_is_refused() -> None:
    with pytest.raises(MediaTooLarge, match="1 seconds"):
        read_sound(encode("wav", "pcm_s16le"), max_seconds=1)


@pytest.mark.parametrize("rate", [1, 399, 500_000, 2_000_000_011])
def test_a_header_that_lies_about_its_rate_is_refused(rate: int) -> None:
    wav = bytearray(encode("wav", "pcm_s16le", rate=8000))
    at = wav.index(b"fmt ") + 12
    wav[at : at + 4] = rate.to_bytes(4, "little")
    with pytest.raises(UnreadableMedia, match="no rate of sound"):
        read_sound(bytes(wav), max_seconds=60)


@pytest.mark.parametrize("data", [b"", b"no sound" * 100, b"RIFF\x24\0\0\0WAVEfmt ", b"ID3\x04"])
def test_what_is_no_sound_is_unreadable(data: bytes) -> None:
    with pytest.raises(UnreadableMedia):
        read_sound(data, max_seconds=10)


def test_a_playlist_reaches_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret.wav"
    secret.write_bytes(encode("wav", "pcm_s16le"))
    for playlist in (f"#EXTM3U\n#EXTINF:1,\n{secret}\n", f"ffconcat version 1.0\nfile {secret}\n"):
        with pytest.raises(UnreadableMedia):
            read_sound(playlist.encode(), max_seconds=10)


def test_a_film_without_sound_is_named(tmp_path: Path) -> None:
    file = tmp_path / "film.mp4"
    with av.open(str(file), "w") as container:
        track = container.add_stream("mpeg4", rate=5)
        track.width = track.height = 32
        frame = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8))
        container.mux(track.encode(frame))
        container.mux(track.encode(None))
    with pytest.raises(UnreadableMedia, match=r"film\.mp4: holds no sound"):
        read_sound(file, max_seconds=10)


def test_damage_in_the_middle_loses_only_itself() -> None:
    mp3 = bytearray(encode("mp3", "libmp3lame", seconds=5))
    mp3[20_000:21_000] = bytes(1000)
    assert read_sound(bytes(mp3), max_seconds=10).duration > 4
