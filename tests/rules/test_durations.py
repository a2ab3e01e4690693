"""Durations in documents of Prefect's own form are read as Prefect reads them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from prefect_provider.rules.durations import document_seconds, with_seconds

PYDANTIC: TypeAdapter[timedelta] = TypeAdapter(timedelta)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("PT10M", 600.0),
        ("PT2H", 7200.0),
        ("P1D", 86400.0),
        ("P1W", 604800.0),
        ("P1DT12H30M5.5S", 131405.5),
        ("-PT1H", -3600.0),
        ("00:10:00", 600.0),
        ("1 day, 10:00:00", 122400.0),
        (timedelta(minutes=1), 60.0),
        (90, 90.0),
        (Decimal("1.5"), 1.5),
        ("30", None),
        ("5m", None),
        ("PT", None),
        ("", None),
        ("\ud800", None),
        (True, None),
        (None, None),
        (float("nan"), None),
        ([60], None),
    ],
)
def test_a_duration_is_seconds(value: object, seconds: float | None) -> None:
    """Numbers, timedeltas and the texts that Prefect's models take are seconds; all else is none."""
    assert document_seconds(value) == seconds


@given(
    st.one_of(st.text(max_size=12), st.from_regex(r"-?P(\d{1,3}[YMWD])*(T(\d{1,3}[HMS])+)?", fullmatch=True))
)
def test_texts_are_read_as_a_model_of_prefect_reads_them(text: str) -> None:
    """Whatever the text, it is what a pydantic field of the type timedelta makes of it."""
    try:
        theirs: float | None = PYDANTIC.validate_python(text).total_seconds()
    except ValidationError:
        theirs = None
    assert document_seconds(text) == theirs


def test_the_durations_of_a_document_become_seconds() -> None:
    """At every depth of triggers, metrics, actions and schedules, and nowhere else."""
    document: dict[str, Any] = {
        "trigger": {
            "type": "compound",
            "within": "PT1H",
            "triggers": [
                {"within": "PT10M", "match": {"within": "PT1M"}},
                {"metric": {"range": "PT5M", "firing_for": 300}},
                "not a trigger",
            ],
        },
        "actions": [{"schedule_after": timedelta(minutes=2), "parameters": {"interval": "PT1S"}}],
        "schedules": [{"interval": "P1D"}, {"schedule": {"interval": "nonsense"}}],
    }
    assert with_seconds(document) == {
        "trigger": {
            "type": "compound",
            "within": 3600.0,
            "triggers": [
                {"within": 600.0, "match": {"within": "PT1M"}},
                {"metric": {"range": 300.0, "firing_for": 300}},
                "not a trigger",
            ],
        },
        "actions": [{"schedule_after": 120.0, "parameters": {"interval": "PT1S"}}],
        "schedules": [{"interval": 86400.0}, {"schedule": {"interval": "nonsense"}}],
    }
