"""``prefect-iac test``: tests of triggers pass, fail, or cannot be read, and say why."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from prefect_iac.commands.main import main

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "testing-triggers.md"

UNPAID = """
automation:
  name: unpaid
  trigger: {type: event, posture: Proactive, after: [a], expect: [b], for_each: [prefect.resource.id], within: PT30M}
tests:
"""

WRONG_EVENTS = f"""{UNPAID}  - name: x
    fires: sometimes
    phase: all
    given:
    - {{event: a}}
    - {{at: -1, evnt: a}}
    - {{event: a, every: 5m}}
    - {{event: a, every: 0, times: 3}}
    - {{event: a, at: 1, times: 3}}
    - {{event: a, at: 1, resource: 5}}
    - {{event: a, at: 1, related: {{tag: 5}}}}
    - {{event: a, every: 1, times: 3, id: x}}
    - {{event: a, every: 1, times: 10000000}}
"""


def written(directory: Path, text: str, name: str = "some.triggers.yaml") -> str:
    """A file, by its path."""
    file = directory / name
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_the_guides_examples_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every file of tests in the guide, with every command in it."""
    text = GUIDE.read_text(encoding="utf-8")
    files = re.findall(r"^```yaml\n# (\S+)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert len(files) == len(re.findall("^```yaml", text, re.MULTILINE)) == 2
    for name, content in files:
        written(tmp_path, content, name)
    monkeypatch.chdir(tmp_path)
    commands = re.findall(r"^prefect-iac ([^#\n]*)", text, re.MULTILINE)
    assert len(commands) == 2
    for command in commands:
        assert main(command.split()) == 0
        assert " passed." in (out := capsys.readouterr().out) or json.loads(out)["summary"]["failed"] == 0


def test_what_fails_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """When it fires instead, by what, and in which phase; 2 is the exit code, also when others pass."""
    file = written(
        tmp_path,
        f"""{UNPAID}
  - {{name: passes, given: [{{at: 1m, event: a}}], fires: [31m]}}
  - {{name: late, given: [{{at: 1m, event: a}}], fires: [20m], phase: 2s}}
  - {{name: never, given: [{{at: 1m, event: a}}, {{at: 2m, event: b}}], fires: [3m], phase: any}}
""",
    )
    assert main(["test", file]) == 2
    said = capsys.readouterr().out.splitlines()
    places = [line for line in said if line.startswith("    error test/failed at ")]
    assert [place.rpartition(":")[2] for place in places] == ["8", "9"]
    assert [line for line in said if line not in places] == [
        f"{file}: late fires at 31m2s, expected at 20m, with the first tick of the server at 2s",
        "    20m: it does not fire",
        '    31m2s: it fires at a tick: 0 events from 1m to 31m, of "resource.1"',
        f"{file}: never fires never, expected at 3m",
        "    3m: it does not fire",
        "",
        "3 tests: 2 failed.",
    ]


def test_the_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All tests, passed and failed, with the line of each."""
    children = "[{type: event, expect: [a]}, {type: event, expect: [b]}]"
    composite = f"{{type: compound, require: all, within: 60, triggers: {children}}}"
    file = written(
        tmp_path,
        f"""trigger: {composite}
tests:
  - name: both
    given: [{{at: 1m, event: a}}, {{at: 90s, event: b}}]
    fires: [90s]
  - name: too late
    given: [{{at: 1m, event: a}}, {{at: 3m, event: b, arrives: 4m}}]
    fires: [4m]
""",
    )
    assert main(["test", file, "--format", "json"]) == 2
    document = json.loads(capsys.readouterr().out)
    assert document["summary"] == {"tests": 2, "failed": 1}
    assert document["tests"] == [
        {
            "file": file,
            "line": 3,
            "name": "both",
            "passed": True,
            "expected": ["1m30s"],
            "fired": ["1m30s"],
            "missing": [],
            "unexpected": [],
            "phase": "0s",
        },
        {
            "file": file,
            "line": 6,
            "name": "too late",
            "passed": False,
            "expected": ["4m"],
            "fired": [],
            "missing": ["4m"],
            "unexpected": [],
            "phase": "0s",
        },
    ]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("- a", ["line 1: expected an object with `tests`"]),
        ("tests: []", ["line 1, tests: expected a list of tests, got []."]),
        ("trigger: {type: event, posture: Proactiv}", ["line 1, tests: expected a list of tests, got null."]),
        (
            "trigger: {type: event, posture: Proactiv}\ntests:\n- {name: x, fires: never}\n- {name: y, fires: never}",
            [
                'line 1, trigger.posture: expected one of Reactive, Proactive, got "Proactiv". Write "Proactive".'
            ],
        ),
        (
            f"{UNPAID}  - nam: x\n    fires: [soon]\n",
            [
                "line 6, tests[0].nam: A test has no field `nam`. Did you mean `name`?",
                "line 6, tests[0].name: expected a name for the test, got null.",
                'line 7, tests[0].fires[0]: expected a duration such as "5m", "1h30m" or 90 (seconds), not negative',
            ],
        ),
        (
            WRONG_EVENTS,
            [
                'line 7, tests[0].fires: expected `never`, or a list of times, got "sometimes".',
                "line 8, tests[0].phase: expected a duration",
                "line 10, tests[0].given[0].at: expected a duration",
                "line 11, tests[0].given[1].evnt: An event has no field `evnt`. Did you mean `event`?",
                "line 11, tests[0].given[1].event: expected the name of an event, got null.",
                "line 11, tests[0].given[1].at: expected a duration",
                "line 12, tests[0].given[2].every: expected either `times` or `until` beside it.",
                "line 13, tests[0].given[3].every: expected more than 0.",
                "line 14, tests[0].given[4].times: it repeats an event, and `every` is missing.",
                "line 15, tests[0].given[5].resource: expected the id of a resource, or its labels as texts, got 5.",
                "line 16, tests[0].given[6].related: expected ids by role",
                "line 17, tests[0].given[7].id: it is of one event, and `every` makes several.",
                "line 18, tests[0].given[8].every: expected at most 1,000,000 events, got 10,000,000.",
            ],
        ),
        (
            "tests:\n- {name: x, fires: never, automation: gone.yaml}\n- {name: y, fires: never, automation: 5}",
            [
                "line 2, tests[0].automation: cannot read gone.yaml: No such file or directory.",
                "line 3, tests[1].automation: expected an automation with a `trigger`, or the name of a file",
            ],
        ),
        ("a: [", ["line 1"]),
    ],
    ids=["list", "empty", "none", "trigger", "test", "events", "references", "yaml"],
)
def test_what_cannot_be_read(
    text: str, problems: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each problem has its line in the file; the others are run all the same, and 1 is the exit code."""
    bad = written(tmp_path, text, "bad.triggers.yaml")
    good = written(tmp_path, f"{UNPAID}  - {{name: x, fires: never}}", "good.triggers.yaml")
    assert main(["test", bad, good]) == 1
    out, err = capsys.readouterr()
    assert out == "1 test passed.\n"
    said = err.splitlines()
    assert len(said) == len(problems)
    for line, problem in zip(said, problems, strict=True):
        assert line.startswith(f"prefect-iac: {bad}: {problem}")


def test_automations_of_other_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file with one, and one by name of a file with several; a test's own is used instead of the file's."""
    event = "trigger: {type: event, expect: [%s]}"
    written(tmp_path, f"name: one\n{event % 'a'}\n", "one.yaml")
    several = "".join(f"- {{name: {name}, {event % name}}}\n" for name in "bc")
    written(tmp_path, f"automations:\n{several}", "several.yaml")
    given = "given: [{at: 1, event: a}, {at: 2, event: b}, {at: 3, event: c}]"
    written(
        tmp_path,
        f"""automation: one.yaml
tests:
- {{name: of the file, {given}, fires: [1]}}
- {{name: by name, automation: {{file: several.yaml, name: c}}, {given}, fires: [3]}}
""",
    )
    assert main(["test", str(tmp_path)]) == 0
    written(tmp_path, "tests:\n- {name: x, fires: never, automation: several.yaml}", "which.triggers.yaml")
    assert main(["test", str(tmp_path)]) == 1
    assert (
        "expected one automation in several.yaml, got 2. Write `file` and `name`." in capsys.readouterr().err
    )


def test_nothing_to_test(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A directory without tests, or a file that is not there, is no success."""
    assert main(["test", str(tmp_path)]) == 1
    assert main(["test", str(tmp_path / "gone.triggers.yaml")]) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert first.endswith("expected files *.triggers.yaml")
    assert second.endswith("gone.triggers.yaml: No such file or directory")
