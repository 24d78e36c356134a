"""A decoder that crashes, hangs or takes all memory costs one file, and nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from retrieval.decode.apart import Apart
from retrieval.decode.border import decoding
from retrieval.errors import UnreachableMedia, UnreadableMedia
from retrieval.settings import settings

FILE = Path("some") / "file.heic"


@pytest.fixture
def apart() -> Iterator[Apart]:
    made = Apart(2)
    yield made
    made.close()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TRIPTYCH_MAX_DECODING_SECONDS", "0.5")
    monkeypatch.setenv("TRIPTYCH_MAX_DECODING_BYTES", str(2**30))
    settings.cache_clear()
    yield
    settings.cache_clear()


def double(number: int) -> int:
    return 2 * number


def crash_or_double(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGSEGV)
    return 2 * number


def leave() -> None:
    os._exit(3)


def hang() -> None:
    while True:
        time.sleep(1)


def tell_and_spin(file: Path) -> None:
    file.write_text(str(os.getpid()))
    while True:
        pass


def open_it(file: Path) -> bytes:
    with decoding(file):
        return file.read_bytes()


def take(file: Path, size: int) -> int:
    with decoding(file):
        return len(bytearray(size))


def test_it_is_another_process_that_works(apart: Apart) -> None:
    assert apart.decode(FILE, os.getpid) != os.getpid()
    assert apart.decode(FILE, double, 21) == 42


def test_a_crash_costs_one_file(apart: Apart) -> None:
    def outcome(number: int) -> int | str:
        try:
            return apart.decode(FILE, crash_or_double, number)
        except UnreadableMedia as error:
            return str(error)

    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(outcome, range(12)))
    crashed = outcomes.pop(3)
    assert outcomes == [2 * number for number in range(12) if number != 3]
    assert crashed == f"{FILE}: its decoder crashed (SIGSEGV); the file is damaged or hostile"


def end_itself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_that_the_system_ends_condemns_no_file(apart: Apart) -> None:
    with pytest.raises(UnreachableMedia, match="ended by the system"):
        apart.decode(FILE, end_itself)


def test_processes_that_die_while_idle_are_replaced() -> None:
    apart = Apart(1)
    process = apart.decode(FILE, os.getpid)
    os.kill(process, signal.SIGKILL)
    while is_alive(process) or apart._pool is None or apart._pool.active:
        time.sleep(0.01)
    assert apart.decode(FILE, os.getpid) != process
    apart.close()


def test_nothing_begins_after_the_end() -> None:
    apart = Apart(1)
    apart.close()
    with pytest.raises(UnreachableMedia, match="has ended"):
        apart.decode(FILE, double, 1)


def test_a_decoder_that_leaves_is_noticed(apart: Apart) -> None:
    with pytest.raises(UnreadableMedia, match=r"gave up \(status 3\)"):
        apart.decode(FILE, leave)


def test_what_takes_too_long_is_ended(hasty: None, apart: Apart) -> None:
    with pytest.raises(UnreadableMedia, match="TRIPTYCH_MAX_DECODING_SECONDS"):
        apart.decode(FILE, hang)
    assert apart.decode(FILE, double, 4) == 8


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not bound memory so")
def test_what_takes_too_much_memory_is_refused(hasty: None, apart: Apart) -> None:
    with pytest.raises(UnreadableMedia, match="TRIPTYCH_MAX_DECODING_BYTES"):
        apart.decode(FILE, take, FILE, 2**31)
    assert apart.decode(FILE, take, FILE, 2**20) == 2**20


def test_errors_come_over_as_what_they_are(apart: Apart, tmp_path: Path) -> None:
    with pytest.raises(UnreachableMedia, match="No such file"):
        apart.decode(FILE, open_it, tmp_path / "gone")


def test_closing_ends_what_is_being_done(apart: Apart) -> None:
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(apart.decode, FILE, hang)
        while not apart.decode(FILE, double, 1):
            pass
        apart.close()
        assert waiting.exception() is not None


def test_work_that_its_processes_left_without_an_answer_is_given_up(apart: Apart) -> None:
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(apart.decode, FILE, hang)
        assert apart.decode(FILE, double, 1) == 2
        left, apart._pool = apart._pool, None
        assert isinstance(waiting.exception(), UnreachableMedia)
        left.stop()
        left.join()


def test_whoever_is_patient_for_so_long_waits_no_longer_for_others(apart: Apart) -> None:
    assert apart.decode(FILE, double, 1) == 2  # so that its processes have begun
    with ThreadPoolExecutor(8) as threads, pytest.MonkeyPatch.context() as patch:
        patch.setattr(apart, "_patience", 1.5)
        waiting = [threads.submit(apart.decode, FILE, hang) for _ in range(8)]
        reasons = [str(one.exception()) for one in waiting]
    assert any("Too much is decoded at the moment" in reason for reason in reasons)
    assert apart.decode(FILE, double, 2) == 4


def test_closing_what_never_began_is_nothing() -> None:
    Apart(1).close()


UNGUARDED = """
import multiprocessing.spawn, os, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from retrieval.decode.apart import Apart
from retrieval.decode.spawning import STARTING

prepare = multiprocessing.spawn.get_preparation_data

def prepare_under_lock(name):
    assert STARTING._is_owned()
    return prepare(name)

multiprocessing.spawn.get_preparation_data = prepare_under_lock
main = sys.modules["__main__"]
apart = Apart(1)
print(apart.decode(Path("a"), os.getpid) != os.getpid())
apart.close()
assert sys.modules["__main__"] is main and main.__file__ == sys.argv[0]
"""


def test_a_program_need_not_be_guarded_against_being_imported_again(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(UNGUARDED)
    command = [sys.executable, "-W", "error", str(program), str(Path(__file__).parents[2])]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (run.stdout, run.stderr) == ("True\n", "")


PROGRAM = """
import os, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from retrieval.decode.apart import Apart
if __name__ == "__main__":
    apart = Apart(1)
    print(apart.decode(Path("a"), os.getpid), flush=True)
    sys.stdin.read()
"""


def test_processes_do_not_outlive_one_that_was_killed(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    command = [sys.executable, str(program), str(Path(__file__).parents[2])]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        parent.kill()
    for _ in range(300):
        if not is_alive(worker):
            return
        time.sleep(0.1)
    pytest.fail(f"process {worker} lives on")


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"


ASKS = """
import sys
from pathlib import Path
from retrieval.decode.apart import Apart
from tests.decode.test_apart import tell_and_spin
told = Path(sys.argv[1])
Apart(1).decode(told, tell_and_spin, told)
"""


def test_whoever_is_killed_leaves_nothing_that_spins_for_ever(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    bounds = {**os.environ, "TRIPTYCH_MAX_DECODING_SECONDS": "1"}
    asking = subprocess.Popen([sys.executable, "-c", ASKS, told], env=bounds)
    until = time.monotonic() + 60
    while time.monotonic() < until and not (told.is_file() and told.read_text()):
        time.sleep(0.02)
    spinning = int(told.read_text())
    asking.kill()
    asking.wait()
    while time.monotonic() < until and Path(f"/proc/{spinning}/stat").exists():
        time.sleep(0.1)
    assert not Path(f"/proc/{spinning}").exists()


def test_a_file_that_hangs_is_named_where_there_is_little_patience() -> None:
    hasty = Apart(1, patience=0.6)
    try:
        begun = False
        while not begun:  # The process itself may take longer to begin.
            with suppress(UnreadableMedia):
                begun = hasty.decode(FILE, bool, True)
        with pytest.raises(UnreadableMedia, match=r"longer than 0.6 seconds") as said:
            hasty.decode(FILE, hang)
        assert not isinstance(said.value, UnreachableMedia)
    finally:
        hasty.close()


def blocked() -> set[signal.Signals]:
    return {signal.Signals(number) for number in signal.pthread_sigmask(signal.SIG_BLOCK, ())}


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="the system has no such masks")
def test_ctrl_c_never_reaches_a_process_that_is_only_beginning() -> None:
    before = blocked()
    once = Apart(1)
    try:
        assert signal.SIGINT in once.decode(FILE, blocked)
    finally:
        once.close()
    assert blocked() == before and signal.SIGINT not in before
