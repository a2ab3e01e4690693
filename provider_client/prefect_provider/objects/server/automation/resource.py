"""``prefect_automation``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_provider.events import loops as trigger_loops
from prefect_provider.objects.filters import Filter, filter_by_id, filter_by_name, filter_by_tags
from prefect_provider.objects.identity import Key
from prefect_provider.objects.placed import WorkspaceObject
from prefect_provider.objects.remote import changed_names
from prefect_provider.objects.reporting import placed, report
from prefect_provider.objects.server.automation.actions import (
    INSTEAD,
    Action,
    plan_blocks,
    without_defaults,
)
from prefect_provider.objects.server.automation.forms import (
    action_to_api,
    actions_from_api,
    document,
    trigger_from_api,
    trigger_to_api,
)
from prefect_provider.objects.server.automation.run_parameters import run_problems
from prefect_provider.objects.server.automation.triggers import Trigger, event_triggers, plan_within
from prefect_provider.plugin.language.declaration import optional, required
from prefect_provider.plugin.language.kinds import Bool, SetOf, String
from prefect_provider.plugin.language.nested import NestedList, NestedSingle
from prefect_provider.plugin.language.values import Value, Values, is_unknown
from prefect_provider.rules import actions as action_rules
from prefect_provider.rules import triggers as trigger_rules
from prefect_provider.rules.firing import resolving_problem
from prefect_provider.rules.server_versions import IDS_OF_AUTOMATIONS
from prefect_provider.text.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prefect_provider.plugin.engine.planning import Plan

__all__ = ["Automation"]


class Automation(WorkspaceObject):
    """An automation: when its trigger fires, Prefect performs its actions.

    What is made here has no owner, because `prefect deploy` deletes the automations that a deployment owns.
    """

    type_name = "prefect_automation"
    collection = "/automations"
    newest_first = "CREATED_DESC"
    key = Key("{name}", unique=False)
    only_inserts = True
    needed = ("id", "name")
    unchecked = ("trigger", *action_rules.ACTION_LISTS)
    filters = (
        filter_by_id("automations", since=IDS_OF_AUTOMATIONS),
        filter_by_name("automations"),
        filter_by_tags("automations"),
        Filter(
            "tags_any",
            SetOf(String()),
            "Only those that have at least one of these tags.",
            "automations.tags.any_",
        ),
    )

    name = required(String(), "Name of the automation; several automations may share one.")
    description = optional(String(), "What the automation is for.", default="", null_is="")
    enabled = optional(Bool(), "Whether the automation acts at all.", default=True)
    tags = optional(
        SetOf(String()),
        "Tags of the automation. Left out, those that it has are kept.",
        server_default=True,
        reset=[],
    )
    trigger = required(NestedSingle(Trigger), "When the automation acts: exactly one kind of trigger.")
    actions = optional(NestedList(Action), "What to do whenever the automation's trigger fires.", default=[])
    actions_on_trigger = optional(
        NestedList(Action), "What to do, besides `actions`, when the trigger starts to hold.", default=[]
    )
    actions_on_resolve = optional(
        NestedList(Action), "What to do, besides `actions`, when the trigger no longer holds.", default=[]
    )

    async def validate(self, config: Values) -> None:
        """Triggers and actions obey the rules that Prefect checks at apply, and do not loop."""
        problems = [*_rule_problems(config, cloud=None)]
        trigger, actions = _documents(config)
        if trigger is not None:
            problems += _proactive_zero_problems(trigger)
            if config.get("enabled") in (None, True):
                problems += _loop_problems(config.get("name"), trigger, actions)
        report((placed(Automation, found) for found in problems), self.diagnostics)

    async def plan(self, plan: Plan) -> None:
        """Settle what the server decides, and check that this kind of server has what is used."""
        await super().plan(plan)
        if plan.prior is None and plan.config.get("tags") is None:
            # The server gives a new automation none.
            plan.planned["tags"] = []
        plan_within(plan.planned["trigger"], plan.config.get("trigger"))
        for name in action_rules.ACTION_LISTS:
            plan_blocks(plan.planned[name], (plan.prior or {}).get(name), plan.config.get(name))
        if self.on_cloud is not None:
            anywhere = set(_rule_problems(plan.config, cloud=None))
            here = [
                found for found in _rule_problems(plan.config, cloud=self.on_cloud) if found not in anywhere
            ]
            report((placed(Automation, _with_remedy(found, plan.config)) for found in here), self.diagnostics)
        await self._check_run_parameters(plan)

    async def _check_run_parameters(self, plan: Plan) -> None:
        """The flows that are run take the parameters that they are given."""
        scope = self.known_scope(plan.config)
        if scope is None or not plan.changes(*action_rules.ACTION_LISTS):
            return
        listed = _documents(plan.config)[1]
        actions = [
            ((name, index), action) for name in action_rules.ACTION_LISTS for index, action in listed[name]
        ]
        problems = await run_problems(self.client, scope, actions)
        report((placed(Automation, problem) for problem in problems), self.diagnostics)

    def body(self, values: Values, names: list[str] | None = None) -> dict[str, Any]:
        """Everything explicit, nested objects in the API's form."""
        if names is None:
            names = [name for name, attribute in self.attributes.items() if attribute.configurable]
        body = super().body(
            values, [name for name in names if name not in {"trigger", *action_rules.ACTION_LISTS}]
        )
        for name in names:
            if name == "trigger":
                body[name] = trigger_to_api(values[name])
            elif name in action_rules.ACTION_LISTS:
                body[name] = [action_to_api(action) for action in values[name]]
        return body

    def values(self, data: Mapping[str, Any], held: Mapping[str, Value]) -> Values:
        """Also what a newer server, or another tool, made of it; a warning says what cannot be shown."""
        strange: list[str] = []
        nested: Values = {"trigger": trigger_from_api(data.get("trigger"), strange)}
        for name in action_rules.ACTION_LISTS:
            nested[name] = actions_from_api(data.get(name), name, strange)
        if strange:
            self.diagnostics.warning(
                "Part of the automation is not shown",
                f'The automation "{data.get("name")}" ({data.get("id")}) has on the server what this '
                f"version of the provider does not know: {'; '.join(strange)}. Applying the configuration "
                "replaces it; to keep it, upgrade the provider.",
                ("trigger",) if "`trigger" in strange[0] else (),
            )
        flat = {name: value for name, value in data.items() if name not in nested}
        return super().values(flat, held) | nested

    async def update(self, prior: Values, planned: Values, config: Values) -> Values:
        """PATCH if only `enabled` changes; otherwise PUT everything.

        PUT keeps fields that are left out, and gives every trigger a new id, which forgets the events that it
        has counted so far: so it is not used without need.
        """
        changed = changed_names(type(self), prior, planned)
        path = f"{self.collection}/{prior['id']}"
        if changed == ["enabled"]:
            await self.scope(prior).patch(path, {"enabled": planned["enabled"]})
        elif changed:
            await self.scope(prior).put(path, self.body(planned))
        return await self.read_back(planned | {"id": prior["id"]})


def _documents(config: Values) -> tuple[dict[str, Any] | None, dict[str, list[tuple[int, dict[str, Any]]]]]:
    """The trigger and the actions of each list, with their indexes, as far as they are known."""
    trigger = config.get("trigger")
    actions: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for name in action_rules.ACTION_LISTS:
        given = config.get(name)
        actions[name] = [
            (index, without_defaults(document(Action, action)))
            for index, action in enumerate(given if isinstance(given, list) else ())
            if isinstance(action, dict)
        ]
    return document(Trigger, trigger) if isinstance(trigger, dict) else None, actions


def _rule_problems(config: Values, *, cloud: bool | None) -> Iterator[Problem]:
    """What breaks a rule; with ``cloud`` also what this kind of server does not have."""
    trigger, actions = _documents(config)
    if trigger is not None:
        yield from trigger_rules.keyed_problems(
            trigger, is_unknown=is_unknown, cloud=cloud, path=("trigger",)
        )
    for name, listed in actions.items():
        for index, action in listed:
            yield from action_rules.problems(action, is_unknown=is_unknown, cloud=cloud, path=(name, index))
    unresolved = resolving_problem(actions["actions_on_resolve"], cloud=cloud, path=("actions_on_resolve",))
    if unresolved is not None:
        yield unresolved


def _proactive_zero_problems(trigger: dict[str, Any]) -> Iterator[Problem]:
    for path, fields in event_triggers(trigger, ("trigger",)):
        if fields.get("posture") == "Proactive" and fields.get("within") == 0:
            yield Problem(
                (*path, "within"),
                "a Proactive trigger waits 10 seconds or more, got 0, which the server turns into 10",
                "Write 10, or leave it out for 10.",
            )


def _loop_problems(
    name: Value, trigger: dict[str, Any], actions: dict[str, list[tuple[int, dict[str, Any]]]]
) -> Iterator[Problem]:
    known_name = name if isinstance(name, str) else None
    yield from trigger_loops.loop_problems(trigger, name=known_name, is_unknown=is_unknown, path=("trigger",))
    for place in ("actions", "actions_on_trigger"):
        for index, action in actions[place]:
            for problem in trigger_loops.run_deployment_loops(
                trigger, [action], refused=place == "actions", is_unknown=is_unknown
            ):
                yield problem._replace(path=(place, index))


def _with_remedy(problem: Problem, config: Values) -> Problem:
    """The problem of a type of action that the server does not have, with what to use instead."""
    name, *rest = problem.path
    if problem.remedy or name not in action_rules.ACTION_LISTS or rest[1:] != ["type"]:
        return problem
    return problem._replace(remedy=INSTEAD.get(config[str(name)][rest[0]]["type"], ""))
