"""What was observed: which events automations saw, which runs they started, and what came of these."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from prefect_iac.graph.model import Observation
from prefect_provider.events.event import Event
from prefect_provider.rules.event_catalogue import CLOUD, OSS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from prefect_iac.graph.listening import Listener

__all__ = ["Observed", "observe"]

_ID: Final = "prefect.resource.id"
_ROLE: Final = "prefect.resource.role"
_RUN: Final = "prefect.flow-run."
_TRIGGERED: Final = (f"{OSS}.automation.triggered", f"{CLOUD}.automation.triggered")
_OF_PREFECT: Final = (f"{OSS}.", f"{CLOUD}.")


class Observed:
    """Counts of what happened."""

    def __init__(self) -> None:
        self.events = 0
        self.since = ""
        self.until = ""
        self.heard: Counter[str] = Counter()
        """Events that each node's trigger expects."""
        self.firings: Counter[str] = Counter()
        """By the automation's id."""
        self.emitted: Counter[tuple[str, str]] = Counter()
        """Events of runs, by the deployment's id and the node."""
        self.unheard: Counter[str] = Counter()
        """Events that no trigger expects, by name: those that are not Prefect's own."""
        self.unheard_of: Counter[tuple[str, str]] = Counter()
        """The same, by the deployment's id and the name."""
        self._runs: dict[tuple[str, str], set[str]] = defaultdict(set)

    @property
    def started(self) -> Mapping[tuple[str, str], int]:
        """How many runs were started, by the ids of the automation and the deployment."""
        return {pair: len(runs) for pair, runs in self._runs.items()}

    @property
    def observation(self) -> Observation:
        """Which events these are of."""
        return Observation(self.events, self.since, self.until)

    def add(self, event: Event, occurred: str, listeners: Iterable[Listener]) -> None:
        """Count one event; ``listeners`` are those that its name interests."""
        self.events += 1
        self.since = min(self.since or occurred, occurred)
        self.until = max(self.until, occurred)
        related = {str(one.get(_ROLE)): str(one.get(_ID)) for one in event.related}
        deployment = related.get("deployment", "").removeprefix("prefect.deployment.")
        if event.name in _TRIGGERED:
            self.firings[_last(str(event.resource.get(_ID)))] += 1
        creator = related.get("creator", "")
        if event.name.startswith(_RUN) and creator.startswith("prefect.automation.") and deployment:
            self._runs[_last(creator), deployment].add(str(event.resource.get(_ID)))
        is_heard = False
        for listener in listeners:
            counts, opening = listener.role(event)
            is_heard = is_heard or counts or opening
            if counts:
                self.heard[listener.node] += 1
                if deployment:
                    self.emitted[deployment, listener.node] += 1
        if not is_heard and not event.name.startswith(_OF_PREFECT):
            self.unheard[event.name] += 1
            if deployment:
                self.unheard_of[deployment, event.name] += 1


def observe(events: Iterable[Mapping[str, Any]], listeners: Sequence[Listener]) -> Observed:
    """Count events, each as the API gives it; what is none of that form is passed over."""
    found = Observed()
    interested: dict[str, list[Listener]] = {}
    for document in events:
        event = _event(document)
        if event is None:
            continue
        if event.name not in interested:
            interested[event.name] = list(_interested(event.name, listeners))
        found.add(event, str(document.get("occurred", "")), interested[event.name])
    return found


def _interested(name: str, listeners: Iterable[Listener]) -> Iterator[Listener]:
    for listener in listeners:
        if listener.knows(name):
            yield listener


def _event(document: Mapping[str, Any]) -> Event | None:
    name, resource, related = document.get("event"), document.get("resource"), document.get("related") or []
    if not isinstance(name, str) or not isinstance(resource, Mapping) or not isinstance(related, list):
        return None
    return Event(name, resource, [one for one in related if isinstance(one, Mapping)])


def _last(id_: str) -> str:
    return id_.rpartition(".")[2]
