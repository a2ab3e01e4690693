"""SLAs: read as they are, whatever the triggers look like that Prefect makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.cloud.resource_sla import ResourceSla
from tests.cloud.test_service_accounts import direct
from tests.objects.terraform_core import Managed, configuration, shown, unique

if TYPE_CHECKING:
    from tests.objects.terraform_core import World

_FRESH = {
    "name": "fresh",
    "within": 60,
    "expected_event": "order.complete",
    "resource_match": '{"prefect.resource.id":"order.*"}',
}


def _slas(*slas: dict[str, Any]) -> dict[str, Any]:
    return {"resource_id": f"prefect.deployment.{unique('d')}", "slas": list(slas)}


@pytest.mark.parametrize(
    ("sla", "said"),
    [
        ({"name": "a"}, "The SLA says nothing"),
        ({"name": "a", "duration": 1, "within": 1}, "an SLA is of one kind"),
        ({"name": "a", "stale_after": 1, "duration": 1}, "an SLA is of one kind"),
        ({"name": "a", "expected_event": "e"}, "needs `within` and `resource_match` as well"),
        ({"name": "a", "within": 1, "resource_match": "{}"}, "needs `expected_event` as well"),
        ({"name": "a", "duration": 0}, "a number not below 1"),
        ({"name": "a", "duration": 1, "severity": "hi"}, "expected one of"),
    ],
)
def test_an_sla_is_of_exactly_one_kind(account_world: World, sla: dict[str, Any], said: str) -> None:
    """Fields of two kinds, of none, and of half a kind are refused when they are planned."""
    checked = Managed(account_world, ResourceSla).validate(_slas(sla))
    assert checked.has_errors
    assert said.lower() in shown(checked)[0].lower()


def test_names_are_unique(account_world: World) -> None:
    """Two of a name are refused."""
    checked = Managed(account_world, ResourceSla).validate(
        _slas({"name": "a", "duration": 1}, {"name": "a", "within": 1})
    )
    assert [one.path for one in checked] == [("slas", 1, "name")]


def test_drift_is_seen(account_world: World) -> None:
    """A number, a severity, an SLA too many and one too few that others left are differences, and healed."""
    managed, given = Managed(account_world, ResourceSla), _slas({"name": "a", "duration": 60}, _FRESH)
    managed.apply(given)
    path = f"/accounts/{account_world.cloud.account_id}/workspaces/{account_world.cloud.workspace_id}"
    apply = f"{path}/slas/apply-resource-slas/{given['resource_id']}"
    for others in (
        b'[{"name": "a", "duration": 61}]',
        b'[{"name": "a", "duration": 60, "severity": "low"}]',
        b'[{"name": "a", "duration": 60}, {"name": "b", "within": 5}]',
    ):
        direct(account_world, "POST", apply, others)
        managed.refresh()
        assert managed.changes(given) == ["slas"]
        managed.apply(given)
    direct(account_world, "POST", apply, b"[]")
    managed.refresh()
    assert managed.state is None


def test_none_at_all(account_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty list deletes them, and is no difference afterwards; one that others add is."""
    # There is nothing to import.
    monkeypatch.setattr(Managed, "_assert_generated", lambda *_: None)
    managed, given = Managed(account_world, ResourceSla), _slas({"name": "a", "duration": 60})
    managed.apply(given)
    none = given | {"slas": []}
    managed.apply(none)
    path = f"/accounts/{account_world.cloud.account_id}/workspaces/{account_world.cloud.workspace_id}"
    apply = f"{path}/slas/apply-resource-slas/{given['resource_id']}"
    direct(account_world, "POST", apply, b'[{"name": "b", "within": 5}]')
    managed.refresh()
    assert managed.changes(none) == ["slas"]


def test_triggers_of_another_form_are_no_drift(account_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Prefect makes something of an SLA that cannot be read, what was applied counts as long as that stays."""
    from tests.environment.prefect_cloud import slas

    def compound(kind: str, sla: dict[str, Any], _resource_id: str) -> dict[str, Any]:
        return {
            "type": "compound",
            "triggers": [{"id": unique("t"), "kind": kind, "of": sla.get("duration")}],
        }

    monkeypatch.setattr(slas, "_trigger", compound)
    managed, given = Managed(account_world, ResourceSla), _slas({"name": "a", "duration": 60})
    # Only here: an import of what cannot be read is a difference.
    monkeypatch.setattr(Managed, "_assert_generated", lambda *_: None)
    managed.apply(given)
    path = f"/accounts/{account_world.cloud.account_id}/workspaces/{account_world.cloud.workspace_id}"
    direct(
        account_world,
        "POST",
        f"{path}/slas/apply-resource-slas/{given['resource_id']}",
        b'[{"name": "a", "duration": 61}]',
    )
    managed.refresh()
    assert managed.changes(given) == ["slas"]


def test_slas_that_are_there_are_refused(account_world: World) -> None:
    """A resource that has SLAs already would lose them: the plan shows the import instead."""
    given = _slas({"name": "a", "duration": 60})
    Managed(account_world, ResourceSla).apply(given)
    other = type(account_world)(account_world.cloud)
    refused = Managed(other, ResourceSla).plan(configuration(ResourceSla, given), prior=None)
    other.close()
    assert [one.summary for one in refused.diagnostics] == ["The resource sla exists already"]
    assert given["resource_id"] in shown(refused.diagnostics)[0]
