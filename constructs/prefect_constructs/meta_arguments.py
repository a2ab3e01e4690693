"""Terraform's meta-arguments, checked before the CDK sees them, which would answer with a trace of Node."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_constructs._runtime import (
    Postcondition,
    Precondition,
    TerraformCount,
    TerraformIterator,
    TerraformProvider,
)
from prefect_constructs.argument_types import Lifecycle, MetaArguments
from prefect_constructs.tokens import is_unresolved
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import closest, names, show

if TYPE_CHECKING:
    from prefect_provider.plugin.language.diagnostics import Diagnostics
    from prefect_provider.text.path import Path

__all__ = ["Meta", "read_meta"]

_META: Final = tuple(MetaArguments.__annotations__)
_LIFECYCLE: Final = tuple(Lifecycle.__annotations__)
_CONDITIONS: Final[Mapping[str, Any]] = {"precondition": Precondition, "postcondition": Postcondition}
_FLAGS: Final = frozenset({"create_before_destroy", "prevent_destroy"})

_Wrong = Callable[..., None]


class Meta(NamedTuple):
    """The meta-arguments, read.

    ``given`` is for the CDK. ``replaced_by`` is what the user wants to be a reason for replacement, which is written
    by the construct itself: the CDK writes references there that Terraform refuses. ``follow`` says whether the
    construct may add such reasons.
    """

    given: dict[str, Any]
    replaced_by: tuple[Any, ...]
    follow: bool


def read_meta(
    given: Mapping[str, Any], arguments: Iterable[str], attributes: Iterable[str], found: Diagnostics
) -> Meta:
    """Read what was given besides the declared arguments, which are ``arguments`` in Python.

    ``attributes`` are those that Terraform knows; what is wrong is added to ``found``.
    """

    def wrong(path: Path, what: str = "", **said: str) -> None:
        found.error("", say(what, **said), path)

    known = {name: value for name, value in given.items() if name in _META and value is not None}
    for name in given:
        if name not in _META:
            options = list(dict.fromkeys([*arguments, *_META]))
            near = closest(name, options)
            remedy = f"Did you mean `{near}`?" if near else f"There are {names(options)}."
            found.error(f"There is no `{name}`", remedy)
    follow = known.pop("follow_replacements", True)
    if not isinstance(follow, bool):
        wrong(("follow_replacements",), expected="True or False", got=show(follow))
    for name, check in _CHECKS.items():
        if name in known:
            check(known[name], wrong)
    if "count" in known and "for_each" in known:
        wrong(("for_each",), "`count` and `for_each` exclude each other", remedy="Remove one of them.")
    replaced_by: tuple[Any, ...] = ()
    if "lifecycle" in known:
        lifecycle = _lifecycle(known.pop("lifecycle"), set(attributes), wrong)
        replaced_by = tuple(lifecycle.pop("replace_triggered_by", ()))
        if lifecycle:
            known["lifecycle"] = lifecycle
    return Meta(known, replaced_by, follow is not False)


def _is_element(value: object) -> bool:
    """Whether Terraform can refer to it. Only where its class does not say so is it asked, which crosses to Node."""
    return hasattr(type(value), "fqn") or hasattr(value, "fqn")


def _depends_on(value: Any, wrong: _Wrong) -> None:
    if not isinstance(value, (list, tuple)):
        remedy = "Write a list: `depends_on=[...]`." if _is_element(value) else ""
        wrong(("depends_on",), expected="a list of constructs", got=_shown(value), remedy=remedy)
        return
    for index, one in enumerate(value):
        if not _is_element(one):
            wrong(("depends_on", index), expected="a construct, not its id or name", got=_shown(one))


def _provider(value: Any, wrong: _Wrong) -> None:
    if not isinstance(value, TerraformProvider):
        wrong(("provider",), expected="a `PrefectProvider`", got=_shown(value))
    elif not hasattr(value, "declaration") and value.terraform_resource_type != "prefect":
        wrong(
            ("provider",),
            expected="a `PrefectProvider`",
            got=f"the provider of {value.terraform_resource_type}",
        )


def _count(value: Any, wrong: _Wrong) -> None:
    if isinstance(value, TerraformCount) or is_unresolved(value):
        return
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0 or value != int(value):
        wrong(("count",), expected="a number of instances, or a `TerraformCount`", got=_shown(value))


def _for_each(value: Any, wrong: _Wrong) -> None:
    if not isinstance(value, TerraformIterator):
        remedy = "Make one with `TerraformIterator.from_map({...})` or `.from_list([...])`."
        wrong(("for_each",), expected="a `TerraformIterator`", got=_shown(value), remedy=remedy)


def _provisioners(value: Any, wrong: _Wrong) -> None:
    if not isinstance(value, (list, tuple)):
        wrong(("provisioners",), expected="a list of provisioners", got=_shown(value))


_CHECKS: Final[Mapping[str, Callable[[Any, _Wrong], None]]] = {
    "count": _count,
    "depends_on": _depends_on,
    "for_each": _for_each,
    "provider": _provider,
    "provisioners": _provisioners,
}


def _lifecycle(value: Any, attributes: set[str], wrong: _Wrong) -> dict[str, Any]:
    """The lifecycle as a mapping, also where it is a struct of the CDK."""
    fields = getattr(value, "_values", value)
    if not isinstance(fields, Mapping):
        wrong(
            ("lifecycle",),
            expected='a mapping such as {"prevent_destroy": True}',
            got=_shown(value),
        )
        return {}
    read: dict[str, Any] = {}
    for name, item in fields.items():
        if name not in _LIFECYCLE:
            near = closest(name, _LIFECYCLE)
            remedy = f"Did you mean `{near}`?" if near else f"There are {names(_LIFECYCLE)}."
            wrong(("lifecycle", str(name)), f"there is no `{name}` in `lifecycle`", remedy=remedy)
        elif item is not None:
            _lifecycle_item(name, item, attributes, wrong)
            read[name] = item
            condition = _CONDITIONS.get(name)
            if condition is not None and isinstance(item, (list, tuple)):
                # In a list the CDK does not know mappings for what they are.
                read[name] = [condition(**one) if _is_condition(one) else one for one in item]
    return read


def _lifecycle_item(name: str, item: Any, attributes: set[str], wrong: _Wrong) -> None:
    path: Path = ("lifecycle", name)
    if name in _FLAGS:
        if not isinstance(item, bool):
            wrong(path, expected="True or False", got=_shown(item))
    elif name == "ignore_changes" and isinstance(item, str):
        if item != "all":
            expected = '"all", or a list of attributes'
            wrong(path, expected=expected, got=show(item), remedy=f'Write `["{item}"]`.')
    elif not isinstance(item, (list, tuple)):
        wrong(path, expected="a list", got=_shown(item))
    else:
        for index, one in enumerate(item):
            _listed(name, one, (*path, index), attributes, wrong)


def _listed(name: str, one: Any, path: Path, attributes: set[str], wrong: _Wrong) -> None:
    """Check an element of one of the lists in a lifecycle."""
    if name == "ignore_changes":
        first = one.split(".")[0].split("[")[0] if isinstance(one, str) else one
        if first not in attributes:
            near = closest(first, attributes)
            remedy = f"Did you mean `{near}`?" if near else f"There are {names(sorted(attributes))}."
            wrong(path, expected="an attribute, as Terraform calls it", got=_shown(one), remedy=remedy)
    elif name == "replace_triggered_by":
        if not isinstance(one, str) and not _is_element(one):
            wrong(path, expected="a construct, or a reference as text", got=_shown(one))
    elif not _is_condition(getattr(one, "_values", one)):
        wrong(path, expected="a mapping with `condition` and `error_message`", got=_shown(one))


def _is_condition(fields: object) -> bool:
    return isinstance(fields, Mapping) and fields.keys() == {"condition", "error_message"}


def _shown(value: object) -> str:
    if value is None or isinstance(value, bool):
        return str(value)
    if isinstance(value, (str, int, float)):
        return show(value)
    if _is_element(value):
        return f"a {type(value).__name__}"
    return f"{show(value)} ({type(value).__name__})"
