"""Errors speak Python: the arguments that were written, and Python's own values."""

from typing import Any

import pytest

import prefect_constructs as pc
from prefect_constructs.wording import Wording
from prefect_provider.plugin.language.diagnostics import Diagnostic
from tests.constructs.stacks import new_stack

SOME_ID = "01234567-89ab-cdef-0123-456789abcdef"


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ("Expected an object of labels, got 5.", "Expected a mapping of labels, got 5."),
        ("Expected text or an object, got null.", "Expected text or a mapping, got None."),
        ("Expected true or false, got true.", "Expected True or False, got True."),
        (
            "Expected a JSON document, got text. Wrap the value in jsonencode().",
            "Expected a JSON document, got text. Give a mapping or a list.",
        ),
        ('For example {name = "x", n = 0.9}.', 'For example {"name": "x", "n": 0.9}.'),
        ('Got "null and true = {x = 1}".', 'Got "null and true = {x = 1}".'),
        ('Set `data`; otherwise, `data = "{}"`.', 'Set `data`; otherwise, `data="{}"`.'),
        ("`name` needs `other` to be set as well.", "`title` needs `other` to be set as well."),
    ],
)
def test_phrases(detail: str, said: str) -> None:
    """What the rules say becomes what Python says; what is in quotes is the user's own."""
    wording = Wording({("name",): ("title",)})
    problem = wording.problem(Diagnostic("error", "Invalid value for `name`", detail, ("name",)))
    assert (problem.detail, problem.summary, problem.path) == (said, "Invalid value for `title`", ("title",))


def test_places() -> None:
    """What is inside of a place moves with it, and the nearest place counts."""
    wording = Wording({("a",): ("x",), ("a", "b"): ("y",)})
    assert wording.place(("a", "b", 0)) == ("y", 0)
    assert wording.place(("a", "c")) == ("x", "c")
    assert wording.place(("b",)) == ("b",)


FIELDS: dict[str, Any] = {
    "match": 5,
    "match_related": [{"a": 5}],
    "posture": "Late",
    "threshold": 0,
    "within": -1,
    "expect": ["!a"],
}
WRONG: list[tuple[Any, dict[str, Any]]] = [
    (pc.Automation, {"trigger": pc.EventTrigger(**FIELDS), "actions": pc.RunDeployment()}),
    (pc.Automation, {"trigger": pc.EventTrigger(), "actions": pc.RunDeployment(SOME_ID, source="inferred")}),
    (pc.Automation, {"trigger": pc.EventTrigger(), "actions": pc.SendNotification(body="{{ x")}),
    (pc.Automation, {"trigger": {"type": "event", **FIELDS}}),
    (pc.Automation, {"trigger": pc.CompoundTrigger(triggers=[], require=5)}),
    (pc.Automation, {"trigger": {"type": "metric", "metric": {"name": "x"}}}),
    (pc.Automation, {"trigger": pc.EventTrigger(), "enabled": 1, "tags": "x", "actions": {"type": 5}}),
    (pc.Deployment, {}),
    (pc.Deployment, {"flow_name": "f", "work_queue": "q", "grace_period": 1, "parameters": "x"}),
    (pc.Deployment, {"flow_name": "f", "concurrency_limit": 1, "global_concurrency_limit_id": SOME_ID}),
    (pc.Deployment, {"flow_name": "f", "schedules": {"cron": "x"}, "pull_steps": [{"type": "git_clone"}]}),
    (pc.Block, {"type_slug": "x", "data": {}, "data_wo": {}}),
    (pc.WorkPool, {"base_job_template": "[]", "storage_configuration": {"bundle_upload_step": "{"}}),
    (pc.WorkQueue, {}),
    (pc.Variable, {"value": 2**80}),
    (pc.ExistingDeployment, {"name": "x"}),
]


@pytest.mark.parametrize(("made", "arguments"), WRONG)
def test_no_word_of_hcl(made: Any, arguments: dict[str, Any]) -> None:
    """No error of any construct speaks of Terraform's language, or of attributes that nobody wrote."""
    with pytest.raises(pc.PrefectConstructError) as caught:
        made(new_stack(), "x", **arguments)
    text = str(caught.value)
    for word in ("jsonencode", "null", "an object", " = ", "attribute", "work_pool_name", "work_queue_name"):
        assert word not in text, text
    for word in (
        "block_document_id",
        "deployment_id",
        "concurrency_options",
        "trigger.event",
        "true or false",
    ):
        assert word not in text, text
