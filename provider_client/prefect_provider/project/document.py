"""A ``prefect.yaml`` read whole: each deployment with its triggers, as `prefect deploy` would make them.

What cannot be taken is refused with its line and key; nothing is left out without a word.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_provider.project.code import WORKING_DIRECTORY, code_fields, default_pull_steps
from prefect_provider.project.source import ProjectError, Source, read_source
from prefect_provider.project.triggers import ProjectTrigger, given_triggers, read_triggers
from prefect_provider.rules import schedules as schedule_rules
from prefect_provider.rules.placeholders import NOTHING_KNOWN, Known, fill
from prefect_provider.rules.prefect_yaml import (
    DOCUMENT_KEYS,
    deployment_fields,
    deployment_problems,
    key_problems,
    named_schedules,
    type_problems,
)
from prefect_provider.rules.values import IsUnknown, nothing_unknown
from prefect_provider.text.problem import Problem, expectation
from prefect_provider.text.spelling import names, show

if TYPE_CHECKING:
    from pathlib import Path as FilePath

    from prefect_provider.text.path import Path

__all__ = ["Project", "ProjectDeployment", "read_project"]


class ProjectDeployment(NamedTuple):
    """A deployment by the names of Terraform's attributes, without what says nothing.

    ``schedules`` of ``fields`` are by slug, ``pull_steps`` as Prefect has them, and the parts of the pool and of the
    limit stand beside the rest.
    """

    name: str
    path: Path
    fields: dict[str, Any]
    triggers: list[ProjectTrigger]
    warnings: list[str]
    code: str = "."
    """Where its code is, from the directory in which `prefect deploy` would run, or the program."""


class Project(NamedTuple):
    """The deployments by name, in the order of the file, and the triggers of a file that has only those."""

    source: Source
    deployments: dict[str, ProjectDeployment]
    own_triggers: Any
    """What stands under ``triggers`` of the file itself."""


def read_project(
    text: str | Source,
    known: Known | None = NOTHING_KNOWN,
    *,
    code: FilePath | None = None,
    triggers: Mapping[str, Sequence[tuple[str, str]]] | None = None,
    is_unknown: IsUnknown = nothing_unknown,
) -> Project:
    """Read a file. Raises ProjectError.

    Placeholders are filled with what is ``known``; ``None`` leaves texts as they are. With ``code``, the directory in
    which `prefect deploy` would run, the code says what it says there. ``triggers``, texts and what they are called by
    the deployment's name, come in the place of those of the file, as those of `prefect deploy --trigger` do.
    """
    source = read_source(text) if isinstance(text, str) else text
    whole = source.whole("a mapping with `deployments` or `triggers`")
    problems = key_problems(whole, DOCUMENT_KEYS, "the file", ())
    # What the file says for all deployments is refused where each of them may not say it.
    shared = {key: whole[key] for key in ("build", "push") if whole.get(key)}
    pull = {"pull": whole.get("pull")}
    given = known or NOTHING_KNOWN
    source.refuse(problems + deployment_problems(shared, (), given) + type_problems(pull))
    reading = _Reading(source, whole, known, code, is_unknown)
    deployments = reading.deployments(dict(triggers or {}))
    return Project(source, deployments, whole.get("triggers"))


class _Reading:
    def __init__(
        self,
        source: Source,
        whole: Mapping[str, Any],
        known: Known | None,
        code: FilePath | None,
        is_unknown: IsUnknown,
    ) -> None:
        self._source: Final = source
        self._whole: Final = whole
        self._known: Final = known
        self._code: Final = code
        self._is_unknown: Final = is_unknown

    def deployments(self, given: dict[str, Sequence[tuple[str, str]]]) -> dict[str, ProjectDeployment]:
        entries = self._entries()
        astray = [name for name in given if name not in entries]
        if astray:
            said = expectation(
                f"triggers for a deployment of the file ({names(entries) or 'it has none'})",
                f"some for {names(astray)}",
            )
            raise ProjectError(said)
        found = {}
        for name, (index, entry) in entries.items():
            found[name] = self._deployment(name, ("deployments", index), entry, given.get(name))
        return found

    def _entries(self) -> dict[str, tuple[int, Mapping[str, Any]]]:
        """The entries with their places, by name, once placeholders are filled."""
        problems: list[Problem] = []
        found: dict[str, tuple[int, Mapping[str, Any]]] = {}
        for index, raw in self._source.entries(("deployments",), self._whole.get("deployments")):
            path = ("deployments", index)
            own: list[Problem] = []
            # Steps are taken out of it or refused, and never filled.
            entry = {
                key: value if key in ("build", "push") else self._filled(key, value, own)
                for key, value in raw.items()
            }
            problems += [problem._replace(path=(*path, *problem.path)) for problem in own]
            problems += deployment_problems(entry, path, self._known or NOTHING_KNOWN)
            problems += type_problems(entry, path, is_unknown=self._is_unknown)
            name = entry.get("name")
            if name is None or name == "":
                problems.append(Problem(path, "a deployment needs a `name`"))
            elif name in found:
                first = self._source.read.line(("deployments", found[name][0], "name"))
                what = f"the deployment {show(name)} is there already, in line {first}"
                remedy = "Give one of them another name, or a file of its own."
                problems.append(Problem((*path, "name"), what, remedy))
            elif isinstance(name, str):
                found[name] = (index, entry)
        self._source.refuse(problems)
        return found

    def _filled(self, key: str, value: Any, problems: list[Problem]) -> Any:
        return value if self._known is None else fill(value, (key,), self._known, problems)

    def _deployment(
        self,
        name: str,
        path: Path,
        entry: Mapping[str, Any],
        given: Sequence[tuple[str, str]] | None,
    ) -> ProjectDeployment:
        own_pull = entry.get("pull")
        # Nothing, or an empty mapping, stands for what the file says; an empty list for no steps.
        own = isinstance(own_pull, list) or bool(own_pull)
        pull = own_pull if own else self._filled("pull", self._whole.get("pull"), [])
        if pull == {}:
            pull = None
        self._check_steps((*path, "pull") if own else ("pull",), pull)
        fields = deployment_fields({**entry, "pull": pull})
        fields.pop("triggers", None)
        if "schedules" in fields:
            single = bool(entry.get("schedule"))
            place = (*path, "schedule" if single else "schedules")
            fields["schedules"] = self._schedules(place, fields["schedules"], single=single)
        if self._known is None and "pull_steps" not in fields and ":" in str(fields.get("entrypoint")):
            # As the SDK has it, where the code lies in the working directory.
            fields["path"] = "."
        warnings: list[str] = []
        where = "."
        if self._code is not None:
            where = self._code_place(fields)
            problems: list[Problem] = []
            found, warnings = code_fields(fields, path, self._code / where, problems)
            self._source.refuse(problems)
            fields |= found
            if "pull_steps" not in fields and self._known is not None:
                build = entry.get("build") or self._whole.get("build")
                fields["pull_steps"] = default_pull_steps(build, fields.get("job_variables"), self._code)
        triggers = (
            given_triggers(self._source, (*path, "triggers"), entry.get("triggers"), name, self._is_unknown)
            if given is None
            else read_triggers(given, name, self._is_unknown)
        )
        return ProjectDeployment(name, path, fields, triggers, warnings, where)

    def _code_place(self, fields: Mapping[str, Any]) -> str:
        """Where entrypoints are relative to: for Python code, the directory that it gives as the code's source."""
        steps = fields.get("pull_steps") or [{}]
        given = steps[0].get(WORKING_DIRECTORY, {}).get("directory")
        if self._code is None or self._known is not None or not isinstance(given, str):
            return "."
        return os.path.relpath((self._code / given).resolve(), self._code.resolve())

    def _check_steps(self, path: Path, given: Any) -> None:
        """Each step is a mapping of its path to its inputs, as Prefect runs it."""
        steps = (
            [((), given)] if isinstance(given, Mapping) else [((i,), s) for i, s in enumerate(given or ())]
        )
        expected = "a step with its inputs, such as `{my_package.steps.fetch: {depth: 3}}`"
        self._source.refuse(
            Problem((*path, *place), expectation(expected, show(step)))
            for place, step in steps
            if step
            and not (
                isinstance(step, Mapping)
                and len(step) == 1
                and isinstance(next(iter(step.values())), Mapping)
            )
        )

    def _schedules(self, path: Path, listed: list[Any], *, single: bool) -> dict[str, dict[str, Any]]:
        given = [(path if single else (*path, index), one) for index, one in enumerate(listed)]
        given = [(here, one) for here, one in given if one is not None]
        self._source.refuse(
            Problem(here, expectation("a mapping", show(one)))
            for here, one in given
            if not isinstance(one, Mapping)
        )
        found: dict[str, dict[str, Any]] = {}
        named = named_schedules([one for _, one in given])
        for (here, _), (slug, schedule) in zip(given, named, strict=True):
            problems = schedule_rules.problems(
                {**schedule, "slug": slug}, is_unknown=self._is_unknown, path=here
            )
            if "replaces" in schedule:
                remedy = "Terraform knows the schedule by its slug: leave it out, and the old slug goes."
                problems = [Problem((*here, "replaces"), "a schedule has no `replaces`", remedy)]
            self._source.refuse(problems)
            if slug in found:
                what = f'two schedules have the slug "{slug}"'
                self._source.refuse([Problem(here, what, "Give each its own: `slug`.")])
            anchor = schedule.get("anchor_date")
            if anchor is not None and not self._is_unknown(anchor):
                schedule["anchor_date"] = schedule_rules.instant(anchor).isoformat()
            found[slug] = schedule
        return found
