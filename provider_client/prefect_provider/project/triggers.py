"""The triggers of a deployment, from its entry in ``prefect.yaml`` or from what `prefect deploy --trigger` is given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_provider.project.source import ProjectError, read_source
from prefect_provider.rules import actions, triggers
from prefect_provider.rules.durations import with_seconds
from prefect_provider.rules.findings import Findings
from prefect_provider.rules.prefect_yaml import AUTOMATION_FIELDS, automation_name, key_problems
from prefect_provider.text.problem import expectation
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path as FilePath

    from prefect_provider.project.source import Source
    from prefect_provider.rules.values import IsUnknown
    from prefect_provider.text.path import Path

__all__ = ["ProjectTrigger", "given_triggers", "read_triggers", "trigger_texts"]

_OF_THE_ACTION: Final[tuple[str, ...]] = ("parameters", "job_variables", "schedule_after")
_FILES: Final = (".yaml", ".json")


class ProjectTrigger(NamedTuple):
    """A trigger and the automation that `prefect deploy` makes of it."""

    source: Source
    path: Path
    name: str
    description: str | None
    enabled: bool | None
    trigger: dict[str, Any]
    """As the API has it, flat, durations in seconds."""
    action: dict[str, Any]
    """What the run is given: ``parameters``, ``job_variables`` and ``schedule_after``, where they are set."""


def given_triggers(
    source: Source, path: Path, listed: Any, deployment: str, is_unknown: IsUnknown
) -> list[ProjectTrigger]:
    """The triggers of a list, checked. Raises ProjectError."""
    return _checked(
        [(source, (*path, index), entry) for index, entry in source.entries(path, listed)],
        deployment,
        is_unknown,
    )


def read_triggers(
    texts: Iterable[tuple[str, str]], deployment: str, is_unknown: IsUnknown
) -> list[ProjectTrigger]:
    """The triggers of texts and what they are called: each is one trigger, or has a list ``triggers``."""
    found: list[tuple[Source, Path, Mapping[str, Any]]] = []
    for text, label in texts:
        source = read_source(text, label)
        whole = source.whole("a trigger, or a mapping with `triggers`")
        if _is_one(whole):
            found.append((source, (), whole))
        else:
            source.refuse(key_problems(whole, frozenset({"triggers"}), "a file of triggers", ()))
            listed = source.entries(("triggers",), whole.get("triggers"))
            found += [(source, ("triggers", index), entry) for index, entry in listed]
    return _checked(found, deployment, is_unknown)


def trigger_texts(given: Iterable[str], base: FilePath) -> list[tuple[str, str]]:
    """What `prefect deploy --trigger` takes as texts: the path of a YAML or JSON file, or JSON itself.

    :raises ProjectError: a file cannot be read.
    """
    texts = []
    for one in given:
        if not one.endswith(_FILES):
            texts.append((one, "a trigger"))
            continue
        try:
            texts.append(((base / one).read_text(encoding="utf-8"), one))
        except (OSError, ValueError) as error:
            said = getattr(error, "strerror", None) or str(error)
            msg = f"the file of triggers {one} cannot be read: {said}"
            raise ProjectError(msg) from error
    return texts


def _is_one(whole: Mapping[str, Any]) -> bool:
    """Whether a mapping is one trigger: a composite one has ``triggers`` as well, and something that says so."""
    if "triggers" not in whole:
        return bool(whole)
    return bool(whole.keys() & {"type", "require", "within", *AUTOMATION_FIELDS})


def _checked(
    given: list[tuple[Source, Path, Mapping[str, Any]]], deployment: str, is_unknown: IsUnknown
) -> list[ProjectTrigger]:
    return [
        _trigger(source, path, entry, automation_name(deployment, position), is_unknown)
        for position, (source, path, entry) in enumerate(given, start=1)
    ]


def _trigger(
    source: Source, path: Path, entry: Mapping[str, Any], name: str, is_unknown: IsUnknown
) -> ProjectTrigger:
    given = {key: value for key, value in with_seconds(entry).items() if value is not None}
    findings = Findings(is_unknown)
    for key in ("name", "description"):
        findings.text(given.get(key), (*path, key))
    findings.flag(given.get("enabled"), (*path, "enabled"))
    for key in ("parameters", "job_variables"):
        if findings.is_checkable(given.get(key)) and not isinstance(given[key], Mapping):
            findings.error((*path, key), expectation("a mapping", show(given[key])))
    source.refuse(findings.problems)
    action = {key: given[key] for key in _OF_THE_ACTION if key in given}
    whole = {"type": "run-deployment", "source": "inferred", **action}
    source.refuse(actions.problems(whole, is_unknown=is_unknown, path=path))
    trigger = {key: value for key, value in given.items() if key not in AUTOMATION_FIELDS}
    source.refuse(triggers.problems(trigger, is_unknown=is_unknown, path=path))
    return ProjectTrigger(
        source,
        path,
        given.get("name", name),
        given.get("description"),
        given.get("enabled"),
        trigger,
        action,
    )
