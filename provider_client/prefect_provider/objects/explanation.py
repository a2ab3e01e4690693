"""Errors of the API at the attributes that they concern: the server names its fields, Terraform shows attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_provider.api import ApiError, NotFound
from prefect_provider.plugin.language.diagnostics import Diagnostic
from prefect_provider.plugin.language.nested import NestedKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prefect_provider.plugin.language.declaration import Declaration
    from prefect_provider.text.path import Path

__all__ = ["attribute_path", "explain_at_attribute"]

