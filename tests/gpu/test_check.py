"""The check for machines with a GPU, run on the CPU: all of its steps, what it installs, and what it says of what goes wrong."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from zipfile import ZipFile

import psutil
import pytest

pytestmark = pytest.mark.skipif(os.name == "nt" or shutil.which("bash") is None, reason="check.sh is for bash")
HERE = Path(__file__).resolve().parent
STEPS = ("card", "agreement", "selftest", "fits", "screens", "roofline", "frames")
_ABOUT = ("METADATA", "WHEEL", "RECORD")


def check(*arguments: str, **variables: str) -> subprocess.CompletedProcess:
    environment = {**os.environ, "PYTHON": sys.executable, **variables}
    return subprocess.run(
        ["bash", str(HERE / "check.sh"), *arguments], check=False, env=environment, capture_output=True, text=True, timeout=280
    )


def outcomes(markdown: str) -> dict[str, str]:
    rows = re.findall(r"^\| (\w+) \| [^|]+ \| ([^|]+) \|$", markdown, re.MULTILINE)
    return {name: outcome for name, outcome in rows if name in STEPS}


@pytest.mark.slow
def test_every_step_is_done_on_the_cpu_without_a_new_environment(tmp_path: Path) -> None:
    done = check("--device", "cpu", "--quick", "--seconds", "250", str(tmp_path / "of it"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (tmp_path / "of it" / "environment").exists()
    text = (tmp_path / "of it" / "gpu.md").read_text(encoding="utf-8")
    found = outcomes(text)
    assert tuple(found) == STEPS
    assert all(outcome.startswith("done") for outcome in found.values()), found
    assert re.findall(r"^## .*", text, re.MULTILINE) == ["## On a GPU (tried on the CPU: no figure below is of a GPU)"]
    assert "0 passed, 0 failed, 6 skipped" in text
    assert re.search(r"^\| fit on cpu \| passed \| RMSD 0\.\d", text, re.MULTILINE)
    assert re.search(r"^\| balanced, cpu \| [\d.]+ \| [\d.]+ \| 1 \| 0\.\d+ \| 0\.000 \|$", text, re.MULTILINE)
    assert re.search(r"^\| cpu, \d+ \| 4 \| [\d.]+ \| \d+ \| 1 \| [0-4] \| 4 of 4 \|$", text, re.MULTILINE)
    assert re.search(r"^\| 64³, cpu \| \d+ \| \d+ \|", text, re.MULTILINE)
    assert "Memory, by a copy" in text
    assert "Not drawn" in text or re.search(r"^### Frames off screen\n(.*\n)+\| [^|]+ \| [\d.]+ \| [\d.]+ \(", text, re.MULTILINE)


@pytest.mark.slow
def test_what_there_is_no_time_for_is_told_and_is_no_failure(tmp_path: Path) -> None:
    done = check("--device", "cpu", "--quick", "--seconds", "5", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    found = outcomes((tmp_path / "gpu.md").read_text(encoding="utf-8"))
    assert tuple(found) == STEPS
    left_out = [name for name, outcome in found.items() if outcome.startswith("left out: of ")]
    assert len(left_out) >= len(STEPS) - 1
    assert "card" in left_out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--device", "tpu"), "--device must be cuda or cpu, got tpu"),
        (("--seconds", "1.5"), "--seconds must be a whole number of seconds, got 1.5"),
        (("--seconds",), "--seconds needs a value"),
        (("--fast",), "options are --device, --quick and --seconds, got --fast"),
        (("one", "two"), "one folder for the results is taken, got one and two"),
    ],
)
def test_what_is_not_understood_is_one_sentence(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    done = check(*arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"check.sh: {said}\n")


@pytest.mark.slow
def test_a_step_that_fails_is_told_by_its_last_line_and_others_go_on(tmp_path: Path) -> None:
    """With `card` in the way that ends, and `agreement` that hangs with a process of its own."""
    beside = tmp_path / "beside"
    beside.mkdir()
    for name in STEPS:
        of_it = f"def run(part, device, quick):\n    part.begin('of {name}', '', ['a'])\n    part.add('1')\n"
        (beside / f"{name}.py").write_text(of_it)
    (beside / "card.py").write_text("def run(*_):\n    raise RuntimeError('no such card')\n")
    (beside / "fits.py").write_text("def run(part, *_):\n    part.begin('of fits', '', ['a'])\n    part.fault('too far')\n")
    (beside / "machine.py").write_text("def describe():\n    raise ImportError('No module named gemmi')\n")
    pid = beside / "pid"
    (beside / "agreement.py").write_text(
        "import subprocess, time\ndef run(part, *_):\n    part.begin('of agreement', '', ['a'])\n    part.add('half')\n"
        f"    open({str(pid)!r}, 'w').write(str(subprocess.Popen(['sleep', '60']).pid))\n    time.sleep(60)\n"
    )
    for name in ("check.py", "part.py"):
        shutil.copy(HERE / name, beside)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(beside), str(HERE.parent / "bench")])}
    command = [sys.executable, str(beside / "check.py"), "--device", "cpu", "--seconds", "45", str(tmp_path)]
    done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True, timeout=100)
    assert done.returncode == 1, done.stdout + done.stderr
    text = (tmp_path / "gpu.md").read_text(encoding="utf-8")
    found = outcomes(text)
    assert tuple(found) == STEPS
    assert re.fullmatch(r"FAILED after \d+ s: RuntimeError: no such card", found["card"])
    assert re.fullmatch(r"FAILED: not done after \d+ s, its share of the time", found["agreement"])
    assert "### of agreement" in text
    assert "| half |" in text, "what it had measured stands"
    assert found["fits"] == "FAILED: too far"
    assert "Not described: No module named gemmi" in text
    assert {found[name].partition(" ")[0] for name in ("selftest", "screens", "roofline", "frames")} == {"done"}
    try:
        left = psutil.Process(int(pid.read_text())).status()
    except psutil.NoSuchProcess:
        left = psutil.STATUS_DEAD
    assert left in (psutil.STATUS_DEAD, psutil.STATUS_ZOMBIE), "what a step began ends with it"


@pytest.mark.slow
@pytest.mark.parametrize("gives_pip", [True, False])
def test_what_a_python_lacks_is_installed_from_the_folder_of_wheels_upon_it(tmp_path: Path, gives_pip: bool) -> None:
    """The one that lacks something has all but mrcfile of what this has; the wheel is of a name alone."""
    poor, here, wheels = tmp_path / "poor", Path(sysconfig.get_path("purelib")), tmp_path / "wheels"
    venv.create(poor, symlinks=True)
    rest = tmp_path / "rest"
    rest.mkdir()
    for entry in here.iterdir():
        if not entry.name.startswith(("mrcfile", "__editable__")) and entry.suffix != ".pth":
            (rest / entry.name).symlink_to(entry)
    (own,) = poor.glob("lib/python*/site-packages")
    (own / "rest.pth").write_text(f"{rest}\n")
    wheels.mkdir()
    about = "mrcfile-1.5.4.dist-info"
    with ZipFile(wheels / "mrcfile-1.5.4-py3-none-any.whl", "w") as wheel:
        wheel.writestr("mrcfile/__init__.py", "")
        wheel.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: mrcfile\nVersion: 1.5.4\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: by hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "".join(f"{name},,\n" for name in ("mrcfile/__init__.py", *(f"{about}/{n}" for n in _ABOUT))))
    out, python = tmp_path / "out", poor / "bin" / "python"
    if not gives_pip:
        real, python = python, tmp_path / "python"
        python.write_text(f'#!/bin/sh\ncase "$*" in *without-pip*) ;; *"-m venv"*) exit 1 ;; esac\nexec {real} "$@"\n')
        python.chmod(0o755)
    done = check("--device", "cpu", "--quick", "--seconds", "1", str(out), PYTHON=str(python), WHEELS=str(wheels))
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"lacks mrcfile==1.5.4: making {out / 'environment'}" in done.stderr
    assert [path.name for path in out.glob("environment/lib/python*/site-packages/mrcfile*")] != []
    assert [path.name for path in out.glob("environment/lib/python*/site-packages/torch*")] == []
    assert tuple(outcomes((out / "gpu.md").read_text(encoding="utf-8"))) == STEPS
