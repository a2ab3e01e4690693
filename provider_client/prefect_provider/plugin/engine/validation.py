"""Checks of a configuration against its declaration, before anything is planned.

Terraform itself checks types and required attributes. What is left is whether each value is one its kind
accepts and whether attributes go together. What is not known yet is not checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_provider.plugin.engine.planning import plan_values
from prefect_provider.plugin.language.kinds import ListOf, SetOf, Uuid
from prefect_provider.plugin.language.nested import NestedKind, nested_items
from prefect_provider.plugin.language.values import (
    UNKNOWN,
    Unknown,
    Value,
    Values,
    has_unknown,
    is_null,
    is_unknown,
)
from prefect_provider.text.path import Path, show_path
from prefect_provider.text.problem import say

if TYPE_CHECKING:
    from prefect_provider.plugin.language.declaration import Attribute, Declaration
    from prefect_provider.plugin.language.diagnostics import Diagnostics
    from prefect_provider.plugin.language.kinds import Kind, Mismatch

__all__ = ["describe", "validate"]


def validate(
    declaration: type[Declaration],
    config: Values,
    diagnostics: Diagnostics,
    path: Path = (),
    *,
    hidden: bool = False,
) -> None:
    """Report every value of ``config`` that the declaration does not accept.

    ``hidden`` says that the values are secret, because what they are in is.
    """
    for name, attribute in declaration.attributes.items():
        value = config.get(name)
        if value is None:
            continue  # most are
        if attribute.configurable and not is_null(value) and not is_unknown(value):
            _validate_attribute(attribute, value, diagnostics, (*path, name), hidden=hidden)
    _validate_rules(declaration, config, diagnostics, path)


def _validate_rules(
    declaration: type[Declaration], config: Values, diagnostics: Diagnostics, path: Path
) -> None:
    for rule in declaration.rules:
        given, unsure = [], []
        for name in rule.names:
            value = config.get(name)
            if is_unknown(value):
                unsure.append(name)
            elif not is_null(value):
                given.append(name)
        problem = rule.problem(given, unsure)
        if problem:
            at = (*path, given[-1]) if given else path
            diagnostics.error("Wrong combination of attributes", problem, at)


def _validate_attribute(
    attribute: Attribute, value: Value, diagnostics: Diagnostics, path: Path, *, hidden: bool
) -> None:
    kind = attribute.kind
    hidden = hidden or attribute.sensitive or attribute.write_only
    if isinstance(kind, NestedKind):
        for step, item in nested_items(kind, value):
            if item is None:
                diagnostics.error(
                    "Missing object",
                    say(expected=f"an object at `{show_path((*path, *step))}`", got="null"),
                    path,
                )
            elif not isinstance(item, Unknown):
                validate(kind.nested, item, diagnostics, (*path, *step), hidden=hidden)
        if kind.mode == "set":
            _validate_distinct(kind, value, diagnostics, path)
        return
    for problem in kind.problems(value):
        shown = problem._replace(got="a sensitive value", remedy="") if hidden else problem
        diagnostics.error(*describe(path, shown))


def _validate_distinct(kind: NestedKind, items: list[Value], diagnostics: Diagnostics, path: Path) -> None:
    """No two objects of a set may mean the same: the server would keep one, and the next plan would add the other."""
    known = [item for item in items if item is not None and not has_unknown(item)]
    meanings = {kind.freeze_object(plan_values(kind.nested, None, item)) for item in known}
    if len(meanings) < len(known):
        diagnostics.error(
            f"Two objects in `{show_path(path)}` mean the same",
            "They differ only in spelling, or in what they leave out. Remove one of them.",
            path,
        )


def without_odd_ids(declaration: type[Declaration], config: Values) -> Values:
    """The configuration, with each id that is no UUID as one that is not known."""
    return {
        name: _without_odd_ids(declaration.attributes[name].kind, value) for name, value in config.items()
    }


def _without_odd_ids(kind: Kind, value: Value) -> Value:
    if value is None or isinstance(value, Unknown):
        return value
    if isinstance(kind, NestedKind):
        return kind.map_objects(value, lambda item: without_odd_ids(kind.nested, item))
    if isinstance(kind, ListOf | SetOf):
        return [_without_odd_ids(kind.element, item) for item in value]
    if isinstance(kind, Uuid) and any(kind.problems(value)):
        return UNKNOWN
    return value


def describe(path: Path, problem: Mismatch) -> tuple[str, str, Path]:
    """Summary, detail and path of the diagnostic for a problem found in the attribute at ``path``."""
    at = (*path, *problem.path)
    return (
        f"Invalid value for `{show_path(at)}`",
        say(expected=problem.expected, got=problem.got, remedy=problem.remedy),
        at,
    )
