"""When an automation fires, given some events: for the tests of an app. No server is asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from re import compile as compile_pattern
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias

from prefect_constructs._generated import PrefectAutomation
from prefect_constructs.triggers import trigger_arguments
from prefect_provider.events.behaviour import Behaviour
from prefect_provider.events.event import SECOND
from prefect_provider.events.rehearsal import Rehearsal, offset, offset_text
from prefect_provider.events.triggers import compile_automation
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import names, show

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from prefect_constructs.triggers import Trigger
    from prefect_provider.events.rehearsal import Outcome

__all__ = ["Offset", "TriggerTest"]

Offset: TypeAlias = "str | float | timedelta"
"""A time after the server loaded the automation: seconds, a ``timedelta``, or words such as ``1h30m``."""


class TriggerTest:
    """Events that are made up, and what an automation does on them.

    For example::

        test = TriggerTest(EventTrigger(expect="order.paid", threshold=2, within=60))
        test.at("0s", "order.paid").at("30s", "order.paid")
        test.fires_at("30s")

    Offsets are from the moment at which the server loads the automation.
    """

    __test__ = False

    def __init__(
        self,
        trigger: Trigger | PrefectAutomation,
        *,
        values: Mapping[str, str] | None = None,
        version: str | None = None,
    ) -> None:
        """Take a trigger, or an automation of a stack, which is synthesized.

        Args:
            trigger: The trigger, or the automation that has it.
            values: What is known only after apply, such as ``{"prefect_deployment.nightly.id": "..."}`` of an
                automation, or ``{deployment.id: "..."}`` of a trigger that is in no stack yet.
            version: The server's version, such as ``3.8.8``. Default: the newest.

        Raises:
            PrefectConstructError: Prefect would refuse the trigger.
            ValueError: The trigger has values that are known only after apply, and ``values`` does not have them.
        """
        if isinstance(trigger, PrefectAutomation):
            written = _synthesized(trigger)
        else:
            written, _ = trigger_arguments(trigger, lambda: type(self).__name__)
        document = {"trigger": _with_values(written, values or {})}
        self._automation: Final = compile_automation(document, Behaviour.of(version))
        self._given: Final = Rehearsal()

    def at(
        self,
        when: Offset,
        event: str,
        *,
        resource: str | Mapping[str, str] | None = None,
        related: Mapping[str, str | Sequence[str]] | Sequence[Mapping[str, str]] = (),
        arrives: Offset | None = None,
        id_: str | None = None,
        follows: str | None = None,
    ) -> Self:
        """Have an event happen.

        Args:
            when: When it occurs.
            event: Its name.
            resource: The id of its resource, or labels of it. Default: that of all events that do not say.
            related: Ids of related resources by role, or the labels of each.
            arrives: When the server sees it, if that is later.
            id_: Its id, for others to follow it.
            follows: The id of the event that it follows.
        """
        self._given.add(
            _offset(when),
            event,
            resource=resource,
            related=related,
            arrives=None if arrives is None else _offset(arrives),
            id_=id_,
            follows=follows,
        )
        return self

    def every(
        self,
        step: Offset,
        event: str,
        *,
        times: int,
        first: Offset = 0,
        resource: str | Mapping[str, str] | None = None,
        related: Mapping[str, str | Sequence[str]] | Sequence[Mapping[str, str]] = (),
    ) -> Self:
        """Have an event happen so many times, at regular intervals; the rest is as for :meth:`at`."""
        for turn in range(times):
            when = (_offset(first) + turn * _offset(step)) / SECOND
            self.at(when, event, resource=resource, related=related)
        return self

    def fires_at(
        self,
        *offsets: Offset,
        until: Offset | None = None,
        phase: Offset = 0,
    ) -> None:
        """Check that the automation fires at these times and at no others.

        Args:
            *offsets: When it fires; never, without any.
            until: When the test ends. Default: when the longest window after the last event is over, or at the
                last of the offsets, if that is later.
            phase: When the server ticks first; it ticks every 5 seconds from then on, and then sees what did not
                happen. With ``any`` all phases are tried, and it may fire up to 5 seconds later than said.

        Raises:
            AssertionError: It fires at others.
        """
        outcome = self._outcome(offsets, until, phase)
        if outcome.passed:
            return
        fired = ", ".join(offset_text(one.at) for one in outcome.fired) or "never"
        expected = ", ".join(map(offset_text, outcome.expected)) or "never"
        when = f" with the first tick at {offset_text(outcome.phase)}" if outcome.phase else ""
        msg = f"expected the automation to fire: {expected}; it fires: {fired}{when}"
        raise AssertionError(msg)

    def never_fires(
        self,
        *,
        until: Offset | None = None,
        phase: Offset = 0,
    ) -> None:
        """Check that the automation does not fire; arguments and errors are as for :meth:`fires_at`."""
        self.fires_at(until=until, phase=phase)

    def _outcome(self, offsets: Sequence[Any], until: Any, phase: Offset) -> Outcome:
        return self._given.outcome(
            self._automation,
            [_offset(one) for one in offsets],
            until=None if until is None else _offset(until),
            phase=None if phase == "any" else _offset(phase),
        )


def _offset(written: object) -> int:
    found = offset(written)
    if found is None:
        expected = 'seconds, a timedelta, or words such as "1h30m", not negative'
        raise ValueError(say("This is no offset", expected=expected, got=show(written)))
    return found


def _synthesized(automation: PrefectAutomation) -> Any:
    from prefect_constructs._runtime import TerraformStack
    from prefect_constructs.testing import Template

    template = Template.from_stack(TerraformStack.of(automation))
    return template.resources("prefect_automation")[automation.friendly_unique_id]["trigger"]


_EXPRESSION: Final = compile_pattern(r"\$\{([^}]*)\}")
_LITERAL: Final = r'"(?:[^"\\]|\\.)*"'
_REFERENCE: Final = compile_pattern(rf"{_LITERAL}|([A-Za-z_][\w-]*(?:\.[\w-]+|\[[^\]]*\])+)")
_JOINED: Final = compile_pattern(rf'join\("", \[({_LITERAL}(?:, {_LITERAL})*)\]\)')
_WRITTEN: Final = compile_pattern(rf"(jsonencode\()?({_LITERAL})\)?")


def _with_values(written: Any, values: Mapping[str, str]) -> Any:
    """The trigger as a document, with what is known only after apply replaced; Terraform has labels as JSON text."""
    missing: set[str] = set()
    known = {name.removeprefix("${").removesuffix("}"): value for name, value in values.items()}
    found = _document(written, known, missing)
    if missing:
        remedy = f"Give them: `values={{{', '.join(f'{show(one)}: ...' for one in sorted(missing))}}}`."
        what = "The trigger has values that are known only after apply"
        raise ValueError(
            say(what, expected="`values` for all of them", got=names(sorted(missing)), remedy=remedy)
        )
    return found


def _document(written: Any, values: Mapping[str, str], missing: set[str], key: str = "") -> Any:
    if isinstance(written, Mapping):
        return {name: _document(value, values, missing, name) for name, value in written.items()}
    if isinstance(written, (list, tuple)):
        return [_document(value, values, missing) for value in written]
    if not isinstance(written, str):
        return written
    text = _EXPRESSION.sub(lambda found: _known(found[1], values, missing), written)
    return json.loads(text) if key in ("match", "match_related") and not missing else text


def _known(expression: str, values: Mapping[str, str], missing: set[str]) -> str:
    """What an expression of Terraform comes to: a reference, or texts and references joined."""

    def value(found: Any) -> str:
        name = found[1]
        if name is None:
            return str(found[0])
        if name not in values:
            missing.add(name)
        return json.dumps(values.get(name, ""))

    text = _REFERENCE.sub(value, expression.strip())
    text = _JOINED.sub(lambda found: json.dumps("".join(json.loads(f"[{found[1]}]"))), text)
    literal = _WRITTEN.fullmatch(text)
    if literal is None:
        missing.add(expression)
        return ""
    return str(literal[2]) if literal[1] else str(json.loads(literal[2]))
