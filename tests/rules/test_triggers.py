"""The rules of triggers in both forms: what is refused, where, and with which remedy."""

from decimal import Decimal
from typing import Any

import pytest

from prefect_provider.plugin.language.values import UNKNOWN
from prefect_provider.rules.trigger_forms import canonical, keyed, tagged, to_api
from prefect_provider.rules.triggers import infer_kind, keyed_problems, problems
from prefect_provider.text.path import Path
from prefect_provider.text.problem import Problem

EVENT = {"type": "event", "expect": ["a"]}
METRIC = {"name": "successes", "operator": "<", "threshold": 0.9}


def is_unknown(value: object) -> bool:
    """Tell the stand-in for what is not yet known."""
    return value is UNKNOWN


def composite(**fields: Any) -> dict[str, Any]:
    """Make a compound trigger of two events."""
    return {"type": "compound", "require": "all", "triggers": [EVENT, EVENT], **fields}


GOOD: list[dict[str, Any]] = [
    {"type": "event"},
    {},
    {"posture": "Proactive", "within": 10},
    {"posture": "Proactive", "within": 0},
    {"posture": "Proactive"},
    {"threshold": Decimal(3), "within": Decimal("30.5")},
    {"match": {"prefect.resource.id": "prefect.flow-run.*", "x": ["a", "!b"]}},
    {"match_related": [{"prefect.resource.role": "flow"}, {"x": ["a"]}]},
    {"for_each": {"prefect.resource.id", "related:flow:prefect.resource.id"}},
    {"type": "metric", "metric": METRIC},
    {"posture": "Metric", "metric": {**METRIC, "range": 300, "firing_for": 600}},
    composite(),
    composite(require=2),
    composite(require=Decimal(1)),
    composite(require="any", within=0),
    composite(within=60, triggers=[composite(), {"type": "sequence", "triggers": [EVENT], "within": None}]),
    {"type": "sequence", "triggers": [EVENT, EVENT], "within": 5},
    {"type": UNKNOWN, "nonsense": 1},
    {"posture": UNKNOWN, "within": 5, "match": UNKNOWN, "expect": [UNKNOWN], "threshold": UNKNOWN},
    {"match": {"a": UNKNOWN, "b": ["x", UNKNOWN]}, "match_related": UNKNOWN},
    composite(require=UNKNOWN, triggers=UNKNOWN, within=UNKNOWN),
    composite(require=3, triggers=UNKNOWN),
    composite(require=2, triggers=[UNKNOWN, EVENT]),
]

BAD: list[tuple[dict[str, Any], Path, str]] = [
    ({"type": "Event"}, ("type",), "event"),
    ({"posture": "reactive"}, ("posture",), 'Write "Reactive".'),
    ({"type": "event", "posture": "Metric"}, ("posture",), "Use a metric trigger."),
    ({"posture": "Proactive", "within": 5}, ("within",), "Write 10 or more"),
    ({"posture": "Proactive", "within": Decimal("9.99")}, ("within",), "got 9.99"),
    ({"within": -1}, ("within",), "got -1"),
    ({"within": 1e300}, ("within",), "86399999999999 seconds or fewer"),
    ({"within": 10**400}, ("within",), "expected a number of seconds"),
    ({"within": Decimal("1e400")}, ("within",), "expected a number of seconds"),
    ({"threshold": Decimal("1e400")}, ("threshold",), "expected a whole number"),
    (composite(triggers=[EVENT], require=2), ("require",), "expected 1, got 2"),
    (composite(triggers=UNKNOWN, require=0), ("require",), "expected 1 or more, got 0"),
    ({"within": "30"}, ("within",), "Write 30 without quotes."),
    ({"within": "PT30S"}, ("within",), "number of seconds"),
    ({"within": True}, ("within",), "got true"),
    ({"threshold": 0}, ("threshold",), "1 or more"),
    ({"threshold": 1.5}, ("threshold",), "whole number"),
    ({"expects": ["a"]}, ("expects",), "Did you mean `expect`?"),
    ({"expect": "a"}, ("expect",), 'Write ["a"].'),
    ({"expect": [1]}, ("expect",), "got 1"),
    ({"expect": [""]}, ("expect",), "empty"),
    ({"after": ["!a"]}, ("after",), "negated"),
    ({"for_each": ["related:flow"]}, ("for_each",), "related:<role>:<label>"),
    ({"match": "a"}, ("match",), "object of labels"),
    ({"match": {"a": 1}}, ("match", "a"), 'write "1"'),
    ({"match": {"a": True}}, ("match", "a"), 'write "true"'),
    ({"match": {"a": []}}, ("match", "a"), "matches no resource"),
    ({"match": {"a": ["x", 2]}}, ("match", "a", 1), "got 2"),
    ({"match_related": [{"a": "x"}, {"a": None}]}, ("match_related", 1, "a"), "got null"),
    ({"match_related": [None]}, ("match_related", 0), "got null"),
    ({"type": "metric"}, ("metric",), "expected the metric"),
    ({"type": "metric", "metric": {**METRIC, "name": "lateniss"}}, ("metric", "name"), "lateness"),
    ({"type": "metric", "metric": {**METRIC, "operator": "=="}}, ("metric", "operator"), "<="),
    ({"type": "metric", "metric": {**METRIC, "threshold": "1"}}, ("metric", "threshold"), "a number"),
    ({"type": "metric", "metric": {**METRIC, "threshold": None}}, ("metric", "threshold"), "needs"),
    ({"type": "metric", "metric": {**METRIC, "range": 60}}, ("metric", "range"), "300"),
    ({"type": "metric", "metric": {**METRIC, "firing": 60}}, ("metric", "firing"), "firing_for"),
    ({"type": "metric", "metric": METRIC, "within": 3}, ("within",), "no field"),
    (composite(triggers=[]), ("triggers",), "List at least one."),
    ({"type": "sequence", "triggers": [], "within": None}, ("triggers",), "List at least one."),
    (composite(require=None), ("require",), '"all"'),
    (composite(require=3), ("require",), "1 to 2"),
    (composite(require=0), ("require",), "1 to 2"),
    (composite(require="2"), ("require",), "Write 2 without quotes."),
    (composite(require=True), ("require",), "got true"),
    (composite(require=1.5), ("require",), "got 1.5"),
    (composite(within=0), ("within",), "null for no limit"),
    (composite(within=-5), ("within",), "got -5"),
    (composite(triggers=[EVENT, {"type": "event", "within": -1}]), ("triggers", 1, "within"), "got -1"),
    (composite(triggers=["a"], require="any"), ("triggers", 0), "expected a trigger"),
    (
        composite(triggers=[composite(triggers=[{"threshold": -1}], require=1), EVENT]),
        ("triggers", 0, "triggers", 0, "threshold"),
        "1 or more",
    ),
    ({"type": "sequence", "triggers": [EVENT], "within": None, "require": 1}, ("require",), "no field"),
]


def errors(found: list[Problem]) -> list[Problem]:
    """Leave out the warnings."""
    return [problem for problem in found if problem.severity == "error"]


@pytest.mark.parametrize("trigger", GOOD, ids=str)
def test_what_the_server_does_as_written_passes(trigger: dict[str, Any]) -> None:
    """A trigger that the server takes as it reads, or that is not all known, has no errors."""
    assert errors(problems(trigger, is_unknown=is_unknown)) == []


@pytest.mark.parametrize(("trigger", "path", "words"), BAD, ids=str)
def test_a_mistake_is_one_error_at_its_place(trigger: dict[str, Any], path: Path, words: str) -> None:
    """Each mistake gives one error, with the path of the attribute and the remedy in its text."""
    found = errors(problems(trigger, is_unknown=is_unknown))
    assert [problem.path for problem in found] == [path]
    assert words in str(found[0])


@pytest.mark.parametrize(("trigger", "path", "words"), BAD, ids=str)
def test_the_keyed_form_has_the_same_mistakes(trigger: dict[str, Any], path: Path, words: str) -> None:
    """A trigger nested as in Terraform gives the same errors, at paths that go through the kinds' names."""
    children = trigger.get("triggers", [])
    if (
        trigger.get("type") == "Event"
        or children is UNKNOWN
        or not all(isinstance(one, dict) for one in children)
    ):
        pytest.skip("the form cannot express it")
    nested = as_keyed(trigger)
    found = errors(keyed_problems(nested))
    assert [problem.path for problem in found] == [keyed_path(trigger, path)]
    assert words in str(found[0])


def keyed_path(trigger: dict[str, Any], path: Path) -> Path:
    """Where a path into the tagged form leads in the keyed form."""
    kind = str(infer_kind(trigger))
    if path[:1] == ("triggers",) and len(path) > 1:
        index = int(path[1])
        return (kind, "triggers", index, *keyed_path(trigger["triggers"][index], path[2:]))
    return (kind, *path)


def as_keyed(trigger: dict[str, Any]) -> dict[str, Any]:
    """Nest a trigger as Terraform does, with the other kinds null."""
    kind = infer_kind(trigger)
    assert kind is not None
    fields = {name: value for name, value in trigger.items() if name != "type"}
    if "triggers" in fields:
        fields["triggers"] = [as_keyed(child) for child in fields["triggers"]]
    return {kind: fields, **dict.fromkeys({"event", "metric"} - {kind})}


def test_the_keyed_form_takes_exactly_one_kind() -> None:
    """No kind, two kinds and a kind that does not exist are errors, the second with its path."""
    assert [problem.path for problem in keyed_problems({"event": None})] == [()]
    assert keyed_problems({"event": UNKNOWN, "compound": UNKNOWN}, is_unknown=is_unknown) == []
    assert keyed_problems({"event": {}, "compound": UNKNOWN}, is_unknown=is_unknown) == []
    assert [problem.path for problem in keyed_problems({"event": {}, "metric": {"metric": METRIC}})] == [
        ("metric",)
    ]
    found = keyed_problems({"event": {}, "evnt": {}}, path=("trigger",))
    assert [problem.path for problem in found] == [("trigger", "evnt")]


def test_metric_triggers_need_cloud() -> None:
    """A metric trigger is an error only where the server is known not to be Cloud, at any depth."""
    trigger = composite(triggers=[{"type": "metric", "metric": METRIC}, EVENT])
    assert [problem.path for problem in problems(trigger, cloud=False)] == [("triggers", 0)]
    assert problems(trigger, cloud=True) == []
    assert problems(trigger) == []


WARNINGS: list[tuple[dict[str, Any], str]] = [
    ({"threshold": 3}, "about a minute"),
    ({"expect": ["order.?"]}, "only * is a wildcard"),
    (composite(triggers=[{"for_each": ["x"]}, EVENT]), "for_each"),
]


@pytest.mark.parametrize(("trigger", "words"), WARNINGS, ids=str)
def test_what_works_otherwise_than_it_reads_is_a_warning(trigger: dict[str, Any], words: str) -> None:
    """What the server accepts and treats in an unexpected way is one warning."""
    found = problems(trigger)
    assert [problem.severity for problem in found] == ["warning"]
    assert words in str(found[0])


def test_the_body_is_complete() -> None:
    """A bare trigger's body has every field with the server's default; a composite's always has within."""
    assert to_api({}) == {
        "type": "event",
        "match": {},
        "match_related": {},
        "after": [],
        "expect": [],
        "for_each": [],
        "posture": "Reactive",
        "threshold": 1,
        "within": 0.0,
    }
    assert to_api({"posture": "Proactive"})["within"] == 10.0
    body = to_api({"type": "sequence", "triggers": [{"expect": {"b", "a"}, "id": "x"}]})
    assert body["within"] is None
    assert body["triggers"][0]["expect"] == ["a", "b"]
    assert "id" not in body["triggers"][0]


def test_both_forms_convert_into_each_other() -> None:
    """Nesting and flattening a trigger gives it back."""
    trigger = {
        "type": "compound",
        "require": "all",
        "within": None,
        "triggers": [{"type": "event", "expect": ["a"]}],
    }
    assert keyed(trigger)["compound"]["triggers"] == [{"event": {"expect": ["a"]}}]
    assert tagged(keyed(trigger)) == trigger
    with pytest.raises(ValueError, match="got none"):
        tagged({"event": None})


def test_equal_meaning_is_equal_in_the_canonical_form() -> None:
    """Order, single values as lists, defaults and ids make no difference; a different value does."""
    ours = {"expect": ["a", "b"], "match": {"x": "v"}, "match_related": {}, "posture": "Proactive"}
    theirs = {
        "type": "event",
        "id": "5a",
        "expect": ["b", "a"],
        "match": {"x": ["v"]},
        "match_related": [{}],
        "posture": "Proactive",
        "within": 10,
        "threshold": 1,
    }
    assert canonical(ours) == canonical(theirs)
    assert canonical(ours) != canonical({**theirs, "match": {"x": ["v", "w"]}})
