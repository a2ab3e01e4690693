"""A pure function of many parts of a history, worked out here, or by a Dask cluster that a team has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from prefect_iac.history.history import HistoryError
from prefect_provider.text.problem import say

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

    from prefect_iac.history.event import Event
    from prefect_iac.history.history import History
    from prefect_iac.history.query import Query

__all__ = ["LOCAL", "Partition", "Reading", "spread"]

LOCAL: Final = "local"
"""In place of an address: a cluster in this process."""

_T = TypeVar("_T")


class Partition(NamedTuple):
    """What is worked out together: one automation, one key of its buckets, and the events of that key."""

    automation: Any
    key: Hashable
    events: Iterable[Any] | Reading
    """In order, in any form that the function takes. Events that a worker shall read itself are a :class:`Reading`."""


class Reading(NamedTuple):
    """Events that are read where they are needed, instead of sent there."""

    history: History
    query: Query

    def events(self) -> Iterator[Event]:
        """Read them."""
        return self.history.events(self.query)


def spread(
    function: Callable[[Any, Hashable, Iterable[Any]], _T],
    partitions: Iterable[Partition],
    cluster: str | None = None,
) -> list[_T]:
    """``function(automation, key, events)`` of each partition, in their order, wherever it was worked out.

    ``cluster`` is the address of a Dask scheduler (``tcp://scheduler:8786``), :data:`LOCAL`, or ``None``: here, one
    after the other. An exception of the function is raised. The function must not depend on anything else, and its
    module must be importable where the workers are. Raises :class:`HistoryError` without Dask or its scheduler.
    """
    if cluster is None:
        return [_worked_out((function, *partition)) for partition in partitions]
    try:
        from distributed import Client
    except ImportError as error:
        msg = say(
            "a cluster is spoken to with Dask, which is not installed",
            remedy="Install it with `pip install 'prefect-iac[dask]'`",
        )
        raise HistoryError(msg) from error
    options: dict[str, Any] = (
        {"processes": False, "dashboard_address": None}
        if cluster == LOCAL
        else {"address": cluster, "timeout": 10}
    )
    try:
        client: Any = Client(set_as_default=False, **options)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError) as error:
        msg = say(f"the Dask scheduler at {cluster} cannot be reached: {error}", remedy="Check its address")
        raise HistoryError(msg) from error
    with client:
        # Not `pure`: telling equal partitions apart would cost more than working them out.
        futures = client.map(_worked_out, [(function, *one) for one in partitions], pure=False)
        results: list[_T] = client.gather(futures)
    return results


def _worked_out(work: tuple[Callable[..., _T], Any, Hashable, Iterable[Any] | Reading]) -> _T:
    function, automation, key, events = work
    return function(automation, key, events.events() if isinstance(events, Reading) else events)
