"""Names under which Prefect keeps limits that are more than global ones, and who of a configuration manages them.

A server keeps the limit of a tag as a global one named ``tag:<tag>``, and a deployment's own as
``deployment:<deployment id>``; both show among the global limits, and can be changed and deleted there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from prefect_provider.plugin.language.diagnostics import Diagnostic
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from prefect_provider.api import Client, Scope
    from prefect_provider.plugin.language.values import Value
    from prefect_provider.text.path import Path

__all__ = ["OF_A_DEPLOYMENT", "OF_A_TAG", "claim_limit"]

OF_A_TAG: Final = "tag:"
OF_A_DEPLOYMENT: Final = "deployment:"

_CLAIMS: Final[WeakKeyDictionary[Client, dict[tuple[str, str], str]]] = WeakKeyDictionary()
"""The type of the resource that manages a limit, by the limit's name."""


def claim_limit(client: Client, scope: Scope, type_name: str, name: Value, path: Path) -> Diagnostic | None:
    """Note which type of resource manages the limit of a name; an error if one of another type does as well."""
    if not isinstance(name, str):
        return None
    other = _CLAIMS.setdefault(client, {}).setdefault((scope.prefix, name), type_name)
    if other == type_name:
        return None
    tag = name.removeprefix(OF_A_TAG)
    return Diagnostic(
        "error",
        "The limit of a tag is managed twice",
        say(
            f"the limit of the tag {show(tag)} is the global concurrency limit {show(name)} as well. This "
            "configuration manages it as a `prefect_task_run_concurrency_limit` and as a "
            "`prefect_global_concurrency_limit`, which would undo each other",
            remedy="Keep the first. If the other one is in the state, take it out with a `removed` block",
        ),
        path,
    )
