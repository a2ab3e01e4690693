"""What to do about an object that was there before: refuse it with the ready import block, or take it over.

The provider's `on_existing` decides. A resource of whose objects there can be only one of a name uses it so::

    async def plan(self, plan):
        await check_creation(self, plan, lambda scope: self.find_by_name(scope, plan.planned["name"]))

    async def plan_destroy(self, prior):
        check_destruction(self, prior)

    async def create(self, planned, config):
        ...
        except Conflict:                     # or whatever tells that one is there
            found = await self.find_by_name(scope, planned["name"])
            if found is not None:
                take_over(self, found, planned)      # raises, unless objects are adopted
                return await self.update(...)

    async def delete(self, prior):
        if was_taken_over(self, prior):      # by the resource that stands in for this one
            return

What this configuration made itself in a command that was cut off, and that is in no state therefore
(`prefect_provider.objects.unrecorded`), is taken over however the provider is set, with a warning.

What is in the state is told apart from what others made. Terraform plans the replacement of an object as a creation, in
the same process in which it has read the object from the state; so each process remembers what it met, per client.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias
from weakref import WeakKeyDictionary

from prefect_provider.api import ApiError
from prefect_provider.objects.made_here import note_made_here, was_made_along, was_made_by
from prefect_provider.plugin.language.diagnostics import Diagnostic, ProviderError
from prefect_provider.plugin.language.values import has_unknown
from prefect_provider.text import json
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from prefect_provider.api import Scope
    from prefect_provider.objects.remote import RemoteObject
    from prefect_provider.objects.unrecorded import Unrecorded
    from prefect_provider.plugin.engine.planning import Plan
    from prefect_provider.plugin.language.values import Value, Values
    from prefect_provider.text.path import Path

__all__ = [
    "ON_EXISTING",
    "Found",
    "OnExisting",
    "adopts",
    "check_creation",
    "check_destruction",
    "going_ids",
    "import_block",
    "keep_notes",
    "leaves",
    "left_behind",
    "moment_of",
    "refusal",
    "remember",
    "set_on_existing",
    "take_over",
    "was_taken_over",
]

OnExisting: TypeAlias = Literal["error", "adopt"]
ON_EXISTING: Final[tuple[OnExisting, ...]] = ("error", "adopt")

Find: TypeAlias = "Callable[[Scope], Awaitable[Mapping[str, Any] | None]]"
"""Looks for the object of that name on the server."""

_log: Final = logging.getLogger("prefect_provider.objects")


class Found(NamedTuple):
    """An object that a creation found on the server."""

    standing: Literal["own", "foreign"]
    """``own``: it is in the state, and is to be replaced; ``foreign``: it is to be taken over."""
    data: Mapping[str, Any]


class _Met:
    """An object of the state, and what was planned for it so far."""

    __slots__ = ("config", "destroyed", "keeps_key", "stands_in")

    def __init__(self) -> None:
        self.config: Values | None = None
        self.keeps_key = True
        self.destroyed = False
        self.stands_in: Values | None = None
        """The configuration of a creation of the same name that was let pass as its replacement."""


class _Memory:
    """What one configured provider has met, by type and id."""

    def __init__(self) -> None:
        self.on_existing: OnExisting = "error"
        self.met: dict[tuple[str, str], _Met] = {}
        self.taken: set[tuple[str, str]] = set()
        self.unrecorded: Unrecorded | None = None


_MEMORIES: Final[WeakKeyDictionary[Any, _Memory]] = WeakKeyDictionary()


def _memory(client: Any) -> _Memory:
    return _MEMORIES.setdefault(client, _Memory())


def _id(type_name: str, values: Mapping[str, Any]) -> tuple[str, str]:
    return type_name, str(values.get("id")).lower()


def set_on_existing(client: Any, on_existing: OnExisting) -> None:
    """Say what the objects of this client do about existing ones; unless said, they refuse them."""
    _memory(client).on_existing = on_existing


def keep_notes(client: Any, unrecorded: Unrecorded) -> None:
    """Keep notes of what this client makes, and heed those of others."""
    _memory(client).unrecorded = unrecorded
    client.note_creations(unrecorded)


def leaves(resource: RemoteObject, scope: Scope, planned: Values) -> bool:
    """Whether a command that was cut off may have made an object of this name."""
    unrecorded = _memory(resource.client).unrecorded
    url = scope.url_of(resource.new_path(planned))
    return unrecorded is not None and bool(unrecorded.left(url, str(_called(planned))))


def left_behind(resource: RemoteObject, scope: Scope, found: Mapping[str, Any], planned: Values) -> bool:
    """Whether an object was made by a command of this configuration that was cut off, and is in no state.

    One whose creation was answered is known by its id. Else it is one that was made while such a creation was under
    way; where a name can be that of several, it also has to be as planned.
    """
    memory = _memory(resource.client)
    id_ = _id(resource.type_name, found)
    if memory.unrecorded is None or id_ in memory.taken or id_ in memory.met:
        return False
    left = memory.unrecorded.left(scope.url_of(resource.new_path(planned)), str(_called(found)))
    unanswered = [creation for creation in left if creation.id is None]
    if any(creation.id == found["id"] for creation in left):
        return True
    if not unanswered or not (resource.is_unique or resource.is_as_planned(found, planned)):
        return False
    for creation in unanswered:
        if creation.spans(moment_of(found)):
            memory.unrecorded.bind(creation, str(found["id"]))
            return True
    return False


def moment_of(data: Mapping[str, Any]) -> datetime | None:
    """When the server says that an object was created."""
    try:
        created = datetime.fromisoformat(str(data.get("created")))
    except ValueError:
        return None
    return created if created.tzinfo else created.replace(tzinfo=UTC)


def adopts(client: Any) -> bool:
    """Whether existing objects are taken over."""
    return client is not None and _memory(client).on_existing == "adopt"


def remember(client: Any, type_name: str, state: Mapping[str, Any]) -> None:
    """Note an object of the state."""
    if client is not None and state.get("id"):
        memory = _memory(client)
        memory.met.setdefault(_id(type_name, state), _Met())
        if memory.unrecorded is not None:
            memory.unrecorded.recorded(str(state["id"]))


def going_ids(client: Any, type_name: str) -> frozenset[str]:
    """The ids of the objects of a type that this process has planned to destroy, in lower case.

    Terraform plans the destruction of what refers to an object before that of the object.
    """
    met = _memory(client).met.items() if client is not None and type_name else ()
    return frozenset(id_ for (of, id_), one in met if of == type_name and one.destroyed)


async def check_creation(
    resource: RemoteObject,
    plan: Plan,
    find: Find,
    *,
    key: tuple[str, ...] = ("name",),
    also: str = "",
    import_id: Callable[[Mapping[str, Any]], str] | None = None,
) -> Found | None:
    """Look whether the object to be created exists; refuse it, or warn that it is taken over.

    ``key`` are the attributes that only one object can have; the first of them that is configured is pointed at.
    Nothing is looked up while the provider is not configured or one of them is not known (null counts as known), and a
    look-up that fails fails nothing: the creation looks again. (But a server that has answered nothing for as long as
    anybody waits is not waited for once more by the creations.) ``find`` is called with the object's scope.
    ``also`` ends the warning of a take-over: what the object's deletion would delete with it. ``import_id`` gives the
    import id of what was found, unless it is its id.

    Returns what was found, if it is to be replaced or taken over.
    """
    client = resource.client
    if client is None or plan.applies:
        # An apply that follows finds out by itself: the server refuses the creation, or answers with what is there.
        return None
    memory = _memory(client)
    if plan.prior is not None:
        met = memory.met.setdefault(_id(resource.type_name, plan.prior), _Met())
        met.config, met.keeps_key = plan.config, not plan.changes(*key)
        if met.keeps_key:
            if met.stands_in is not None and met.stands_in != plan.config:
                resource.diagnostics.add(_claimed_twice(resource.type_name, plan.prior, _at(plan, key)))
            return None
        # A replacement under another key. Terraform plans the new object apart, and shows no warning of that.
    if any(has_unknown(plan.planned.get(name)) for name in (*key, "account_id", "workspace_id")):
        return None
    try:
        found = await find(resource.scope(plan.planned))
    except ApiError as error:
        if error.given_up:
            raise
        _log.info("cannot look whether a %s exists already: %s", resource.type_name, error)
        return None
    return None if found is None else _judge(resource, plan, found, key, also=also, import_id=import_id)


def _judge(
    resource: RemoteObject,
    plan: Plan,
    found: Mapping[str, Any],
    key: tuple[str, ...],
    *,
    also: str,
    import_id: Callable[[Mapping[str, Any]], str] | None,
) -> Found | None:
    memory, at = _memory(resource.client), _at(plan, key)
    replaced = plan.replaces is not None and plan.replaces.lower() == str(found.get("id")).lower()
    met = memory.met.get(_id(resource.type_name, found))
    if met is not None:
        if met.destroyed:
            resource.diagnostics.add(_moved(resource.type_name, found, at))
            return None
        if met.config is None:
            # Tainted; or of another address that is planned later, which then reports it.
            met.stands_in = plan.config
        elif not met.keeps_key:
            # On its way to another name; the creation looks whether it is gone by then.
            return None
        elif met.config != plan.config and not replaced:
            resource.diagnostics.add(_claimed_twice(resource.type_name, found, at))
            return None
        return Found("own", found)
    # One that is only renamed cannot become another that exists.
    renamed = plan.prior is not None and not any(resource.attributes[name].replace for name in key)
    if not renamed and left_behind(resource, resource.scope(plan.planned), found, plan.planned):
        resource.diagnostics.add(_warning_of_left(resource.type_name, found, at))
        return Found("foreign", found)
    if renamed or not adopts(resource.client):
        resource.diagnostics.add(refusal(resource, found, plan.planned, at=at, import_id=import_id))
        return None
    resource.diagnostics.add(_warning(resource, found, at, also))
    return Found("foreign", found)


def check_destruction(resource: RemoteObject, prior: Mapping[str, Any]) -> None:
    """Refuse to destroy an object that another address of the configuration is to make anew under the same name."""
    if resource.client is None:
        return
    met = _memory(resource.client).met.setdefault(_id(resource.type_name, prior), _Met())
    met.destroyed = True
    if met.stands_in is not None:
        resource.diagnostics.add(_moved(resource.type_name, prior, ()))


def take_over(
    resource: RemoteObject,
    found: Mapping[str, Any],
    planned: Values,
    *,
    at: Path = ("name",),
    also: str = "",
    import_id: Callable[[Mapping[str, Any]], str] | None = None,
) -> None:
    """In a creation that found the object on the server: raise ``ProviderError``, or warn that it is taken over.

    One that this process has made for another resource is that one's; one that it has made along with another (the
    flow of a deployment) is nobody's yet, and taken without a word. Whatever fails afterwards must leave nothing in
    state, so no ``hold``.
    """
    if was_made_by(resource.client, str(found["id"])):
        diagnostic = _claimed_twice(resource.type_name, found, at)
        raise ProviderError(diagnostic.summary, diagnostic.detail, diagnostic.path)
    if was_made_along(resource.client, str(found["id"])):
        # As a flow is for a deployment that names it; nobody else has it.
        note_made_here(str(found["id"]), resource.client)
        return
    if left_behind(resource, resource.scope(planned), found, planned):
        _memory(resource.client).taken.add(_id(resource.type_name, found))
        resource.diagnostics.add(_warning_of_left(resource.type_name, found, at))
        return
    if not adopts(resource.client):
        diagnostic = refusal(resource, found, planned, at=at, import_id=import_id)
        raise ProviderError(diagnostic.summary, diagnostic.detail, diagnostic.path)
    _memory(resource.client).taken.add(_id(resource.type_name, found))
    resource.diagnostics.add(_warning(resource, found, at, also))


def was_taken_over(resource: RemoteObject, prior: Mapping[str, Any]) -> bool:
    """Whether this process has just taken over the object that it is asked to delete; then warn, and keep it.

    So it is with `create_before_destroy`, when the new object can only be the old one.
    """
    if resource.client is None or _id(resource.type_name, prior) not in _memory(resource.client).taken:
        return False
    resource.diagnostics.warning(
        f"The {_noun(resource.type_name)} was kept",
        say(
            f"{_name(resource.type_name, prior)} was not deleted: the resource that replaces it has taken it over"
        ),
    )
    return True


def refusal(
    resource: RemoteObject,
    found: Mapping[str, Any],
    values: Mapping[str, Value],
    *,
    at: Path = ("name",),
    import_id: Callable[[Mapping[str, Any]], str] | None = None,
) -> Diagnostic:
    """The error for an object that exists already, with the block that imports it."""
    id_ = str(found["id"]) if import_id is None else import_id(found)
    workspace = values.get("workspace_id")
    block = import_block(resource.type_name, f"{id_},{workspace}" if workspace else id_)
    what = say(
        f"{_name(resource.type_name, found)} is on the server, and Terraform does not manage it",
        remedy="To manage it from now on, add this block, with the name of your resource",
    )
    otherwise = say(
        remedy="Otherwise choose another name; so it must be if this resource replaces it and is created first "
        "(`create_before_destroy`). With `on_existing` set to adopt, the provider takes over what exists"
    )
    return Diagnostic(
        "error", f"The {_noun(resource.type_name)} exists already", f"{what}\n\n{block}\n\n{otherwise}", at
    )


def import_block(type_name: str, id_: str) -> str:
    """The block that imports an object, indented, so that Terraform prints it as it is.

    A provider is not told the address of a resource, so its name is left to fill in.
    """
    return f"  import {{\n    to = {type_name}.<name>\n    id = {json.write(id_)}\n  }}"


def _warning(resource: RemoteObject, found: Mapping[str, Any], at: Path, also: str) -> Diagnostic:
    type_name = resource.type_name
    text = say(
        f"{_name(type_name, found)} was there before, and is changed to what is configured",
        remedy=f"Terraform manages it from then on: destroying this resource {resource.fate}{also}",
    )
    return Diagnostic("warning", f"The {_noun(type_name)} exists already and is taken over", text, at)


def _warning_of_left(type_name: str, found: Mapping[str, Any], at: Path) -> Diagnostic:
    text = say(
        f"{_name(type_name, found)} was made by a command of this configuration that was cut off before Terraform "
        "could record it",
        remedy="It is changed to what is configured, where it differs, instead of made a second time",
    )
    return Diagnostic(
        "warning", f"The {_noun(type_name)} of a command that was cut off is taken over", text, at
    )


def _moved(type_name: str, found: Mapping[str, Any], at: Path) -> Diagnostic:
    text = say(
        f"{_name(type_name, found)} is in the state under another address, where it is planned to be destroyed, and a "
        "resource of the same name is planned to be created",
        remedy="If it is the same one under a new address, say so, and it is kept",
    )
    block = f"  moved {{\n    from = {type_name}.<old name>\n    to   = {type_name}.<new name>\n  }}"
    otherwise = say(
        remedy="Otherwise destroy it first, in an apply of its own. What a failed replacement left behind "
        "(`deposed` in `terraform show`) is kept by `terraform state rm` and an import"
    )
    return Diagnostic(
        "error",
        f"The {_noun(type_name)} would be destroyed and made anew",
        f"{text}\n\n{block}\n\n{otherwise}",
        at,
    )


def _claimed_twice(type_name: str, found: Mapping[str, Any], at: Path) -> Diagnostic:
    text = say(
        f"{_name(type_name, found)} is managed by another resource of this configuration already",
        remedy="Remove one of the two, or choose another name",
    )
    return Diagnostic("error", f"The {_noun(type_name)} is managed twice", text, at)


def _name(type_name: str, found: Mapping[str, Any]) -> str:
    name = _called(found)
    return (
        f"the {_noun(type_name)} {show(name)} ({found['id']})"
        if name
        else f"{_noun(type_name)} {found['id']}"
    )


def _called(values: Mapping[str, Any]) -> Any:
    """The name of an object; limits of tags have their tag."""
    return values.get("name", values.get("tag"))


def _noun(type_name: str) -> str:
    return type_name.removeprefix("prefect_").replace("_", " ")


def _at(plan: Plan, key: tuple[str, ...]) -> Path:
    return next(((name,) for name in key if plan.config.get(name) is not None), ())
