"""Our schema against the official provider's: a team can switch by changing the source alone.

`peer_schema.json` holds what counts of that schema: for each attribute its flags (R required, O optional, C computed,
S sensitive, W write-only) and its type, or the nesting of its object and the attributes in it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prefect_provider.objects.catalogue import DATA_SOURCES, RESOURCES
from prefect_provider.plugin.language.nested import NestedKind
from prefect_provider.plugin.language.types import type_to_json
from prefect_provider.provider import PrefectProvider

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PEER: dict[str, Any] = json.loads((Path(__file__).parent / "peer_schema.json").read_text(encoding="utf-8"))

OURS: dict[str, Any] = {
    "provider": PrefectProvider,
    **{f"resources.{kind.type_name}": kind for kind in RESOURCES},
    **{f"data_sources.{kind.type_name}": kind for kind in DATA_SOURCES},
}
THEIRS: dict[str, Mapping[str, Any]] = {
    "provider": PEER["provider"],
    **{
        f"{of}.{name}": schema["attributes"]
        for of in ("resources", "data_sources")
        for name, schema in PEER[of].items()
    },
}


def attributes(
    theirs: Mapping[str, Any], ours: Mapping[str, Any], path: str
) -> Iterator[tuple[str, Any, Any]]:
    """Each attribute of the official schema beside ours, at every depth; inside of what cannot be set, none can."""
    for name, their in theirs.items():
        our = ours.get(name)
        yield f"{path}.{name}", their, our
        if isinstance(their, dict) and our is not None and isinstance(our.kind, NestedKind):
            inner = attributes(their["attributes"], our.kind.nested.attributes, f"{path}.{name}")
            settable = {"R", "O"} & {*their["flags"]}
            for at, one, mirrored in inner:
                yield at, one if settable else _computed(one), mirrored


def _computed(their: Any) -> Any:
    """The same attribute, without what says that it can be set."""
    if isinstance(their, dict):
        return {**their, "flags": _computed(their["flags"])}
    found, space, type_ = their.partition(" ")
    return found.replace("R", "").replace("O", "") + space + type_


PAIRS = [pair for name in THEIRS for pair in attributes(THEIRS[name], OURS[name].attributes, name)]


def flags(their: Any) -> str:
    """The flags of an official attribute."""
    text: str = their["flags"] if isinstance(their, dict) else their.partition(" ")[0]
    return text


def type_name(type_: Any) -> str:
    """A type as the fixture writes it."""
    return type_ if isinstance(type_, str) else f"{type_[0]}({type_name(type_[1])})"


def shape(their: Any) -> str:
    """The type of an official attribute, or how it nests an object."""
    return f"nested {their['nesting']}" if isinstance(their, dict) else their.partition(" ")[2]


def shape_of_ours(our: Any) -> str:
    """The same of one of our attributes."""
    if isinstance(our.kind, NestedKind):
        return f"nested {our.kind.mode}"
    return type_name(type_to_json(our.kind.type))


def test_every_object_of_the_fixture_is_ours() -> None:
    """All resources, data sources and the provider block are compared, with all that is in them."""
    assert len([name for name in THEIRS if name.startswith("resources.")]) >= 7
    assert len([name for name in THEIRS if name.startswith("data_sources.")]) >= 9
    assert THEIRS.keys() <= OURS.keys()
    assert len(PAIRS) > 400


def test_every_attribute_is_ours_too() -> None:
    """Every attribute of the official provider is here, under the same name, of the same type and nesting."""
    differing = [
        f"{path}: expected {expected}, got {got}"
        for path, their, our in PAIRS
        if (expected := shape(their)) != (got := our and shape_of_ours(our))
    ]
    assert differing == []


def test_every_configuration_stays_valid() -> None:
    """What could be configured can be, what could be left out can be, and no more is required than before."""
    settled = {path for path, their, our in PAIRS if set("RO") & set(flags(their)) and not our.configurable}
    # An id that is configured is not the one that the server gives, so no configuration can have had one.
    assert settled <= {"resources.prefect_deployment_schedule.id"}
    assert [path for path, their, our in PAIRS if "R" not in flags(their) and our.required] == []


def test_secrets_stay_secret() -> None:
    """What was sensitive or write-only is so here, and nothing else has become write-only."""
    assert [path for path, their, our in PAIRS if "S" in flags(their) and not our.sensitive] == []
    assert [path for path, their, our in PAIRS if ("W" in flags(their)) != our.write_only] == []


def test_what_was_known_without_configuration_is() -> None:
    """An attribute that the provider filled in has a value here too, so that references to it go on working."""
    missing = {path for path, their, our in PAIRS if "C" in flags(their) and not our.computed}
    # Filled in by neither: only a limit that is shared has an id here.
    assert missing <= {"resources.prefect_deployment.global_concurrency_limit_id"}


def test_schema_versions_can_be_read() -> None:
    """State is read as it was written: our versions are the official ones."""
    ours = {kind.type_name: kind.schema_version for kind in RESOURCES}
    assert {name: schema["version"] for name, schema in PEER["resources"].items()} == ours
