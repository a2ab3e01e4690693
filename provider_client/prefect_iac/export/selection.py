"""Which objects of a workspace are meant."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from prefect_iac.workspace.content import name_of

if TYPE_CHECKING:
    from prefect_iac.workspace.content import Json, Workspace

__all__ = ["Selection", "key_of"]


class Selection(NamedTuple):
    """Conditions, all of which an object has to meet; of several values in one, any will do."""

    kinds: frozenset[str] = frozenset()
    """Types of Terraform's, such as ``prefect_deployment``."""
    tags: frozenset[str] = frozenset()
    pools: frozenset[str] = frozenset()
    """Names of work pools: they themselves, their queues, and the deployments that they run."""
    names: tuple[str, ...] = ()
    """Patterns, as of files, for the name or what :func:`key_of` gives."""

    def takes(self, workspace: Workspace, type_: str, document: Json) -> bool:
        """Whether an object meets them."""
        if self.kinds and type_ not in self.kinds:
            return False
        if self.tags and self.tags.isdisjoint(document.get("tags") or ()):
            return False
        if self.pools and _pool_of(type_, document) not in self.pools:
            return False
        called = (name_of(document), key_of(workspace, type_, document))
        return not self.names or any(fnmatchcase(name, wanted) for name in called for wanted in self.names)


def key_of(workspace: Workspace, type_: str, document: Json) -> str:
    """What tells an object from others of its type: ``flow/deployment``, ``pool/queue``, ``type/block``."""
    name = name_of(document)
    match type_:
        case "prefect_deployment":
            return workspace.full_name(document)
        case "prefect_work_queue":
            return f"{document.get('work_pool_name')}/{name}"
        case "prefect_block":
            return f"{_slug_of(document)}/{name}"
        case "prefect_block_schema":
            return f"{_slug_of(document)}/{document.get('version')}"
        case "prefect_block_type":
            return str(document.get("slug"))
        case "prefect_workspace":
            return str(document.get("handle"))
        case "prefect_account_member":
            return str(document.get("email"))
    return name


def _slug_of(document: Json) -> str:
    type_ = document.get("block_type")
    return str(type_.get("slug")) if isinstance(type_, dict) else "?"


def _pool_of(type_: str, document: Json) -> str | None:
    if type_ == "prefect_work_pool":
        return name_of(document)
    return document.get("work_pool_name") if type_ in ("prefect_work_queue", "prefect_deployment") else None
