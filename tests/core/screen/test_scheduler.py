"""A scheduler that others may reach is warned of."""

from types import SimpleNamespace

import pytest

from difffit_core.errors import UserError
from difffit_core.screen.distributed import connect, open_warning
from difffit_core.screen.workers import local_workers


@pytest.mark.parametrize(
    "address",
    ["slurm", "localhost:8786", "tcp://127.0.0.1:8786", "tcp://127.3.2.1:8786", "tcp://[::1]:8786", "tls://10.0.0.7:8786", "TLS://a:1"],
)
def test_nothing_is_said_of_one_that_is_closed(address: str) -> None:
    assert open_warning(address) == ""


@pytest.mark.parametrize(
    "address",
    ["tcp://192.168.1.5:8786", "192.168.1.5:8786", "tcp://localhost.example:1", "ws://node7:80", "[2001:db8::1]:8786", "node"],
)
def test_one_that_is_open_is_warned_of(address: str) -> None:
    assert f"{address} is reached without TLS" in open_warning(address)


@pytest.mark.parametrize(
    "address",
    [
        "[red]",
        "tcp://[::1",
        "a:99999999999999999999",
        "a:65536",
        "a:b",
        "a:",
        "node",
        "a b:1",
        "a\nb:1",
        "tls://",
        "\x1b]0;x:1",
        " ",
        "a:0",
    ],
)
def test_what_is_no_address_is_refused_before_anything_is_said_or_looked_up(address: str, caplog: pytest.LogCaptureFixture) -> None:
    pytest.importorskip("distributed")
    with pytest.raises(UserError, match="scheduler must be slurm or the address of a Dask scheduler, as in tls://HOST:8786, got"):
        connect(SimpleNamespace(), address)  # type: ignore[arg-type]
    assert not caplog.records


@pytest.mark.parametrize("jobs", [10_000, 10**60])
def test_no_more_processes_than_a_machine_can_bear(jobs: int) -> None:
    request = SimpleNamespace(device="cpu")
    with pytest.raises(UserError, match="jobs must be at most"):
        local_workers(request, jobs)
