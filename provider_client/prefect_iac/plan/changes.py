"""A plan as plain data: what it does to each object of Prefect, and how many others there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_iac.plan.references import References
    from prefect_provider.text.path import Path

__all__ = ["Action", "Invocation", "Plan", "PlannedObject"]

Action: TypeAlias = Literal["no-op", "create", "read", "update", "replace", "delete", "forget", "other"]
"""What happens to an object.

``replace`` is another object in its place, ``forget`` leaves the object and drops it from the state; ``other`` is what
a newer Terraform does that is not known here.
"""


class PlannedObject(NamedTuple):
    """What a plan does to one object of Prefect.

    ``before`` and ``after`` are the attributes as ``terraform show -json`` prints them (``None``: there is no object);
    they may hold secrets. ``after`` lacks what is known only after the apply.
    """

    address: str
    type: str
    provider: str
    """Source address, such as ``registry.terraform.io/prefect-iac/prefect``."""
    action: Action
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    unknown: frozenset[Path] = frozenset()
    """Places in ``after`` that are known only after the apply; all below such a place is."""
    sensitive: frozenset[Path] = frozenset()
    """Places whose values Terraform hides, before or after."""
    replace_paths: tuple[Path, ...] = ()
    """The attributes that make it necessary to replace the object."""
    action_reason: str = ""
    """Why, in Terraform's word for it, such as ``delete_because_no_resource_config``."""
    previous_address: str = ""
    """Where the object was in the state before it was moved; empty for one that stays."""
    importing: str | None = None
    """The id under which it is imported, as it was written; empty text for one that is not known or is no text."""
    deposed: str = ""
    """The key of an object that an unfinished replacement has left behind, and that goes now."""
    deferred: str = ""
    """Why nothing is done yet, in Terraform's word for it; the change is what may come later."""
    actions: tuple[str, ...] = ()
    """Terraform's own list of actions: ``("delete", "create")``."""

    @property
    def id(self) -> str:
        """The id that the object has before; empty for a new one."""
        found = (self.before or {}).get("id")
        return found if isinstance(found, str) else ""

    @property
    def exists_after(self) -> bool:
        """Whether there is an object under Terraform's management when the plan has been applied."""
        return self.after is not None and self.action not in ("delete", "forget") and not self.deposed

    @property
    def changes(self) -> bool:
        """Whether anything is done to the object on the server."""
        return self.action in ("create", "update", "replace", "delete", "other") and not self.deferred


class Invocation(NamedTuple):
    """An action that Terraform (1.14 and newer) does beside the changes."""

    address: str
    type: str
    config: Mapping[str, Any]
    """As ``terraform show -json`` prints it; it may hold secrets."""
    triggered_by: str = ""
    """Address of the object whose change leads to it; empty for one that is asked for by itself."""
    event: str = ""
    """When: such as ``AfterCreate``."""


class Plan(NamedTuple):
    """A whole plan."""

    terraform_version: str
    format_version: str
    objects: tuple[PlannedObject, ...]
    """Those of Prefect, in the plan's order, deferred ones at the end."""
    others: Mapping[Action, int]
    """How many objects of other providers there are for each action."""
    drift: tuple[PlannedObject, ...]
    """What Terraform found changed on the server: ``before`` is the state, ``after`` what is there."""
    references: References
    """Which objects the configuration refers to, attribute by attribute."""
    invocations: tuple[Invocation, ...] = ()
    complete: bool | None = None
    """Whether all is planned; ``None`` where Terraform is older than 1.8."""
    errored: bool = False
    """Whether planning ended with an error, so that this is a part of a plan."""
    timestamp: str = ""
    """When it was made (RFC 3339); empty for Terraform before 1.5."""
