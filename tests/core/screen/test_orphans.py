"""Processes whose screen was killed."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

SCRIPT = """
import multiprocessing, threading
from difffit_core.screen import workers

class Endless:
    def __init__(self, request, threads): pass
    def run(self, task):
        print("busy", flush=True)
        threading.Event().wait()

workers.Screener = Endless
if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=workers._work, args=(theirs, 1), daemon=True)
    process.start()
    theirs.close()
    print(process.pid, flush=True)
    ours.recv()
    ours.send("request")
    ours.recv()
    ours.send("task")
    threading.Event().wait()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no SIGKILL")
def test_they_end_in_the_middle_of_their_task(tmp_path: Path) -> None:
    """They would search on, each on its cores, for a screen that is no more. Their output ends when all of them have ended."""
    script = tmp_path / "screen.py"
    script.write_text(SCRIPT)
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert parent.stdout.readline() == "busy\n"
    parent.kill()
    try:
        parent.communicate(timeout=60)
    finally:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
