"""Why an automation fired or did not, in words, and as a document for programs.

Of an event its name, time, labels and ids are shown, and never its payload.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_iac.output.report import Finding, Paragraph, Report, Section, Table
from prefect_provider.events.event import as_text
from prefect_provider.events.rehearsal import offset_text
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prefect_iac.output.report import Block
    from prefect_provider.events.explanation import (
        CompositeExplanation,
        Condition,
        EventExplanation,
        Explanation,
        Note,
        Verdict,
    )
    from prefect_provider.events.firing import Firing, Step, StepKind
    from prefect_provider.events.triggers import TriggerPath

__all__ = ["explanation_report"]

_VERSION: Final = 1

_VERDICTS: Final[Mapping[Verdict, str]] = {
    "disabled": "the automation is disabled: it sees no events",
    "not evaluated": "the server did not evaluate the event: it had seen it before, or loaded the automation later",
    "not matched": "the trigger is not about this event",
    "fired": "it fired",
    "remembered": "a trigger inside of it fired, and the others that it needs have not",
    "opened": "the event opened a window, in which others are expected",
    "counted": "the event was counted, and the threshold was not reached",
    "late": "the event occurred before the window that is open now: it counts nowhere",
    "over": "the window had ended before the event",
    "unopened": "no window was open: the event that opens one had not come, or its window was gone",
    "left": "a window was open already, and an event that opens one changes nothing then",
    "nothing": "the event changed nothing",
}

_STEPS: Final[Mapping[StepKind, str]] = {
    "opened": "a window was opened",
    "left": "it was open already, and stays as it is",
    "counted": "an expected event was counted",
    "late": "an expected event occurred before it began",
    "unopened": "an expected event found none",
    "restarted": "it was satisfied, and began anew",
    "fired": "it fired",
    "over": "it had ended, and was removed",
    "next": "the next one began",
    "satisfied": "enough had come, and it was removed",
    "swept": "it was removed, a minute after its end",
    "held": "an expected event is kept for a window that opens later",
}

_NOTES: Final[Mapping[Note, str]] = {
    "negated name": "names are not negated: `!` in front is a part of the name",
    "no label": "a resource without the label never passes, not even a negation",
    "negations": "of several negations in one list one always holds",
    "some other": "a negation here means that some other related resource is there",
    "no resources": "each label is had by some related resource, and all by none",
}


def explanation_report(found: Explanation) -> Report:
    """The report in the shape of all formats; no findings if the automation fired, else one that says why not."""
    event = found.event
    what = f"{found.automation}: {event.name} of {as_text(event.occurred)}"
    summary = f"{what}: {_VERDICTS[found.verdict]}."
    missed = [] if found.firings else [_finding(found)]
    sections = [Section(*_trigger(one)) for one in found.triggers]
    sections += [Section(*_composite(one)) for one in found.composites]
    if found.later:
        rows = tuple((as_text(one.at), _count(one)) for one in found.later)
        sections.append(Section("What came later", (Table(("time", "firing"), rows),)))
    if not found.is_modelled:
        text = "A metric trigger is a part of it. When that fires is Prefect Cloud's to say, and not modelled here."
        sections.append(Section("What is not known", (Paragraph(text),)))
    return Report("why", summary, tuple(missed), (found.automation,), _document(found), tuple(sections))


def _finding(found: Explanation) -> Finding:
    return Finding(
        f"why/{found.verdict.replace(' ', '-')}",
        "note",
        found.automation,
        f"did not fire: {_VERDICTS[found.verdict]}",
    )


def _trigger(found: EventExplanation) -> tuple[str, tuple[Block, ...]]:
    posture = "Proactive" if found.proactive else "Reactive"
    title = (
        f"{_place(found.path)}: {posture}, threshold {found.threshold}, within {offset_text(found.within)}"
    )
    blocks: list[Block] = [
        Table(
            ("condition", "wanted", "got", "holds"),
            tuple(
                (
                    _field(one),
                    _wanted(one),
                    ", ".join(map(show, one.got)) or "nothing",
                    "yes" if one.holds else "no",
                )
                for one in found.conditions
            ),
        )
    ]
    notes = dict.fromkeys(note for one in found.conditions for note in one.notes)
    blocks += [Paragraph(f"{_field_of(found, note)}: {_NOTES[note]}.") for note in notes]
    if found.key:
        blocks.append(
            Paragraph(f"Counted for {', '.join(f'{label} = {show(value)}' for label, value in found.key)}.")
        )
    blocks.append(Paragraph(f"{_capital(_VERDICTS[found.verdict])}."))
    if found.story or found.later:
        rows = tuple(map(_step, (*found.story, *found.later)))
        blocks.append(Table(("time", "what", "event", "window", "counted"), rows, frozenset({"counted"})))
    return title, tuple(blocks)


def _composite(found: CompositeExplanation) -> tuple[str, tuple[Block, ...]]:
    within = "without end" if found.within is None else f"within {offset_text(found.within)}"
    title = f"{_place(found.path)}: {found.kind}, {found.needed} of {len(found.children)}, {within}"
    rows = tuple(
        (_place(one.path), "has not fired" if one.fired is None else f"fired at {as_text(one.fired.at)}")
        for one in found.children
    )
    return title, (
        Table(("trigger", "state"), rows),
        Paragraph("It fired." if found.fired else "It did not fire."),
    )


def _place(path: TriggerPath) -> str:
    return "trigger" + "".join(f".triggers[{index}]" for index in path)


def _field(one: Condition) -> str:
    text = one.field if one.index is None else f"{one.field}[{one.index}]"
    return text if one.label is None else f'{text}["{one.label}"]'


def _field_of(found: EventExplanation, note: Note) -> str:
    return next(_field(one) for one in found.conditions if note in one.notes)


def _wanted(one: Condition) -> str:
    if one.field == "match_related" and one.label is None:
        return "a resource with all of these" if one.by is None else f"all of these: {one.by}"
    if one.field == "expect" and not one.wanted:
        return "any"
    return ", ".join(map(show, one.wanted)) or "nothing"


def _step(step: Step) -> tuple[str, ...]:
    name = "" if step.event is None else f"{step.event.name} ({step.event.id})"
    window = f"{as_text(step.start)} to {as_text(step.end)}" if step.end else ""
    return as_text(step.at), _STEPS[step.kind], name, window, str(step.counted)


def _count(firing: Firing) -> str:
    if firing.firings:
        return f"after {len(firing.firings)} of its triggers"
    return f"{firing.counted} counted from {as_text(firing.start)} to {as_text(firing.end)}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _document(found: Explanation) -> dict[str, Any]:
    return {
        "version": _VERSION,
        "automation": found.automation,
        "event": {
            "id": found.event.id,
            "event": found.event.name,
            "occurred": as_text(found.event.occurred),
        },
        "evaluated": None if found.at is None else as_text(found.at),
        "verdict": found.verdict,
        "modelled": found.is_modelled,
        "triggers": [_trigger_document(one) for one in found.triggers],
        "composites": [
            {
                "path": _place(one.path),
                "kind": one.kind,
                "needed": one.needed,
                "within": None if one.within is None else one.within / 1_000_000,
                "fired": one.fired is not None,
                "children": [
                    {
                        "path": _place(child.path),
                        "fired": None if child.fired is None else as_text(child.fired.at),
                    }
                    for child in one.children
                ],
            }
            for one in found.composites
        ],
        "firings": [as_text(one.at) for one in found.firings],
        "later": [as_text(one.at) for one in found.later],
    }


def _trigger_document(one: EventExplanation) -> dict[str, Any]:
    return {
        "path": _place(one.path),
        "posture": "Proactive" if one.proactive else "Reactive",
        "threshold": one.threshold,
        "within": one.within / 1_000_000,
        "key": dict(one.key),
        "expected": one.expected,
        "opening": one.opening,
        "verdict": one.verdict,
        "conditions": [
            {
                "field": _field(condition),
                "wanted": list(condition.wanted),
                "got": list(condition.got),
                "holds": condition.holds,
                "by": condition.by,
                "notes": list(condition.notes),
            }
            for condition in one.conditions
        ],
        "story": list(_story(one.story)),
        "later": list(_story(one.later)),
    }


def _story(steps: tuple[Step, ...]) -> Iterator[dict[str, Any]]:
    for step in steps:
        yield {
            "at": as_text(step.at),
            "what": step.kind,
            "event": None if step.event is None else step.event.id,
            "start": as_text(step.start) if step.end else None,
            "end": as_text(step.end) if step.end else None,
            "counted": step.counted,
        }
