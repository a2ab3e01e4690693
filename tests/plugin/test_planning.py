"""Plans of declared objects, as Terraform has to accept them."""

from __future__ import annotations

from prefect_provider.plugin.declaration import Nested, computed, optional
from prefect_provider.plugin.kinds import Integer, String
from prefect_provider.plugin.planning import Plan


class Thing(Nested):
    """An object whose note may be empty in two ways."""

    note = optional(String(), "A note.", null_is="")
    size = optional(Integer(), "A size.", default=1)
    updated = computed(String(), "When it changed.", volatile=True)


def test_equal_of_null_that_is_written_is_planned() -> None:
    """Where the state has null, a configuration with its equal is planned as written, nothing else."""
    prior = {"note": None, "size": 1, "updated": "then"}
    plan = Plan(Thing, prior, {"note": "", "size": None, "updated": None})
    plan.settle()
    assert plan.planned == prior | {"note": ""}


def test_null_may_stand_for_its_equal_in_the_state() -> None:
    """Where the state has the equal of null, a configuration that leaves it out plans no change."""
    prior = {"note": "", "size": 1, "updated": "then"}
    plan = Plan(Thing, prior, {"note": None, "size": None, "updated": None})
    plan.settle()
    assert plan.planned == prior
