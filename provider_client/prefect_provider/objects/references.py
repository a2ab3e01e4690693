"""Which attributes hold the id or the name of another object of Prefect.

They have the same names in every resource and data source, and inside of nested objects.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["REFERENCES", "Reference"]


class Reference(NamedTuple):
    """What an attribute refers to.

    ``type_name`` is the Terraform type of the object, ``attribute`` the one of its attributes that is held. ``stem``
    is what the attribute is called without it. ``perishes`` says that the holder is deleted, or loses what it was
    made for, when the object is: the server does that without a word.
    """

    type_name: str
    attribute: str
    stem: str
    perishes: bool = False


def _id(object_: str, stem: str = "", *, perishes: bool = False) -> Reference:
    return Reference(f"prefect_{object_}", "id", stem or object_, perishes)


def _name(object_: str) -> Reference:
    return Reference(f"prefect_{object_}", "name", object_, perishes=True)


REFERENCES: Final[Mapping[str, Reference]] = MappingProxyType(
    {
        "automation_id": _id("automation"),
        "block_document_id": _id("block"),
        "block_id": _id("block", perishes=True),
        "default_result_storage_block_id": _id("block", "default_result_storage_block"),
        "block_type_id": _id("block_type", perishes=True),
        "deployment_id": _id("deployment"),
        "flow_id": _id("flow", perishes=True),
        "flow_name": _name("flow"),
        "global_concurrency_limit_id": _id("global_concurrency_limit"),
        "infrastructure_document_id": _id("block", "infrastructure", perishes=True),
        "service_account_id": _id("service_account"),
        "storage_document_id": _id("block", "storage", perishes=True),
        "team_id": _id("team", perishes=True),
        "type_slug": Reference("prefect_block_type", "slug", "block_type", perishes=True),
        "work_pool_id": _id("work_pool"),
        "work_pool_name": _name("work_pool"),
        "work_queue_id": _id("work_queue"),
        "work_queue_name": _name("work_queue"),
    }
)
"""The references, by the attribute's name."""
