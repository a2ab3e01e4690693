"""Typed triggers: what they take, refuse, send and read."""

from datetime import timedelta
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from prefect_provider.models import trigger_rules
from prefect_provider.models.triggers import (
    CompoundTrigger,
    EventTrigger,
    MetricName,
    MetricOperator,
    MetricTrigger,
    MetricTriggerQuery,
    Posture,
    SequenceTrigger,
    loops,
    parse_trigger,
    trigger_from_api,
    warnings,
)


def test_values_are_kept_in_one_form() -> None:
    """Durations become seconds, collections become sets, whichever way they were written."""
    trigger = EventTrigger(expect=["b", "a", "a"], posture=Posture.Proactive, within=timedelta(minutes=1))
    assert trigger.within == 60.0
    assert trigger.expect == {"a", "b"}
    assert trigger == EventTrigger(expect={"a", "b"}, posture="Proactive", within=60)
    assert EventTrigger(posture="Proactive").within == 10.0
    assert EventTrigger(posture="Proactive", within=0).within == 10.0


def test_every_error_is_reported_at_once_and_no_input_is_repeated() -> None:
    """One exception names all broken rules with remedies, and does not show the input."""
    with pytest.raises(ValidationError) as caught:
        EventTrigger.model_validate(
            {"posture": "proactive", "threshold": 0, "match": {"secret": 5, "k": "s3cret"}}
        )
    text = str(caught.value)
    assert 'Write "Proactive".' in text
    assert "threshold: expected 1 or more" in text
    assert 'match.secret: expected text or a list of texts, got 5. Labels are text: write "5".' in text
    assert "s3cret" not in text


def test_unknown_fields_are_refused_with_the_near_one() -> None:
    """A misspelt field, which the server would drop, is refused with what was probably meant."""
    with pytest.raises(ValidationError, match="Did you mean `expect`"):
        EventTrigger.model_validate({"expects": ["a"]})


def test_composites_nest_to_any_depth_and_take_mappings() -> None:
    """Typed triggers and mappings mix at any depth; the path of a mistake inside a mapping is whole."""
    inner = SequenceTrigger(
        triggers=[EventTrigger(expect=["a"]), CompoundTrigger(require=1, triggers=[EventTrigger()])]
    )
    trigger = CompoundTrigger.model_validate({"require": "all", "triggers": [inner, {"expect": ["b"]}]})
    assert trigger.to_api()["triggers"][0]["triggers"][1]["require"] == 1
    assert trigger.to_api()["within"] is None
    with pytest.raises(ValidationError, match=r"triggers\[0\]\.triggers\[1\]\.within: .*got -1"):
        parse_trigger({"require": "all", "triggers": [{"triggers": [{}, {"within": -1}]}]})


def test_require_fits_the_number_of_triggers() -> None:
    """A number above the number of triggers is refused, also when they are typed."""
    with pytest.raises(ValidationError, match="expected 1 to 1, got 2"):
        CompoundTrigger(require=2, triggers=[EventTrigger()])


def test_only_metrics_need_cloud() -> None:
    """A trigger is for Cloud only when it is or contains a metric trigger."""
    metric = MetricTrigger(metric=MetricTriggerQuery(name="successes", operator="<", threshold=0.9))
    assert metric.cloud_only
    assert SequenceTrigger(
        triggers=[EventTrigger(), CompoundTrigger(require="any", triggers=[metric])]
    ).cloud_only
    assert not SequenceTrigger(triggers=[EventTrigger()]).cloud_only
    with pytest.raises(ValidationError, match=r"range: expected 300"):
        MetricTriggerQuery(name="successes", operator="<", threshold=0.9, range=60)


@pytest.mark.parametrize(
    "trigger",
    [
        EventTrigger(
            match={"a": ["x", "y"]}, match_related=[{"b": "z"}, {}], after=["c"], for_each=["d"], within=2.5
        ),
        MetricTrigger(metric=MetricTriggerQuery(name="duration", operator=">=", threshold=3)),
        CompoundTrigger(
            require="any", within=0, triggers=[EventTrigger(), EventTrigger(posture="Proactive")]
        ),
        SequenceTrigger(within=timedelta(hours=1), triggers=[EventTrigger(expect=["a"])]),
    ],
    ids=lambda trigger: trigger.type,
)
def test_what_is_sent_can_be_read(trigger: Any) -> None:
    """The body with a server's ids and a newer server's fields reads back as the same trigger."""
    body = {**trigger.to_api(), "id": "cc", "newer": {"x": 1}}
    assert type(trigger).from_api(body) == trigger
    assert trigger_from_api(body) == trigger


def test_what_others_stored_is_read_although_it_would_be_refused() -> None:
    """Values that the rules refuse, and a server accepts, do not stop the reading of an automation."""
    stored = {
        "type": "compound",
        "id": "x",
        "require": 1,
        "within": -5.0,
        "triggers": [{"type": "event", "threshold": 0}],
    }
    trigger = trigger_from_api(stored)
    assert trigger.to_api()["within"] == -5.0
    assert trigger.to_api()["triggers"][0]["threshold"] == 0
    with pytest.raises(ValidationError):
        trigger_from_api({"type": "from-the-future"})


def test_terraform_references_are_not_checked() -> None:
    """Values that Terraform fills in later, as CDKTF writes them, are taken as they are."""
    trigger = EventTrigger.model_validate(
        {
            "posture": "Reactive",
            "match": {"prefect.resource.id": "prefect.deployment.${TfToken[TOKEN.3]}"},
            "within": -1.8e289,
        }
    )
    assert trigger.within == -1.8e289


def test_loops_and_warnings_are_text() -> None:
    """A self-firing trigger and a surprising one give one line each, and a plain one none."""
    assert len(loops(EventTrigger(expect=["prefect.*"]))) == 1
    assert loops(EventTrigger(expect=["prefect.flow-run.Failed"])) == []
    assert len(warnings(EventTrigger(expect=["a"], threshold=5))) == 1
    assert warnings(EventTrigger(expect=["a"])) == []


def test_the_types_offer_what_the_rules_allow() -> None:
    """The literal types and classes have the same options and fields as the rules' tables."""
    assert get_args(MetricName) == trigger_rules.METRICS
    assert get_args(MetricOperator) == trigger_rules.METRIC_OPERATORS
    assert {*trigger_rules.EVENT_POSTURES, "Metric"} == set(Posture)
    for model in (EventTrigger, MetricTrigger, CompoundTrigger, SequenceTrigger):
        kind = model.model_fields["type"].default
        assert model.model_fields.keys() - {"type"} == trigger_rules.TRIGGER_FIELDS[kind]
    assert MetricTriggerQuery.model_fields.keys() == trigger_rules.METRIC_FIELDS
