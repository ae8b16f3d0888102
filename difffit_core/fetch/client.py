"""Talking to the archives: few connections, patience where one is asked for, the next address where one does not answer."""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple, Protocol, TypeVar

import httpx

from difffit_core import __version__
from difffit_core.errors import FitCancelled, UserError
from difffit_core.escaping.terminal import one_line
from difffit_core.fetch.failures import AbsentError, FetchError, UnreachableError
from difffit_core.fetch.sources import Access
from difffit_core.number_words import whole_number

T = TypeVar("T")
_ABSENT = (404, 410)
_BUSY = (429, 503)
_FIRST_WAIT_S = 1.0


_LONGEST = 32 << 20
"""Bytes of an answer that describes something; a list of all archives has a few thousand."""


class Answer(NamedTuple):
    """A short answer: its body, what the archive says about it, and where it came from."""

    content: bytes
    headers: Mapping[str, str]
    address: str


class CancelFlag(Protocol):
    """What is asked whether to stop; `threading.Event` is one."""

    def is_set(self) -> bool: ...


class Client:
    """Requests of one run, from several threads; close it when done.

    Parameters
    ----------
    access : how the archives are reached
    cancel : stops all of it, by `FitCancelled`
    """

    def __init__(self, access: Access, cancel: CancelFlag | None = None) -> None:
        self.access = access
        self._cancel = cancel
        self._not_before: dict[str, float] = {}
        self._guard = threading.Lock()
        limits = httpx.Limits(max_connections=access.connections, max_keepalive_connections=access.connections)
        try:
            self._client = httpx.Client(
                headers={"User-Agent": f"difffit/{__version__}", "Accept-Encoding": "identity"},
                timeout=httpx.Timeout(access.patience_s, pool=None), follow_redirects=True, limits=limits, proxy=access.proxy or None,
            )  # fmt: skip
        except (ValueError, httpx.InvalidURL) as error:
            raise UserError(
                f"proxy must be an address as http://host:port, got {access.proxy or 'one in the environment'} ({error})"
            ) from None

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def check_cancelled(self) -> None:
        """Raise `FitCancelled` if the user has stopped it."""
        if self._cancel is not None and self._cancel.is_set():
            raise FitCancelled("stopped; what was fetched in part is kept, and the same command goes on from there")

    def first(self, addresses: Sequence[str], work: "Work[T]") -> T:
        """What ``work`` makes of the first address for which it does not raise a `FetchError`; each is given the tries it has.

        Raises
        ------
        AbsentError
            If every archive that answers says that there is no such thing.
        UnreachableError
            If none answers at all.
        FetchError
            If they answer, but not with it; the sentence tells of each.
        """
        failures: list[FetchError] = []
        for address in addresses:
            self.check_cancelled()
            try:
                return self._try(address, work)
            except FetchError as error:
                failures.append(error)
        raise _all_of(failures)

    def _try(self, address: str, work: "Work[T]") -> T:
        wait = _FIRST_WAIT_S
        for left in reversed(range(self.access.tries)):
            try:
                return work(address)
            except (AbsentError, UnreachableError):
                raise
            except TransientError as error:
                if left == 0:
                    raise FetchError(str(error)) from error
                self.sleep(wait if error.wait_s is None else 0.0)
                wait *= 2
        raise AssertionError("unreachable")

    @contextmanager
    def stream(self, address: str, headers: Mapping[str, str] | None = None) -> Iterator[httpx.Response]:
        """An answer whose body is still to be read, with a status of 200, 206 or 416.

        Raises
        ------
        AbsentError, UnreachableError, FetchError, TransientError
            For every other; also from reading the body inside the block.
        """
        try:
            host = httpx.URL(address).host
        except httpx.InvalidURL as error:
            raise FetchError(f"{one_line(address)[:200]} is no address ({error})") from None
        self._wait_for(host)
        try:
            with self._client.stream("GET", address, headers=dict(headers or {})) as answer:
                if answer.status_code not in (200, 206, 416):
                    self._refuse(answer, host)
                yield answer
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, httpx.UnsupportedProtocol) as error:
            raise UnreachableError(f"{host} does not answer ({_words(error)})") from error
        except httpx.TooManyRedirects as error:
            raise FetchError(f"{address} leads round in circles") from error
        except httpx.TimeoutException as error:
            raise TransientError(f"{host} has sent nothing for {self.access.patience_s:g} s") from error
        except httpx.HTTPError as error:
            raise TransientError(f"{host} broke off ({_words(error)})") from error

    def read(self, addresses: Sequence[str]) -> Answer:
        """A short answer, whole, from the first address that has it."""

        def whole(address: str) -> Answer:
            with self.stream(address, {"Accept-Encoding": "gzip"}) as answer:
                return Answer(self.body(answer), answer.headers, address)

        return self.first(addresses, whole)

    def body(self, answer: httpx.Response) -> bytes:
        """All of a short answer, unpacked.

        Raises
        ------
        FetchError
            If it goes on and on.
        """
        content = bytearray()
        for block in answer.iter_bytes():
            content += block
            if len(content) > _LONGEST:
                raise FetchError(f"{answer.url.host} answers with more than {_LONGEST >> 20} MiB where a few lines were asked for")
            self.check_cancelled()
        return bytes(content)

    def sleep(self, seconds: float) -> None:
        """Wait, unless the user stops it."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.check_cancelled()
            time.sleep(min(left, 0.1))

    def _wait_for(self, host: str) -> None:
        """Leave alone, in all threads, a host that asked for it."""
        with self._guard:
            until = self._not_before.get(host, 0.0)
        self.sleep(until - time.monotonic())

    def _refuse(self, answer: httpx.Response, host: str) -> None:
        status, address = answer.status_code, str(answer.url)
        if status in _ABSENT:
            raise AbsentError(f"{host} has no {address.rpartition('/')[2]}")
        if status in _BUSY:
            wait = _retry_after(answer.headers.get("Retry-After", ""))
            if wait is not None and wait > self.access.longest_wait_s:
                raise FetchError(f"{host} asks to come again in {wait:.0f} s, which is more than {self.access.longest_wait_s:g} s")
            if wait is not None:
                with self._guard:
                    self._not_before[host] = max(self._not_before.get(host, 0.0), time.monotonic() + wait)
            raise TransientError(f"{host} is busy (status {status})", wait)
        if status >= 500:
            raise TransientError(f"{host} has a fault (status {status})")
        raise FetchError(f"{host} refuses {address} (status {status} {answer.reason_phrase})")


class TransientError(Exception):
    """What may go better a moment later, and how many seconds later if that was said."""

    def __init__(self, sentence: str, wait_s: float | None = None) -> None:
        super().__init__(sentence)
        self.wait_s = wait_s


class Work(Protocol[T]):  # type: ignore[misc]  # mypy wants the type covariant, which a function's result is
    """What is done with one address."""

    def __call__(self, address: str, /) -> T: ...


def _all_of(failures: Sequence[FetchError]) -> FetchError:
    """One failure for all addresses."""
    told = "; ".join(dict.fromkeys(str(one) for one in failures))
    if failures and all(isinstance(one, UnreachableError) for one in failures):
        return UnreachableError(f"no archive can be reached: {told}. Is this machine offline, or behind a proxy (--proxy, HTTPS_PROXY)?")
    answered = [one for one in failures if not isinstance(one, UnreachableError)]
    if answered and all(isinstance(one, AbsentError) for one in answered):
        return AbsentError(told)
    return FetchError(told or "there is no address to ask")


def _retry_after(text: str) -> float | None:
    """Seconds of a Retry-After header, which is a number or a date; None if there is none."""
    seconds = whole_number(text)
    if seconds is not None:
        return float(seconds)
    try:
        then = parsedate_to_datetime(text)
        return max((then.replace(tzinfo=then.tzinfo or UTC) - datetime.now(UTC)).total_seconds(), 0.0)
    except (ValueError, OverflowError):
        return None


def _words(error: Exception) -> str:
    return str(error).strip() or type(error).__name__
