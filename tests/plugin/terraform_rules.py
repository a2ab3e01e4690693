"""What Terraform demands of a plan and of an apply, in its own strictness: a value is only equal to itself.

Terraform reports what breaks these rules as a defect of the provider: 'Provider produced invalid plan',
'... inconsistent final plan', '... inconsistent result after apply'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_provider.plugin.language.nested import NestedKind
from prefect_provider.plugin.language.values import Unknown, Value, Values, has_unknown, is_null
from prefect_provider.plugin.wire.codec import encode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_provider.plugin.language.declaration import Attribute, Declaration
    from prefect_provider.plugin.language.types import Type

__all__ = ["contradictions", "equal", "invalid", "unexpected_unknowns"]


def equal(left: Value, right: Value, type_: Type) -> bool:
    """Whether two values are one to Terraform; the order of a set is no part of it."""
    return encode(left, type_) == encode(right, type_)


def invalid(
    declaration: type[Declaration], prior: Values | None, config: Values, planned: Values, at: str = ""
) -> Iterator[str]:
    """What makes a plan invalid."""
    if planned.keys() != declaration.attributes.keys():
        yield f"{at}: has {sorted(planned)}"
        return
    for name, attribute in declaration.attributes.items():
        before = None if prior is None else prior[name]
        yield from _invalid_attribute(attribute, before, config[name], planned[name], f"{at}.{name}")


def _invalid_attribute(
    attribute: Attribute, prior: Value, config: Value, planned: Value, at: str
) -> Iterator[str]:
    type_ = attribute.kind.type
    if attribute.write_only:
        if planned is not None:
            yield f"{at}: write-only, but planned {planned!r}"
    elif equal(planned, config, type_) or (
        prior is not None and not is_null(config) and equal(planned, prior, type_)
    ):
        return
    elif is_null(config):
        if not attribute.computed:
            yield f"{at}: not computed, but planned {planned!r}"
    elif isinstance(attribute.kind, NestedKind):
        yield from _invalid_nested(attribute.kind, prior, config, planned, at)
    else:
        yield f"{at}: planned {planned!r} is neither configured {config!r} nor prior {prior!r}"


def _invalid_nested(kind: NestedKind, prior: Value, config: Value, planned: Value, at: str) -> Iterator[str]:
    if isinstance(config, Unknown) or planned is None or isinstance(planned, Unknown):
        yield f"{at}: planned {planned!r} for configured {config!r}"
        return
    if kind.mode == "single":
        yield from invalid(kind.nested, prior, config, planned, at)
    elif kind.mode == "set":
        # Terraform cannot tell which element is which.
        if len(planned) != len(config):
            yield f"{at}: {len(planned)} planned, {len(config)} configured"
    else:
        now, written, before = map(_by_key, (planned, config, prior or []))
        if now.keys() != written.keys():
            yield f"{at}: planned {list(now)}, configured {list(written)}"
            return
        for key, item in now.items():
            yield from invalid(kind.nested, before.get(key), written[key], item, f"{at}[{key!r}]")


def _by_key(value: Value) -> dict[str | int, Value]:
    return dict(enumerate(value)) if isinstance(value, list) else value


def contradictions(planned: Value, actual: Value, at: str = "") -> Iterator[str]:
    """Where something that was planned as known became something else."""
    match planned:
        case Unknown():
            return
        case dict() if isinstance(actual, dict) and planned.keys() == actual.keys():
            for key, item in planned.items():
                yield from contradictions(item, actual[key], f"{at}.{key}")
        case list() if isinstance(actual, list) and len(planned) == len(actual):
            # Of a set, each planned element needs one that it can be.
            for index, item in enumerate(planned):
                if not any(not list(contradictions(item, other)) for other in actual):
                    yield f"{at}[{index}]: planned {item!r}, became {actual!r}"
        case _:
            if planned != actual or type(planned) is not type(actual):
                yield f"{at}: planned {planned!r}, became {actual!r}"


def unexpected_unknowns(declaration: type[Declaration], config: Values, planned: Values) -> Iterator[str]:
    """What a plan shows as unknown although the configuration has a known value for it."""
    for name, attribute in declaration.attributes.items():
        written, value = config[name], planned[name]
        if is_null(written) or has_unknown(written) or not has_unknown(value):
            continue
        kind = attribute.kind
        if isinstance(value, Unknown) or not isinstance(kind, NestedKind):
            yield name
        elif kind.mode == "single":
            yield from unexpected_unknowns(kind.nested, written, value)
        elif kind.mode != "set":
            keys = written if kind.mode == "map" else range(len(written))
            for key in keys:
                yield from unexpected_unknowns(kind.nested, written[key], value[key])
