"""When a request is tried again, and after how long.

Prefect on SQLite answers 503 to most writes that meet another one, at once and with nothing changed, so the
first wait is short and many follow. Prefect Cloud counts requests per minute and answers 429 with
``Retry-After``, which is obeyed. A request gives up after `RetryPolicy.max_retries` attempts more, or when
its patience ends.
"""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

__all__ = ["Patience", "RetryPolicy", "parse_retry_after"]

_RETRYABLE = frozenset({408, 429, 502, 503, 504})
_NEVER = frozenset({401, 403, 404, 409, 422})


class RetryPolicy:
    """Which answers are worth another attempt, and how the waits grow; all times in seconds.

    ``patience`` bounds the waits of the client's own choosing for one request, counted from its first attempt. A
    wait that the server asks for is added to it; ``total`` bounds both. That holds while other requests are answered:
    when none is for ``standstill`` seconds, all are given up. ``longest_look`` bounds each look whether a write took
    effect, ``longest_last_look`` one after a stop.
    """

    __slots__ = (
        "extra_codes",
        "first_wait",
        "longest_last_look",
        "longest_look",
        "longest_wait",
        "max_retries",
        "patience",
        "standstill",
        "total",
    )

    def __init__(
        self,
        *,
        max_retries: int = 30,
        extra_codes: AbstractSet[int] = frozenset(),
        first_wait: float = 0.05,
        longest_wait: float = 2.0,
        patience: float = 150.0,
        standstill: float = 80.0,
        total: float = 300.0,
        longest_look: float = 30.0,
        longest_last_look: float = 0.4,
    ) -> None:
        self.max_retries = max_retries
        self.extra_codes = frozenset(extra_codes) - _NEVER
        self.first_wait = first_wait
        self.longest_wait = longest_wait
        self.patience = patience
        self.standstill = standstill
        self.total = total
        self.longest_look = longest_look
        self.longest_last_look = longest_last_look

    def is_temporary(self, status: int) -> bool:
        """Whether an answer with this status may be different next time."""
        return status in _RETRYABLE or status in self.extra_codes

    @property
    def settling(self) -> float:
        """How long a server that was cut off may still be at work on a request, before it is looked for."""
        return min(1.0, self.longest_wait)

    def backoff(self, attempt: int, status: int | None) -> float:
        """The wait after attempt number ``attempt`` (from 1): doubling, at random from half to all of it."""
        # Without Retry-After, a rate limit is still about minutes and not about a lock.
        first, longest = (1.0, 15.0) if status == 429 else (self.first_wait, self.longest_wait)
        wait: float = min(longest, first * 2.0 ** min(attempt - 1, 16))
        return wait * random.uniform(0.5, 1.0)  # noqa: S311 - no secret


class Patience:
    """How long one request goes on trying; times are those of one monotonic clock."""

    __slots__ = ("_deadline", "_end", "_policy", "attempts", "is_cut", "refusal", "started")

    def __init__(self, policy: RetryPolicy, now: float) -> None:
        self._policy = policy
        self.started = now
        self._deadline = now + policy.patience
        self._end = now + policy.total
        self.attempts = 0
        self.is_cut = False
        """Whether that is because of what is ``left``, and not of this request alone."""
        self.refusal = ""
        """Why there is no further attempt, as a sentence; empty as long as there is one."""

    def waited(self, seconds: float) -> None:
        """Count a wait that the server asked for as none of the request's own."""
        self._deadline = min(self._deadline + seconds, self._end)

    def postponed(self, seconds: float) -> None:
        """Count a wait for the request's turn as none at all."""
        self._deadline += seconds
        self._end += seconds

    def next_wait(
        self, now: float, status: int | None, retry_after: float | None, left: float = math.inf
    ) -> float | None:
        """Seconds until the next attempt, or None with `refusal` set; ``left`` bounds them, whatever else does."""
        policy = self._policy
        if self.attempts > policy.max_retries:
            self.refusal = self._gave_up(now) if policy.max_retries else ""
            return None
        wait = policy.backoff(self.attempts, status)
        if retry_after is not None and retry_after > 0:
            longest = min(left, self._end - now)
            if retry_after > longest:
                self.is_cut = retry_after > left
                self.refusal = (
                    f"The server asks to wait {retry_after:.0f} s, which is longer than this client waits "
                    f"({self._limit(longest)})"
                )
                return None
            self.waited(retry_after)
            # Requests that were told the same moment must not all come back in it.
            wait = retry_after + min(wait, 1.0, longest - retry_after)
        if now + wait > self._deadline or wait > left:
            self.is_cut = wait > left
            self.refusal = self._gave_up(now) + (
                ", as nothing else is answered either" if self.is_cut else ""
            )
            return None
        return wait

    def _limit(self, longest: float) -> str:
        limit = self._policy.standstill
        return (
            f"{limit:.0f} s"
            if longest > limit - 1
            else f"{limit:.0f} s in all, {max(longest, 0.0):.0f} s from now"
        )

    def _gave_up(self, now: float) -> str:
        return f"Gave up after {self.attempts} attempts in {now - self.started:.1f} s"


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds to wait from a ``Retry-After`` header: a number, or an HTTP date; None when it has neither."""
    if value is None:
        return None
    text = value.strip()
    try:
        seconds = float(text)
    except ValueError:
        from email.utils import parsedate_to_datetime

        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        seconds = (moment - now).total_seconds()
    # "nan" and "inf" are floats too.
    return max(seconds, 0.0) if seconds - seconds == 0 else None
