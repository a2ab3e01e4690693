"""By what deployments can be listed."""

from __future__ import annotations

from typing import Final

from prefect_provider.objects.filters import (
    Filter,
    filter_by_id,
    filter_by_name,
    filter_by_name_like,
    filter_by_tags,
)
from prefect_provider.plugin.language.kinds import Bool, SetOf, String

__all__ = ["FILTERS"]

FILTERS: Final = (
    filter_by_id("deployments"),
    filter_by_name("deployments"),
    filter_by_name_like("deployments"),
    filter_by_tags("deployments"),
    Filter(
        "tags_any",
        SetOf(String()),
        "Only those that have at least one of these tags.",
        "deployments.tags.any_",
    ),
    Filter("paused", Bool(), "Only those that are, or are not, paused.", "deployments.paused.eq_"),
    Filter("flow_names", SetOf(String()), "Only those of the flows of these names.", "flows.name.any_"),
    Filter(
        "work_pool_names", SetOf(String()), "Only those of the pools of these names.", "work_pools.name.any_"
    ),
    Filter(
        "work_queue_names",
        SetOf(String()),
        "Only those of queues of these names, of whatever pool.",
        "work_pool_queues.name.any_",
    ),
)
