"""A real zygote and its locked children: what they can reach, how they end, and what the judge is told."""

from __future__ import annotations

import os
import signal
import stat
import time
from pathlib import Path

import pytest

import autograder
from autograder.assignment import Limits
from autograder.bridge.allowance import Allowance
from autograder.bridge.channel import ChannelClosed
from autograder.bridge.messages import Reply, Request, pack, unpack
from autograder.bridge.proxy import SubmissionCode, SubmissionProxy
from autograder.bridge.values import Decoder, Encoder
from autograder.errors import CheckFailure
from autograder.sandbox.control import Lockdown

LIMITS = Limits(call_seconds=5, load_seconds=10, memory_mb=512)


@pytest.fixture
def worker(zygote):
    """Loads a source text in a locked worker; calls go through the usual proxy."""
    proxies = []

    def load(source, limits=LIMITS):
        code = SubmissionCode(source, "work.py", "work")
        lockdown = Lockdown(memory_mb=limits.memory_mb, cpu_seconds=60)
        proxies.append(SubmissionProxy(code, lambda: zygote.spawn(lockdown), limits))
        return proxies[-1]

    yield load
    for proxy in proxies:
        proxy.end_check()


def ask(channel, op, *args, target="", seconds=5.0, idle_seconds=5.0):
    """One raw exchange with a worker."""
    encoder = Encoder(lambda value: pytest.fail("not plain"))
    request = Request(nonce=1, op=op, target=target, args=encoder.node(list(args)))
    reply, buffers = unpack(channel.exchange(pack(request, encoder.buffers), Allowance(seconds, idle_seconds)), Reply)
    return reply, Decoder(buffers, lambda node: node).value(reply.value)


def test_says_which_locks_there_are(zygote):
    assert "resource limits" in zygote.locks
    assert all(sentence.endswith(".") for sentence in zygote.missing_locks)


def test_the_current_directory_is_no_place_to_import_from(worker, tmp_path, monkeypatch):
    (tmp_path / "colors.py").write_text("x = 1")
    monkeypatch.chdir(tmp_path)
    submission = worker(
        "def f():\n    import sys\n    return list(sys.path)\n\n\ndef g():\n    import colors\n    return colors.x()\n"
    )
    path = submission.f()
    assert "" not in path and "." not in path and str(tmp_path) not in path
    assert str(Path(autograder.__file__).resolve().parents[1]) not in path  # it may hold the solutions as well
    with pytest.raises(CheckFailure, match="`colors` is not available where you are graded"):
        submission.g()


def test_a_submission_named_torch_shadows_nothing(zygote):
    code = SubmissionCode("def f():\n    import torch\n    return torch.ones(1).sum().item()\n", "torch.py", "solution")
    proxy = SubmissionProxy(code, lambda: zygote.spawn(Lockdown(512, 20)), LIMITS)
    assert proxy.f() == 1.0
    proxy.end_check()


def test_the_environment_holds_nothing_of_the_judge(worker, monkeypatch):
    submission = worker("import os\n\n\ndef f():\n    return dict(os.environ)\n")
    names = set(submission.f())
    assert names <= {
        "PATH", "LANG", "HOME", "MPLCONFIGDIR", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
        "PYTHONHASHSEED", "CUDA_VISIBLE_DEVICES", "TMPDIR", "XDG_CACHE_HOME", "LC_CTYPE", "KMP_DUPLICATE_LIB_OK",
        "KMP_INIT_AT_FORK", "TORCHINDUCTOR_CACHE_DIR",
    }  # fmt: skip


def test_standard_input_is_empty(worker):
    submission = worker("import sys\n\n\ndef f():\n    return sys.stdin.read()\n\n\ndef g():\n    return input()\n")
    assert submission.f() == ""
    with pytest.raises(CheckFailure, match="EOFError"):
        submission.g()


def test_every_worker_starts_with_an_empty_scratch_folder(worker):
    source = (
        "import os, tempfile\n\n\ndef f():\n"
        "    before = os.listdir()\n    handle, name = tempfile.mkstemp()\n    os.close(handle)\n"
        "    os.makedirs('a/b')\n    return before, name\n"
    )
    for _ in range(2):
        submission = worker(source)
        before, name = submission.f()
        assert before == []
        if os.path.isabs(name) and os.path.exists(os.path.dirname(name)) and os.path.dirname(name) != "/":
            assert stat.S_IMODE(os.stat(os.path.dirname(name)).st_mode) == 0o700
        submission.end_check()
        assert not os.path.exists(name)


def test_data_loaders_work_without_processes(worker):
    submission = worker(
        "import torch\nfrom torch.utils.data import DataLoader\n\n\n"
        "def f():\n"
        "    loader = DataLoader(torch.arange(6), 2, num_workers=3, timeout=5, persistent_workers=True)\n"
        "    return [batch.tolist() for batch in loader], loader.num_workers\n"
    )
    assert submission.f() == ([[0, 1], [2, 3], [4, 5]], 0)


def test_each_worker_has_a_user_of_its_own(worker):
    if os.geteuid() != 0:
        pytest.skip("a user of its own needs root")
    source = "import os\n\n\ndef f():\n    return os.getuid(), os.getgroups()\n"
    (first, groups), (second, _) = worker(source).f(), worker(source).f()
    assert first != second and first > 10_000 and groups == []


@pytest.mark.parametrize(
    ("code", "reason", "detail"),
    [
        ("os._exit(3)", "exited", "exit code 3"),
        ("os.kill(os.getpid(), 9)", "exited", "signal SIGKILL"),
        ("os.abort()", "exited", "signal SIGABRT"),
        ("os.kill(os.getpid(), signal.SIGRTMIN + 2)", "exited", f"signal {signal.SIGRTMIN + 2}"),
        ("os.kill(os.getpid(), signal.SIGXCPU)", "timed_out", "computing"),
        ("os.close(3); time.sleep(60)", "exited", "it closed its line to the grader"),
        ("os.kill(os.getpid(), signal.SIGSTOP)", "timed_out", "stopped"),
        ("os.write(3, b'\\xff' * 8)", "garbled", "an answer that is too long"),
    ],
)
def test_the_judge_learns_how_a_worker_ended(zygote, code, reason, detail):
    channel = zygote.spawn(Lockdown(memory_mb=256, cpu_seconds=20))
    source = f"import os, signal, time\n\n\ndef f():\n    {code}\n"
    ask(channel, "load", source, "work.py", "work", None)
    with pytest.raises(ChannelClosed) as closed:
        ask(channel, "call", target="f", idle_seconds=1.0)
    channel.close()
    assert (closed.value.reason, closed.value.detail) == (reason, detail)


def test_too_much_on_disk_ends_the_worker(zygote):
    channel = zygote.spawn(Lockdown(memory_mb=256, cpu_seconds=20))
    source = (
        "import time\n\n\ndef f():\n    for n in range(2000):\n        open(str(n), 'w').close()\n    time.sleep(60)\n"
    )
    ask(channel, "load", source, "work.py", "work", None)
    with pytest.raises(ChannelClosed, match="more files than the grader allows"):
        ask(channel, "call", target="f", seconds=30.0)
    channel.close()


def test_a_flood_of_output_stalls_nobody(zygote):
    channel = zygote.spawn(Lockdown(memory_mb=256, cpu_seconds=20))
    source = "import os\n\n\ndef f():\n    for _ in range(100):\n        os.write(1, bytes(1 << 20))\n    return 1\n"
    ask(channel, "load", source, "work.py", "work", None)
    # Whoever reads may be kept from a busy processor, while the worker waits for it.
    assert ask(channel, "call", target="f", seconds=20.0, idle_seconds=120.0)[1] == 1
    channel.close()


def test_the_processor_time_is_counted_by_the_kernel(zygote):
    channel = zygote.spawn(Lockdown(memory_mb=256, cpu_seconds=20))
    source = (
        "import time\n\n\ndef f():\n    end = time.process_time() + 0.3\n"
        "    while time.process_time() < end:\n        pass\n"
    )
    ask(channel, "load", source, "work.py", "work", None)
    ask(channel, "call", target="f")
    assert 0.3 <= channel.close() < 2


def test_workers_do_not_outlive_the_zygote():
    from autograder.sandbox.client import Zygote

    zygote = Zygote()
    channels = [zygote.spawn(Lockdown(memory_mb=256, cpu_seconds=20)) for _ in range(2)]
    pids = [zygote.pid, *(channel.pid for channel in channels)]
    folders = [channel._folder for channel in channels]
    os.kill(zygote.pid, signal.SIGKILL)
    for _ in range(300):
        if not any(_lives(pid) for pid in pids):
            break
        time.sleep(0.01)
    assert not any(_lives(pid) for pid in pids)
    zygote.close()
    assert not any(os.path.exists(folder) for folder in folders if folder)
    for channel in channels:
        channel._connection.close()
        os.close(channel._output_fd)


def _lives(pid):
    try:
        with open(f"/proc/{pid}/stat") as stream:
            return stream.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
