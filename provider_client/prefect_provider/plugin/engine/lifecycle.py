"""The life of an object, as Terraform drives it: plan, apply, refresh, import, without Terraform in between.

Every function takes a class, the client and values, and returns an :class:`Outcome`. An exception never leaves:
it becomes an error diagnostic and the outcome holds what is still true of the object.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

from prefect_provider.plugin.engine.identification import is_whole, validate_identity
from prefect_provider.plugin.engine.planning import Plan, configured_names
from prefect_provider.plugin.engine.reconciliation import complete, differences, settle
from prefect_provider.plugin.engine.validation import validate, without_odd_ids
from prefect_provider.plugin.language.declaration import UNSET, Declaration
from prefect_provider.plugin.language.diagnostics import Diagnostic, Diagnostics, ProviderError
from prefect_provider.plugin.language.nested import NestedKind
from prefect_provider.plugin.language.values import Values, has_unknown
from prefect_provider.plugin.serving.logs import log_context
from prefect_provider.text.masking import mask
from prefect_provider.text.path import Path, show_path
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from prefect_provider.plugin.language.action import Action
    from prefect_provider.plugin.language.resource import (
        DataSource,
        EphemeralResource,
        ListResource,
        Resource,
    )

__all__ = [
    "Outcome",
    "apply",
    "describe_failure",
    "guard",
    "identity_of",
    "import_identity",
    "import_state",
    "imported_state",
    "plan",
    "read_data",
    "refresh",
    "validate_config",
]

_log: Final = logging.getLogger(__name__)
_T = TypeVar("_T")

Explain = Callable[[Exception], Diagnostic | None]


class Outcome:
    """What a call left: the object's state and identity (``None``: there is none), private data, diagnostics."""

    __slots__ = ("diagnostics", "identity", "private", "replace", "state")

    def __init__(
        self,
        state: Values | None,
        private: dict[str, Any],
        diagnostics: Diagnostics,
        replace: list[Path] | None = None,
        identity: Values | None = None,
    ) -> None:
        self.state = state
        self.identity = identity
        self.private = private
        self.diagnostics = diagnostics
        self.replace = replace or []


async def guard(
    work: Awaitable[_T], subject: str, diagnostics: Diagnostics, explain: Explain
) -> tuple[bool, _T | None]:
    """Await ``work``; turn an exception into an error diagnostic about ``subject``.

    Returns whether it succeeded, and its result.
    """
    try:
        with log_context(tf_subject=subject):
            return True, await work
    except Exception as error:  # noqa: BLE001 - the boundary: whatever it is must reach the user as a diagnostic
        diagnostics.add(describe_failure(error, subject, explain))
        return False, None


def describe_failure(error: Exception, subject: str, explain: Explain) -> Diagnostic:
    """The error diagnostic for an exception of a call about ``subject``."""
    if isinstance(error, ProviderError):
        return error.diagnostic
    diagnostic = explain(error)
    if diagnostic is not None:
        return Diagnostic(
            diagnostic.severity,
            diagnostic.summary,
            f"{subject}: {diagnostic.detail}",
            diagnostic.path,
        )
    _log.error("unexpected error in %s", subject, exc_info=error)
    return Diagnostic(
        "error",
        f"Unexpected error in {subject}",
        f"{type(error).__name__}: {mask(str(error))}\n\nThis is a defect of the provider, please report it. "
        "The traceback is in the log (TF_LOG=ERROR). The object may have been changed; run "
        "`terraform plan` to see what is true now.",
    )


def _explain_with(
    call: Resource | DataSource | EphemeralResource | ListResource | Action, explain: Explain
) -> Explain:
    """The call's own explanation of an exception where it has one, else the provider's."""
    return lambda error: call.explain(error) or explain(error)


def _subject(type_name: str, *sources: Values | None) -> str:
    """How an error names the object: its type, and its name or id where known."""
    for source in sources:
        for key in ("name", "id"):
            value = (source or {}).get(key)
            if isinstance(value, str) and value:
                return f'{type_name} "{value}"'
    return type_name


async def validate_config(
    kind: type[Resource | DataSource | EphemeralResource | ListResource | Action],
    config: Values,
    explain: Explain,
    *,
    real: bool = True,
) -> Diagnostics:
    """Everything that is wrong with a configuration, as far as it is known.

    Unless ``real``, ids may be made up (`mock_provider` in `terraform test`): one that is no UUID counts as not known.
    """
    diagnostics = Diagnostics()
    if not real:
        config = without_odd_ids(kind, config)
    validate(kind, config, diagnostics)
    # What the declaration refuses would only confuse the resource's own checks.
    if not diagnostics.has_errors:
        call = kind(None, diagnostics)
        subject = _subject(kind.type_name, config)
        await guard(call.validate(config), subject, diagnostics, _explain_with(call, explain))
    return diagnostics


async def plan(
    kind: type[Resource],
    client: Any,
    prior: Values | None,
    config: Values | None,
    private: dict[str, Any],
    explain: Explain,
    *,
    applies: bool = False,
) -> Outcome:
    """The state that an apply would bring about; ``config`` is ``None`` for a deletion.

    ``applies``: the apply follows at once; see :class:`~.planning.Plan`.
    """
    diagnostics = Diagnostics()
    resource = kind(client, diagnostics, private.setdefault("own", {}))
    subject = _subject(kind.type_name, config, prior)
    if config is None:
        work = resource.plan_destroy(prior or {})
        await guard(work, f"planning to destroy {subject}", diagnostics, _explain_with(resource, explain))
        identity = await identity_of(resource, prior, diagnostics, explain)
        return Outcome(None, private, diagnostics, identity=identity)
    noted = private.get("configured")
    # Terraform hands over what was noted with the plan of a change when it plans a new object instead.
    replaces = private.pop("plans", None) if prior is None else None
    planning = Plan(kind, prior, config, noted or (), applies=applies, replaces=replaces)
    await guard(resource.plan(planning), subject, diagnostics, _explain_with(resource, explain))
    configured = configured_names(kind, config)
    if len({*configured} - {*(noted or ())}) > 1 and _ignores_all(kind, prior, config):
        configured = noted or []
    # Terraform drops private data with a plan that changes nothing, so taking charge of a value has to be a change.
    planning.settle(takes_charge=noted is not None and not set(configured) <= set(noted))
    # If the apply fails, what was configured before it must still be known as removed.
    private["configured_before"] = noted or []
    private["configured"] = configured
    if prior is not None and isinstance(prior.get("id"), str):
        private["plans"] = prior["id"]
    # Terraform (1.15) cannot show a plan in which a part of an identity is unknown, as it is before a creation.
    identity = await identity_of(resource, prior, diagnostics, explain)
    return Outcome(planning.planned, private, diagnostics, planning.replace, identity)


def _ignores_all(kind: type[Resource], prior: Values | None, config: Values) -> bool:
    """Whether all changes are ignored: then Terraform gives the state for the configuration, defaults and all.

    So nobody has configured what the server chose, which a plan that changes something would have to note. Where that
    is one value, a configuration that repeats it could be the user's own, and counts as that.
    """
    return prior is not None and all(
        config.get(name) == prior.get(name)
        for name, attribute in kind.attributes.items()
        if attribute.configurable
    )


async def identity_of(
    resource: Resource, values: Values | None, diagnostics: Diagnostics, explain: Explain
) -> Values | None:
    """The identity of the object with these values; ``None`` if it cannot be told."""
    kind = type(resource)
    if values is None or not kind.identified_by:
        return None
    subject = f"identifying {_subject(kind.type_name, values)}"
    _, identity = await guard(
        resource.identify(values), subject, diagnostics, _explain_with(resource, explain)
    )
    return identity if is_whole(kind, identity) else None


async def apply(
    kind: type[Resource],
    client: Any,
    prior: Values | None,
    planned: Values | None,
    config: Values,
    private: dict[str, Any],
    explain: Explain,
) -> Outcome:
    """Create, update or delete; the outcome's state is what exists afterwards, also after an error."""
    diagnostics = Diagnostics()
    resource = kind(client, diagnostics, private.setdefault("own", {}))
    subject = _subject(kind.type_name, planned, prior)
    explain = _explain_with(resource, explain)
    configured_before = private.pop("configured_before", [])
    private.pop("plans", None)
    if planned is None:
        done, _ = await guard(resource.delete(prior or {}), f"deleting {subject}", diagnostics, explain)
        if done:
            await _tell(resource, prior, None, subject, explain)
            return Outcome(None, private, diagnostics)
        return Outcome(
            prior, private, diagnostics, identity=await identity_of(resource, prior, diagnostics, explain)
        )
    if prior is None:
        work, what = resource.create(planned, config), f"creating {subject}"
    else:
        work, what = resource.update(prior, planned, config), f"updating {subject}"
    done, actual = await guard(work, what, diagnostics, explain)
    if not done or actual is None:
        private["configured"] = sorted({*private.get("configured", []), *configured_before})
        state = prior if resource.held is None else _known_part(kind, resource.held)
    else:
        state = complete(kind, planned, actual)
        _warn_of_differences(kind, actual, state, prior, diagnostics)
        await _tell(resource, prior, state, subject, explain)
    identity = await identity_of(resource, state, diagnostics, explain)
    return Outcome(state, private, diagnostics, identity=identity)


async def _tell(
    resource: Resource, prior: Values | None, values: Values | None, subject: str, explain: Explain
) -> None:
    """Have the resource do what is to be done after an apply; the apply has succeeded whatever comes of it."""
    failures = Diagnostics()
    await guard(resource.applied(prior, values), f"after applying {subject}", failures, explain)
    for failure in failures:
        resource.diagnostics.warning(failure.summary, failure.detail)


def _known_part(declaration: type[Declaration], values: Values) -> Values:
    """All attributes, with null for what is not known."""
    return {
        name: None if has_unknown(values.get(name)) else values.get(name) for name in declaration.attributes
    }


def _warn_of_differences(
    kind: type[Resource], actual: Values, state: Values, prior: Values | None, diagnostics: Diagnostics
) -> None:
    for difference in differences(kind, actual, state):
        name = str(difference.path[0])
        sent, stored = (
            ("a sensitive value", "another")
            if difference.sensitive
            else (show(difference.was), show(difference.now))
        )
        if prior is not None and kind.attributes[name].same(prior.get(name), state[name]):
            diagnostics.warning(
                f"`{show_path(difference.path)}` was changed elsewhere",
                f"When the change was planned it was {sent}, and now it is {stored}. It was left as it is; the "
                "next plan says what becomes of it.",
                difference.path,
            )
            continue
        diagnostics.warning(
            f"The server changed `{show_path(difference.path)}`",
            f"Sent {sent}, and the server stored {stored}. The next plan will show the difference; write the "
            "value as the server stores it.",
            difference.path,
        )


async def refresh(
    kind: type[Resource], client: Any, state: Values, private: dict[str, Any], explain: Explain
) -> Outcome:
    """The object as it is now; state ``None`` if it is gone, and the given state after an error."""
    diagnostics = Diagnostics()
    resource = kind(client, diagnostics, private.setdefault("own", {}))
    subject = _subject(kind.type_name, state)
    explain = _explain_with(resource, explain)
    work = _refreshed(resource, state)
    done, actual = await guard(work, f"reading {subject}", diagnostics, explain)
    if not done:
        return Outcome(state, private, diagnostics)
    if actual is None:
        return Outcome(None, private, diagnostics)
    settled = settle(kind, actual, state)
    identity = await identity_of(resource, settled, diagnostics, explain)
    return Outcome(settled, private, diagnostics, identity=identity)


async def _refreshed(resource: Resource, state: Values) -> Values | None:
    await resource.sought(state)
    return await resource.read(state)


async def import_state(kind: type[Resource], client: Any, id_: str, explain: Explain) -> Outcome:
    """The state of an existing object that is named by an import id."""
    private: dict[str, Any] = {"own": {}}
    resource = kind(client, Diagnostics(), private["own"])
    work = resource.import_state(id_)
    return await _import(resource, work, private, f'{kind.type_name} "{id_}"', "import id", explain)


async def import_identity(kind: type[Resource], client: Any, identity: Values, explain: Explain) -> Outcome:
    """The state of the existing object of an identity."""
    private: dict[str, Any] = {"own": {}}
    resource = kind(client, Diagnostics(), private["own"])
    validate_identity(kind, identity, resource.diagnostics)
    if resource.diagnostics.has_errors:
        return Outcome(None, private, resource.diagnostics)
    parts = [f'`{name}` "{value}"' for name, value in identity.items() if value is not None]
    subject = f"{kind.type_name} with {' and '.join(parts)}"
    return await _import(resource, resource.import_identity(identity), private, subject, "identity", explain)


async def _import(
    resource: Resource,
    work: Awaitable[Values | None],
    private: dict[str, Any],
    subject: str,
    named_by: str,
    explain: Explain,
) -> Outcome:
    diagnostics, kind = resource.diagnostics, type(resource)
    done, actual = await guard(work, f"importing {subject}", diagnostics, _explain_with(resource, explain))
    if not done:
        return Outcome(None, private, diagnostics)
    if actual is None:
        diagnostics.error("No such object", f"There is no {subject}. Check the {named_by}.")
        return Outcome(None, private, diagnostics)
    state = imported_state(kind, actual)
    identity = await identity_of(resource, state, diagnostics, explain)
    return Outcome(state, private, diagnostics, identity=identity)


def imported_state(declaration: type[Declaration], actual: Values) -> Values:
    """All attributes, spelled so that they can stay whatever the configuration spells."""
    state: Values = {}
    for name, attribute in declaration.attributes.items():
        value = None if attribute.write_only else actual.get(name)
        # Nothing says yet whether the configuration spells it as null or as its equal; the equal can stay either way.
        if value is None and attribute.null_is is not UNSET:
            value = attribute.null_is
        state[name] = value
        if value is not None and isinstance(attribute.kind, NestedKind):
            state[name] = attribute.kind.map_objects(
                value, functools.partial(imported_state, attribute.kind.nested)
            )
    return state


async def read_data(kind: type[DataSource], client: Any, config: Values, explain: Explain) -> Outcome:
    """The attributes of a data source."""
    diagnostics = Diagnostics()
    source = kind(client, diagnostics)
    subject = _subject(kind.type_name, config)
    explain = _explain_with(source, explain)
    done, values = await guard(source.read(config), f"reading {subject}", diagnostics, explain)
    state = None
    if done and values is not None:
        state = {
            name: config[name] if config.get(name) is not None else values.get(name)
            for name in kind.attributes
        }
    return Outcome(state, {}, diagnostics)
