"""The actions of an automation: one table of their types and fields, and what Prefect refuses or quietly misreads.

An action is a mapping with a ``type`` and that type's fields. It may also hold every field of every type, as
one object in Terraform does, with ``None`` in those that are not set. Facts about Prefect Cloud come from
its documents.
"""

from __future__ import annotations

from prefect_provider.rules.actions.checks import problems
from prefect_provider.rules.actions.forms import canonical, to_api
from prefect_provider.rules.actions.table import (
    ACTION_FIELDS,
    ACTION_LISTS,
    ACTIONS,
    FIELDS,
    SOURCES,
    STATES,
    ActionField,
    ActionSpec,
    FieldKind,
)

__all__ = [
    "ACTIONS",
    "ACTION_FIELDS",
    "ACTION_LISTS",
    "FIELDS",
    "SOURCES",
    "STATES",
    "ActionField",
    "ActionSpec",
    "FieldKind",
    "canonical",
    "problems",
    "to_api",
]
