"""Unit tests of triggers, as they are written in ``*.triggers.yaml``: given some events, the automation fires then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.events.behaviour import Behaviour
from prefect_provider.events.rehearsal import Rehearsal, offset
from prefect_provider.events.triggers import TriggerError, compile_automation
from prefect_provider.rules import triggers as trigger_rules
from prefect_provider.rules.durations import with_seconds
from prefect_provider.rules.findings import Findings
from prefect_provider.rules.values import is_series, nothing_unknown
from prefect_provider.rules.yaml_text import YamlError, YamlText, read_yaml
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prefect_provider.events.rehearsal import Outcome
    from prefect_provider.events.triggers import Automation
    from prefect_provider.text.path import Path

__all__ = ["OFFSET_FORM", "TriggerTest", "TriggerTestError", "read_tests"]

OFFSET_FORM: Final = 'a duration such as "5m", "1h30m" or 90 (seconds), not negative'

_FILE_FIELDS: Final = ("automation", "tests", "trigger", "version")
_TEST_FIELDS: Final = ("automation", "fires", "given", "name", "phase", "trigger", "until", "version")
_EVENT_FIELDS: Final = (
    *("arrives", "at", "event", "every", "follows", "id", "related", "resource", "times", "until"),
)
_MOST_EVENTS: Final = 1_000_000


class TriggerTestError(ValueError):
    """A file that cannot be read; a line for each problem, beginning with the line of the file."""


@dataclass(frozen=True, slots=True)
class TriggerTest:
    """One test: an automation, events, and when it is expected to fire, in microseconds."""

    name: str
    line: int
    automation: Automation
    given: Rehearsal
    fires: tuple[int, ...]
    until: int | None
    phase: int | None
    """``None``: whatever it is."""

    def run(self) -> Outcome:
        """Have the events happen."""
        return self.given.outcome(self.automation, self.fires, until=self.until, phase=self.phase)


def read_tests(text: str, read: Callable[[str], str]) -> list[TriggerTest]:
    """The tests of a file.

    ``read`` gives the text of another file that this one names, beside it, and may raise OSError.

    Raises:
        TriggerTestError: the file is not as expected; all problems are said at once.
    """
    try:
        document = read_yaml(text)
    except YamlError as error:
        raise TriggerTestError(str(error)) from error
    reading = _Reading(document, read)
    tests = reading.tests()
    if reading.findings.problems:
        raise TriggerTestError(document.located(reading.findings.problems))
    return tests


class _Reading:
    """Reads one file; collects what is wrong with it."""

    def __init__(self, document: YamlText, read: Callable[[str], str]) -> None:
        self.findings = Findings(nothing_unknown)
        self._document = document
        self._automations: dict[tuple[Path, Behaviour], Automation | None] = {}
        """By place and behaviour: that of the file is read once."""
        self._read = read

    def tests(self) -> list[TriggerTest]:
        file = self._document.value
        if not isinstance(file, Mapping):
            self.findings.error((), f"expected an object with `tests`, got {show(file)}")
            return []
        self.findings.unknown_keys(file, _FILE_FIELDS, (), "A file of trigger tests")
        tests = file.get("tests")
        if not isinstance(tests, list) or not tests:
            self.findings.error(("tests",), f"expected a list of tests, got {show(tests)}")
            return []
        found = [self._test(file, test, ("tests", index)) for index, test in enumerate(tests)]
        return [test for test in found if test is not None]

    def _test(self, file: Mapping[str, Any], test: Any, path: Path) -> TriggerTest | None:
        if not isinstance(test, Mapping):
            self.findings.error(path, f"expected an object with `given` and `fires`, got {show(test)}")
            return None
        before = len(self.findings.problems)
        self.findings.unknown_keys(test, _TEST_FIELDS, path, "A test")
        name = test.get("name")
        if not isinstance(name, str) or not name:
            self.findings.error((*path, "name"), f"expected a name for the test, got {show(name)}")
        automation = self._automation(file, test, path)
        given = self._given(test.get("given"), (*path, "given"))
        fires = self._fires(test, path)
        until = self._optional_offset(test, "until", path)
        phase = None if test.get("phase") == "any" else self._optional_offset(test, "phase", path, "any")
        if len(self.findings.problems) > before or automation is None:
            return None
        if "phase" not in test:
            phase = 0
        line = self._document.line((*path, "name"))
        return TriggerTest(str(name), line, automation, given, fires, until, phase)

    def _automation(self, file: Mapping[str, Any], test: Mapping[str, Any], path: Path) -> Automation | None:
        place, holder = (path, test) if "automation" in test or "trigger" in test else ((), file)
        version = test.get("version", file.get("version"))
        if version is not None and not isinstance(version, (str, float, int)):
            self.findings.error(
                (*path, "version"), f'expected a version such as "3.8.8", got {show(version)}'
            )
            return None
        behaviour = Behaviour.of(None if version is None else str(version))
        if (place, behaviour) not in self._automations:
            self._automations[place, behaviour] = self._read_automation(holder, place, behaviour)
        return self._automations[place, behaviour]

    def _read_automation(
        self, holder: Mapping[str, Any], place: Path, behaviour: Behaviour
    ) -> Automation | None:
        if "trigger" in holder:
            return self._compiled({"trigger": holder["trigger"]}, place, behaviour)
        written = holder.get("automation")
        place = (*place, "automation")
        if isinstance(written, Mapping) and "file" not in written:
            return self._compiled(written, place, behaviour)
        document = self._named(written, place)
        return None if document is None else self._compiled(document, place, behaviour, is_elsewhere=True)

    def _named(self, written: Any, path: Path) -> Mapping[str, Any] | None:
        """The automation of another file."""
        named = {"file": written} if isinstance(written, str) else written
        if not isinstance(named, Mapping) or not isinstance(named.get("file"), str):
            expected = "an automation with a `trigger`, or the name of a file that has one"
            self.findings.error(path, f"expected {expected}, got {show(written)}")
            return None
        self.findings.unknown_keys(named, ("file", "name"), path, "A reference to an automation")
        try:
            document = read_yaml(self._read(named["file"])).value
        except OSError as error:
            self.findings.error(path, f"cannot read {named['file']}: {error.strerror}")
            return None
        except (YamlError, UnicodeDecodeError) as error:
            self.findings.error(path, f"cannot read {named['file']}: {error}")
            return None
        found = document.get("automations", document) if isinstance(document, Mapping) else document
        automations = found if isinstance(found, list) else [found]
        name = named.get("name")
        chosen = [one for one in automations if isinstance(one, Mapping) and name in (None, one.get("name"))]
        if len(chosen) != 1:
            which = "one automation" if name is None else f"one automation named {show(name)}"
            self.findings.error(
                path,
                f"expected {which} in {named['file']}, got {len(chosen)}",
                "Write `file` and `name`." if name is None and chosen else "",
            )
            return None
        return chosen[0]

    def _compiled(
        self, document: Mapping[str, Any], path: Path, behaviour: Behaviour, *, is_elsewhere: bool = False
    ) -> Automation | None:
        document = with_seconds(document)
        trigger = document.get("trigger")
        here = path if is_elsewhere else (*path, "trigger")
        if not isinstance(trigger, Mapping):
            self.findings.error(here, f"expected a trigger, got {show(trigger)}")
            return None
        found = trigger_rules.problems(trigger, path=here)
        errors = [problem for problem in found if problem.severity == "error"]
        for problem in errors:
            self.findings.add(problem)
        if errors:
            return None
        try:
            return compile_automation({**document, "enabled": True}, behaviour)
        except TriggerError as error:
            self.findings.error(here, str(error))
            return None

    def _given(self, written: Any, path: Path) -> Rehearsal:
        rehearsal = Rehearsal()
        if written is None:
            return rehearsal
        if not isinstance(written, list):
            self.findings.error(path, f"expected a list of events, got {show(written)}")
            return rehearsal
        for index, event in enumerate(written):
            self._event(rehearsal, event, (*path, index))
        return rehearsal

    def _event(self, rehearsal: Rehearsal, event: Any, path: Path) -> None:
        if not isinstance(event, Mapping):
            self.findings.error(path, f"expected an object with `at` and `event`, got {show(event)}")
            return
        before = len(self.findings.problems)
        self.findings.unknown_keys(event, _EVENT_FIELDS, path, "An event")
        name = event.get("event")
        if not isinstance(name, str) or not name:
            self.findings.error((*path, "event"), f"expected the name of an event, got {show(name)}")
        self._labels(event.get("resource"), (*path, "resource"))
        related = event.get("related")
        if not self._is_related(related):
            expected = "ids by role, or a list of resources with their labels"
            self.findings.error((*path, "related"), f"expected {expected}, got {show(related)}")
        times = list(self._times(event, path))
        arrives = self._optional_offset(event, "arrives", path)
        if "every" in event:
            for single in ("arrives", "follows", "id"):
                if single in event:
                    self.findings.error((*path, single), "it is of one event, and `every` makes several")
        if len(self.findings.problems) > before:
            return
        for at in times:
            rehearsal.add(
                at,
                str(name),
                resource=event.get("resource"),
                related=related or (),
                arrives=arrives,
                id_=None if event.get("id") is None else str(event["id"]),
                follows=None if event.get("follows") is None else str(event["follows"]),
            )

    def _times(self, event: Mapping[str, Any], path: Path) -> Iterator[int]:
        """When an event happens: once, so many times, or again and again until some time."""
        at = self._optional_offset(event, "at", path)
        every = self._optional_offset(event, "every", path)
        until = self._optional_offset(event, "until", path)
        times = event.get("times")
        if every is None and "every" not in event:
            if at is None and "at" not in event:
                self.findings.error((*path, "at"), f"expected {OFFSET_FORM}, got nothing")
            for name in ("times", "until"):
                if name in event:
                    self.findings.error((*path, name), "it repeats an event, and `every` is missing")
            yield at or 0
            return
        if times is not None and (not isinstance(times, int) or isinstance(times, bool) or times < 1):
            self.findings.error((*path, "times"), f"expected a number of 1 or more, got {show(times)}")
            return
        if (times is None) == (until is None):
            self.findings.error((*path, "every"), "expected either `times` or `until` beside it")
            return
        if not every:
            if every == 0:
                self.findings.error((*path, "every"), "expected more than 0")
            return
        begin = at or 0
        number = times if times is not None else max(0, (until or 0) - begin) // every + 1
        if number > _MOST_EVENTS:
            self.findings.error((*path, "every"), f"expected at most {_MOST_EVENTS:,} events, got {number:,}")
            return
        yield from (begin + turn * every for turn in range(number))

    def _labels(self, written: Any, path: Path) -> None:
        if written is None or isinstance(written, str) or _is_labels(written):
            return
        self.findings.error(
            path, f"expected the id of a resource, or its labels as texts, got {show(written)}"
        )

    def _is_related(self, written: Any) -> bool:
        if isinstance(written, Mapping):
            return all(
                isinstance(ids, str) or (is_series(ids) and all(isinstance(one, str) for one in ids))
                for ids in written.values()
            )
        return written is None or (isinstance(written, list) and all(map(_is_labels, written)))

    def _fires(self, test: Mapping[str, Any], path: Path) -> tuple[int, ...]:
        written = test.get("fires")
        here = (*path, "fires")
        if written == "never":
            return ()
        if not isinstance(written, list):
            self.findings.error(here, f"expected `never`, or a list of times, got {show(written)}")
            return ()
        found = [offset(one) for one in written]
        for index, (one, time) in enumerate(zip(written, found, strict=True)):
            if time is None:
                self.findings.error((*here, index), f"expected {OFFSET_FORM}, got {show(one)}")
        return tuple(time for time in found if time is not None)

    def _optional_offset(
        self, holder: Mapping[str, Any], name: str, path: Path, other: str = ""
    ) -> int | None:
        if name not in holder:
            return None
        found = offset(holder[name])
        if found is None:
            expected = f"{OFFSET_FORM}, or `{other}`" if other else OFFSET_FORM
            self.findings.error((*path, name), f"expected {expected}, got {show(holder[name])}")
        return found


def _is_labels(written: Any) -> bool:
    return isinstance(written, Mapping) and all(isinstance(value, str) for value in written.values())
