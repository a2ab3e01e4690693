"""Builds the graph of a workspace as it will be: what is configured, and what was observed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_iac.graph.dead_ends import dead_ends_of
from prefect_iac.graph.emission import effects_of, own_events, related_of_run, run_events
from prefect_iac.graph.listening import Listener, needs_of, says
from prefect_iac.graph.model import Edge, EdgeKind, Graph, Leaf, Needs, Node, NodeKind
from prefect_iac.graph.observing import Observed, observe
from prefect_iac.workspace.content import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from prefect_iac.plan.changes import Action
    from prefect_iac.workspace.content import Json, Target, Workspace
    from prefect_iac.workspace.outlook import Outlook
    from prefect_provider.events.event import Event, Labels

__all__ = ["build_graph"]

_AUTOMATION: Final = "prefect_automation"
_DEPLOYMENT: Final = "prefect_deployment"

_FEW: Final = 3
"""Deployments that are drawn although no automation acts on them, where a trigger is about so few of them."""


def build_graph(outlook: Outlook, events: Iterable[Mapping[str, Any]] | None = None) -> Graph:
    """The graph after the plan of an outlook, or now where it has none.

    ``events``: those that happened, each as the API gives it; without, nothing is counted. Automations that the plan
    deletes are in the graph, and act no more.
    """
    return _Builder(outlook).build(events)


class _Builder:
    """Builds one graph."""

    def __init__(self, outlook: Outlook) -> None:
        self._outlook = outlook
        self._workspace: Workspace = outlook.planned
        self._nodes: dict[str, Node] = {}
        self._edges: dict[tuple[str, str, EdgeKind, str], Edge] = {}
        self._needs: dict[str, Leaf | Needs] = {}
        self._listeners: dict[str, Listener] = {}
        self._numbers: dict[str, int] = {}
        self._by_automation: dict[str, list[Listener]] = {}
        self._changes: dict[tuple[str, str], tuple[Action, str]] = {
            (one.type, id_): (one.action, one.address)
            for one in outlook.prospects
            for id_ in (one.old_id, one.id)
            if id_
        }
        self._interested: dict[str, list[tuple[str, Listener]]] = {}
        """The listeners to events of a name."""
        self._creators: dict[str, list[Json]] = {}

    def build(self, events: Iterable[Mapping[str, Any]] | None) -> Graph:
        """The graph."""
        gone = [
            one.now
            for one in self._outlook.prospects
            if one.type == _AUTOMATION and one.planned is None and one.now is not None
        ]
        for automation in [*self._workspace.automations.values(), *gone]:
            self._listen(automation, is_gone=any(automation is one for one in gone))
        for automation in [*self._workspace.automations.values(), *gone]:
            self._act(automation)
        self._run()
        self._cause(gone)
        observed = None if events is None else observe(events, list(self._listeners.values()))
        if observed is not None:
            self._count(observed)
        dead = dead_ends_of(self._outlook, self._edges.values(), self._listeners, observed)
        return Graph(
            self._nodes.values(),
            self._edges.values(),
            self._needs,
            dead,
            None if observed is None else observed.observation,
        )

    # ------------------------------------------------------------------ nodes

    def _listen(self, automation: Json, *, is_gone: bool) -> None:
        """The node of an automation, and of the events that it looks for."""
        node = self._automation(automation)
        acts = automation.get("enabled") is not False and not is_gone
        self._nodes[node] = self._nodes[node]._replace(enabled=acts)
        trigger = automation.get("trigger")
        needs, listeners = needs_of(trigger, self._numbers) if isinstance(trigger, dict) else (None, [])
        if needs is not None and acts:
            self._needs[node] = needs
        self._by_automation[node] = listeners
        for listener in listeners:
            if listener.node not in self._nodes:
                label, detail = says(listener, self._workspace)
                self._nodes[listener.node] = Node(listener.node, "event", label, detail)
                self._listeners[listener.node] = listener
            self._connect(Edge(listener.node, node, "awaits" if listener.proactive else "triggers"))

    def _automation(self, automation: Json) -> str:
        return self._node(_AUTOMATION, automation, "automation", name_of(automation))

    def _node(self, type_: str, document: Json, kind: NodeKind, label: str) -> str:
        id_ = str(document.get("id"))
        node = f"{kind}:{id_}"
        if node not in self._nodes:
            action, address = self._changes.get((type_, id_), ("no-op", ""))
            self._nodes[node] = Node(node, kind, label, address=address, action=action)
        return node

    def _deployment(self, deployment: Json) -> str:
        return self._node(_DEPLOYMENT, deployment, "deployment", self._workspace.full_name(deployment))

    def _connect(self, edge: Edge) -> None:
        key = (edge.source, edge.target, edge.kind, edge.label)
        known = self._edges.get(key)
        if known is not None:
            edge = known._replace(
                names=tuple(dict.fromkeys((*known.names, *edge.names))),
                opening=tuple(dict.fromkeys((*known.opening, *edge.opening))),
            )
        self._edges[key] = edge

    # ------------------------------------------------------------------ what automations do

    def _act(self, automation: Json) -> None:
        source = self._automation(automation)
        for target in self._workspace.targets_of(automation):
            verb = str(target.action.get("type", "do-nothing"))
            self._connect(Edge(source, self._target(source, target, verb), "acts", _verb(verb)))
            if verb == "run-deployment" and target.id:
                self._creators.setdefault(target.id, []).append(automation)

    def _target(self, source: str, target: Target, verb: str) -> str:
        """The node of what an action is done to."""
        if not target.type:
            node = f"effect:{verb}"
            self._nodes.setdefault(node, Node(node, "effect", _EFFECTS.get(verb, verb.replace("-", " "))))
            return node
        noun = target.type.removeprefix("prefect_").replace("_", " ")
        if target.inferred:
            kind: NodeKind = "deployment" if target.type == _DEPLOYMENT else "object"
            node = f"{kind}:inferred:{source}:{noun}"
            self._nodes.setdefault(node, Node(node, kind, f"the {noun} of the event"))
            return node
        document = self._workspace.get(target.type, target.id)
        if document is None:
            node = f"object:{target.type}:{target.id}"
            is_seen = self._outlook.is_live and target.type not in self._workspace.unread
            there = "no such" if is_seen else "another"
            self._nodes.setdefault(node, Node(node, "object", f"{there} {noun}", target.id))
            return node
        if target.type == _DEPLOYMENT:
            return self._deployment(document)
        if target.type == _AUTOMATION:
            return self._automation(document)
        return self._node(target.type, document, "object", f"{noun} {name_of(document)}")

    # ------------------------------------------------------------------ what comes of it

    def _run(self) -> None:
        """The events of the runs of deployments that automations act on, or that a trigger names."""
        heard = {
            node: [(event.name, role) for event in run_events() if any(role := listener.hears(event))]
            for node, listener in self._listeners.items()
        }
        wanted = {node: names for node, names in heard.items() if names}
        emitters: dict[str, list[tuple[Json, str]]] = {node: [] for node in wanted}
        for id_, deployment in self._workspace.deployments.items():
            related = related_of_run(deployment, self._workspace, self._creators.get(id_, []))
            ids = _ids(related)
            for node in wanted:
                if self._listeners[node].relates(related, ids):
                    emitters[node].append((deployment, id_))
        acted_on = {edge.target for edge in self._edges.values() if edge.kind == "acts"}
        for node, found in emitters.items():
            is_narrow = bool(self._listeners[node].ids) and len(found) <= _FEW
            drawn = [one for one, id_ in found if is_narrow or f"deployment:{id_}" in acted_on]
            for deployment in drawn:
                self._emit(self._deployment(deployment), node, wanted[node])
            if len(found) > len(drawn):
                more = f"from {len(found)} deployments"
                detail = self._nodes[node].detail
                self._nodes[node] = self._nodes[node]._replace(detail=f"{detail}; {more}" if detail else more)
        self._run_inferred(wanted, {node: {id_ for _, id_ in found} for node, found in emitters.items()})

    def _run_inferred(
        self, wanted: Mapping[str, list[tuple[str, tuple[bool, bool]]]], emitters: Mapping[str, set[str]]
    ) -> None:
        """The events of runs of the deployment that an event was about."""
        for source, listeners in self._by_automation.items():
            node = f"deployment:inferred:{source}:deployment"
            if node not in self._nodes or (source, node, "acts", "run") not in self._edges:
                continue
            reach = set().union(*(emitters.get(listener.node, set()) for listener in listeners))
            for event_node, names in wanted.items():
                listener = self._listeners[event_node]
                if reach & emitters[event_node] or (
                    not listener.ids and not listener.fields["match_related"]
                ):
                    self._emit(node, event_node, names)

    def _emit(self, source: str, node: str, names: Iterable[tuple[str, tuple[bool, bool]]]) -> None:
        listed = list(names)
        self._connect(
            Edge(
                source,
                node,
                "emits",
                names=tuple(name for name, (counts, _) in listed if counts),
                opening=tuple(name for name, (_, opens) in listed if opens),
            )
        )

    def _cause(self, gone: list[Json]) -> None:
        """The events of automations themselves, and of what they change."""
        for automation in self._workspace.automations.values():
            if automation.get("enabled") is False or any(automation is one for one in gone):
                continue
            source = self._automation(automation)
            posture = _posture(automation.get("trigger"))
            self._tell(source, own_events(automation, posture))
            for target in self._workspace.targets_of(automation):
                document = self._workspace.get(target.type, target.id) if target.id else None
                self._tell(source, effects_of(target, document, self._workspace), of_run=not target.type)

    def _tell(self, source: str, events: Iterable[Event], *, of_run: bool = False) -> None:
        """Connect a node with whatever listens to these events; of a run what it is related to is not known."""
        for event in events:
            if event.name not in self._interested:
                known = [(node, one) for node, one in self._listeners.items() if one.knows(event.name)]
                self._interested[event.name] = known
            for node, listener in self._interested[event.name]:
                counts, opens = listener.hears(event) if of_run else listener.role(event)
                if counts or opens:
                    self._emit(source, node, [(event.name, (counts, opens))])

    # ------------------------------------------------------------------ what was observed

    def _count(self, observed: Observed) -> None:
        for node in self._listeners:
            self._nodes[node] = self._nodes[node]._replace(seen=observed.heard[node])
        for id_ in self._workspace.automations:
            node = f"automation:{id_}"
            self._nodes[node] = self._nodes[node]._replace(seen=observed.firings[id_])
        for name, number in sorted(observed.unheard.items()):
            node = f"event-name:{name}"
            self._nodes[node] = Node(node, "event", name, seen=number)
        for edge in self._observed_edges(observed):
            at = (edge.source, edge.target, edge.kind, edge.label)
            known = self._edges.get(at)
            self._edges[at] = edge if known is None else known._replace(seen=edge.seen)
        for key, edge in self._edges.items():
            is_counted = edge.label == "run" or (
                edge.kind == "emits" and edge.source.startswith("deployment:")
            )
            if edge.seen is None and is_counted and ":inferred:" not in key[0] + key[1]:
                self._edges[key] = edge._replace(seen=0)

    def _observed_edges(self, observed: Observed) -> Iterator[Edge]:
        """Who started which runs, and what these emitted."""
        automations, deployments = self._workspace.automations, self._workspace.deployments
        for (automation, id_), number in sorted(observed.started.items()):
            if automation in automations and id_ in deployments:
                ends = self._automation(automations[automation]), self._deployment(deployments[id_])
                yield Edge(*ends, "acts", "run", configured=False, seen=number)
        for (id_, node), number in sorted(observed.emitted.items()):
            if id_ in deployments and self._is_drawn(deployments[id_], node):
                yield Edge(self._deployment(deployments[id_]), node, "emits", configured=False, seen=number)
        for (id_, name), number in sorted(observed.unheard_of.items()):
            if id_ in deployments:
                source = self._deployment(deployments[id_])
                yield Edge(source, f"event-name:{name}", "emits", configured=False, seen=number)

    def _is_drawn(self, deployment: Json, node: str) -> bool:
        """Whether an observed emission is told of: one that any deployment's run makes is not."""
        drawn = f"deployment:{deployment['id']}" in self._nodes
        return drawn or not self._listeners[node].knows("prefect.flow-run.Completed")


def _ids(related: Iterable[Labels]) -> frozenset[str]:
    return frozenset(str(one.get("prefect.resource.id")) for one in related)


def _posture(trigger: Any) -> str:
    return str(trigger.get("posture") or "Reactive") if isinstance(trigger, dict) else "Reactive"


def _verb(type_: str) -> str:
    """What an action does, in a word: ``run``, ``notify``."""
    return _VERBS.get(type_, type_.partition("-")[0])


_VERBS: Final[Mapping[str, str]] = {"send-notification": "notify", "do-nothing": "", "call-webhook": "call"}

_EFFECTS: Final[Mapping[str, str]] = {
    "cancel-flow-run": "the run of the event",
    "change-flow-run-state": "the run of the event",
    "suspend-flow-run": "the run of the event",
    "resume-flow-run": "the run of the event",
    "delete-flow-run": "the run of the event",
    "declare-incident": "an incident",
    "do-nothing": "nothing",
    "pause-schedule-for-flow-run": "the schedule of the run",
    "resume-schedule-for-flow-run": "the schedule of the run",
    "send-email-notification": "an email",
}
