"""The plan engine: from a configuration and the prior state to the state that an apply will bring about.

The rules, for each attribute, at any depth:

1. A value in the configuration is planned as it is, unless it means the same as the prior one: then the
   prior spelling stays, so that nothing is shown as changing.
2. Left out, it is planned by what its declaration says that means: the default, the server's choice, or null.
3. Computed attributes keep their value, unless the object is new or the declaration says that this change
   changes them. Only those are ``(known after apply)``.
4. Write-only attributes are planned as null; Terraform refuses anything else.

Nested objects in lists are compared with the one at the same index, in maps with the one under the same
key, in sets with the one that means the same.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from prefect_provider.plugin.engine.pairing import pair
from prefect_provider.plugin.language.declaration import UNSET, Attribute, Declaration
from prefect_provider.plugin.language.nested import NestedKind
from prefect_provider.plugin.language.values import UNKNOWN, Unknown, Value, Values, has_unknown, is_null

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from prefect_provider.text.path import Path

__all__ = ["Plan", "configured_names", "plan_values"]


class Plan:
    """A planned change, which a resource may still adjust before computed attributes are settled.

    ``prior`` is ``None`` for a creation. ``replace`` lists the paths whose change needs a new object.
    """

    def __init__(
        self,
        declaration: type[Declaration],
        prior: Values | None,
        config: Values,
        were_configured: Sequence[str] = (),
        *,
        applies: bool = False,
        replaces: str | None = None,
    ) -> None:
        self.replaces = replaces
        """The id of the object whose replacement this creation is, where Terraform has planned to change that before.

        Their configurations may differ: `ignore_changes` counts for the change, and not for the new object.
        """
        self.applies = applies
        """Whether an apply follows at once, so that what is wrong is better said by it; it may also when this is false.

        Terraform (1.11 to 1.15) loses track of an object that is replaced with `create_before_destroy` when the plan
        that it makes again right before the creation fails; a creation that fails leaves the old one as it was.
        """
        self.declaration = declaration
        self.prior = prior
        self.config = config
        self.planned = plan_values(declaration, prior, config, were_configured)
        self._own = copy.deepcopy(self.planned)
        self.replace: list[Path] = []
        self._extra_replace: list[Path] = []
        self._spared: set[str] = set()
        """Attributes whose change needs no new object, whatever their declaration says."""

    def changes(self, *names: str) -> bool:
        """Whether any of the attributes is planned to change; on creation, always."""
        if self.prior is None:
            return True
        return any(
            not self.declaration.attributes[name].same(self.planned[name], self.prior[name]) for name in names
        )

    def require_replace(self, *path: str | int) -> None:
        """Ask for a new object because of what is planned at ``path``."""
        self._extra_replace.append(path)

    def spare(self, *names: str) -> None:
        """Ask for no new object because of what changes in these attributes: here it means the same."""
        self._spared.update(names)

    def renews(self, name: str) -> bool:
        """Whether a planned change of the attribute asks for a new object, if its declaration says so."""
        return name not in self._spared and self.changes(name)

    def settle(self, *, takes_charge: bool = False) -> None:
        """Mark what the change makes unknown and find what needs a new object; call it last, once.

        ``takes_charge``: a value that the server chose so far is configured from now on. That is a change even where
        the value is the same.
        """
        if self.prior is None:
            return
        attributes = self.declaration.attributes
        changed = {
            name
            for name, attribute in attributes.items()
            if not attribute.same(self.planned[name], self.prior[name])
        }
        for name in attributes.keys() - changed:
            # What a resource has only spelled otherwise goes back to a spelling that Terraform accepts.
            own, before = self._own[name], self.prior[name]
            self.planned[name] = own if attributes[name].same(own, before) else copy.deepcopy(before)
        if not changed and not takes_charge:
            return
        _mark_following(self.declaration, self.planned, self.config, changed)
        for name, attribute in attributes.items():
            if attribute.volatile and not (attribute.configurable and self.config.get(name) is not None):
                self.planned[name] = UNKNOWN
        needed = _replacements(self.declaration, self.planned, self.prior, ())
        self.replace = [path for path in needed if path[0] not in self._spared] + self._extra_replace


def _mark_following(
    declaration: type[Declaration], planned: Values, config: Values, changed: set[str]
) -> None:
    """Make unknown what follows a changed attribute; in declaration order, so chains work downwards."""
    for name, attribute in declaration.attributes.items():
        left_out = not attribute.configurable or is_null(config.get(name))
        if left_out and changed.intersection(attribute.follows) and name not in changed:
            planned[name] = UNKNOWN
            changed.add(name)


def configured_names(declaration: type[Declaration], config: Values) -> list[str]:
    """The attributes that the configuration sets although the server could.

    If one is removed later, or changed by somebody else, it makes a difference that it was ours.
    """
    return [
        name
        for name, attribute in declaration.attributes.items()
        if attribute.server_default and not is_null(config.get(name))
    ]


def plan_values(
    declaration: type[Declaration],
    prior: Values | None,
    config: Values,
    were_configured: Sequence[str] = (),
) -> Values:
    """The planned attributes of one object; ``prior`` is ``None`` for a new one."""
    return {
        name: _plan_attribute(attribute, prior, config.get(name), was_configured=name in were_configured)
        for name, attribute in declaration.attributes.items()
    }


def _plan_attribute(
    attribute: Attribute, prior_values: Values | None, config: Value, *, was_configured: bool
) -> Value:
    if attribute.write_only:
        return None
    prior = None if prior_values is None else prior_values.get(attribute.name)
    if is_null(config) or not attribute.configurable:
        planned = _plan_left_out(attribute, prior, new=prior_values is None, was_configured=was_configured)
        if planned is None and attribute.configurable:
            planned = config  # Terraform tells a null of one type from a null of another
    elif isinstance(config, Unknown):
        return config
    else:
        planned = _plan_written(attribute, prior, config)
    if prior_values is None or not _may_keep(attribute, prior, config) or not attribute.same(planned, prior):
        return planned
    return copy.deepcopy(prior)


def _may_keep(attribute: Attribute, prior: Value, config: Value) -> bool:
    """Whether the prior value may stay as it is where the configuration means the same.

    Null cannot stay where something is written, nor something where nothing is, unless it is ours to fill in.
    A nested object as a whole does not stay either: its members do, one by one. Otherwise a plan made while one of them
    was unknown could spell another differently from the final plan, which Terraform refuses. The exception are objects
    of which one attribute can be spelled as another; Terraform then accepts nothing but the whole.
    """
    if is_null(config):
        return attribute.computed
    if prior is None or not isinstance(attribute.kind, NestedKind):
        return prior is not None
    return attribute.kind.whole and not has_unknown(config)


def _plan_left_out(attribute: Attribute, prior: Value, *, new: bool, was_configured: bool) -> Value:
    if not attribute.configurable:
        return UNKNOWN if new else prior
    if attribute.default is not UNSET:
        return _plan_written(attribute, prior, attribute.default)
    if attribute.server_default:
        if new:
            return UNKNOWN
        if was_configured and attribute.reset is not UNSET:
            return _plan_written(attribute, prior, attribute.reset)
        return prior
    return None


def _plan_written(attribute: Attribute, prior: Value, value: Value) -> Value:
    """What is planned for a value that is in the configuration, or that stands for what is not."""
    if value is not None and isinstance(attribute.kind, NestedKind):
        return _plan_nested(attribute.kind, prior, value)
    return copy.deepcopy(value)


def _plan_nested(kind: NestedKind, prior: Value, config: Value) -> Value:
    def plan_one(before: Value, now: Value) -> Value:
        if now is None or isinstance(now, Unknown):
            return now
        return plan_values(kind.nested, before if isinstance(before, dict) else None, now)

    match kind.mode:
        case "single":
            return plan_one(prior, config)
        case "map":
            before = prior or {}
            return {key: plan_one(before.get(key), item) for key, item in config.items()}
        case "list":
            old = prior or []
            return [plan_one(old[i] if i < len(old) else None, item) for i, item in enumerate(config)]
        case "set":
            return _plan_set(kind, prior or [], config, plan_one)


def _plan_set(
    kind: NestedKind, prior: list[Value], config: list[Value], plan_one: Callable[[Value, Value], Value]
) -> list[Value]:
    def is_kept(now: int, before: int) -> bool:
        planned = plan_one(prior[before], config[now])
        return kind.freeze_object(planned) == kind.freeze_object(prior[before])

    pairs = pair(len(config), len(prior), is_kept)
    return [
        plan_one(None, item) if before is None else copy.deepcopy(prior[before])
        for item, before in zip(config, pairs, strict=True)
    ]


def _replacements(declaration: type[Declaration], planned: Values, prior: Values, path: Path) -> list[Path]:
    found: list[Path] = []
    for name, attribute in declaration.attributes.items():
        after, before = planned.get(name), prior.get(name)
        if attribute.same(after, before):
            continue
        if attribute.replace:
            found.append((*path, name))
        elif isinstance(attribute.kind, NestedKind):
            found.extend(_nested_replacements(attribute.kind, after, before, (*path, name)))
    return found


def _nested_replacements(kind: NestedKind, after: Value, before: Value, path: Path) -> list[Path]:
    if isinstance(after, Unknown):
        # As for any attribute, not known yet counts as changed.
        return [path] if before and _can_need_replacement(kind) else []
    found: list[Path] = []
    pairs: list[tuple[Path, Value, Value]] = []
    if kind.mode == "single":
        pairs = [(path, after, before)]
    elif kind.mode == "map" and isinstance(after, dict) and isinstance(before, dict):
        pairs = [((*path, key), after[key], before[key]) for key in after if key in before]
    elif kind.mode == "list" and isinstance(after, list) and isinstance(before, list):
        pairs = [((*path, i), a, b) for i, (a, b) in enumerate(zip(after, before, strict=False))]
    for at, new, old in pairs:
        if isinstance(new, dict) and isinstance(old, dict):
            found.extend(_replacements(kind.nested, new, old, at))
        elif isinstance(new, Unknown) and isinstance(old, dict) and _can_need_replacement(kind):
            found.append(at)
    return found


def _can_need_replacement(kind: NestedKind) -> bool:
    return kind.mode != "set" and any(
        attribute.replace
        or (isinstance(attribute.kind, NestedKind) and _can_need_replacement(attribute.kind))
        for attribute in kind.nested.attributes.values()
    )
