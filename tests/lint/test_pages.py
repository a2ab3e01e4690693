"""Every rule has a page; what the page shows passes as a test of triggers, and breaks that rule."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from prefect_iac.backtest.trigger_tests import read_tests
from prefect_iac.graph.building import build_graph
from prefect_iac.lint.flaw import RULES
from prefect_iac.lint.linting import find_flaws
from prefect_iac.lint.suppression import read_entries
from prefect_iac.output.lint import PAGES
from prefect_iac.workspace.content import Workspace
from prefect_iac.workspace.outlook import outlook_of
from prefect_provider.rules.yaml_text import read_yaml
from tests.graph.made import automation

ROOT = Path(__file__).resolve().parent.parent.parent
DIRECTORY = ROOT / PAGES

_OF_EVENTS = {"unseen-event", "missing-source"}
"""Rules whose flaw does not show in a trigger, but in the events or on the server."""


def blocks(name: str) -> list[str]:
    """The YAML blocks of a page."""
    text = (DIRECTORY / f"{name}.md").read_text(encoding="utf-8")
    return re.findall(r"^```yaml\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


WITH_SEQUENCE = sorted(name for name in RULES if blocks(name))


def test_each_rule_has_its_page_and_its_row() -> None:
    """No page is missing or left behind; its level and its title are those of the rule, and the index has them."""
    index = (DIRECTORY / "README.md").read_text(encoding="utf-8")
    assert {file.stem for file in DIRECTORY.glob("*.md")} == {"README", *RULES}
    for name, rule in RULES.items():
        text = (DIRECTORY / f"{name}.md").read_text(encoding="utf-8")
        assert text.startswith(f"# {rule.title}\n\n`lint/{name}`, {rule.level}.\n")
        assert f"| [`lint/{name}`]({name}.md) | {rule.level} | {rule.title} |" in index


def test_entries_of_the_pages() -> None:
    """Every entry of a page can be taken as it is."""
    written = "".join(file.read_text(encoding="utf-8") for file in DIRECTORY.glob("*.md"))
    found = re.findall(r"^```toml\n(.*?)^```", written, re.DOTALL | re.MULTILINE)
    assert len(found) == 2
    assert all(read_entries(block) for block in found)


def test_rules_about_triggers_show_a_sequence() -> None:
    """Rules about what one trigger does with events have a sequence; the others are about objects."""
    assert set(WITH_SEQUENCE) >= {
        *("always-true", "dead-trigger", "endless-alarm", "expires", "false-alarm", "long-memory", "loop"),
        *("lost-opening", "mixed-keys", "related-negation", "short-memory", "unknown-event", "unknown-label"),
    }


@pytest.mark.parametrize("name", WITH_SEQUENCE)
def test_sequence_of_the_page(name: str) -> None:
    """The triggers fire just when the page says."""
    for block in blocks(name):
        for test in read_tests(block, str):
            assert test.run().passed, test.name


@pytest.mark.parametrize("name", [name for name in WITH_SEQUENCE if name not in _OF_EVENTS])
def test_the_rule_finds_what_its_page_shows(name: str) -> None:
    """Each trigger of a page breaks its rule, and no worse one."""
    for block in blocks(name):
        document = read_yaml(block).value
        triggers = [document.get("trigger"), *(one.get("trigger") for one in document["tests"])]
        for trigger in filter(None, triggers):
            made = automation("shown", trigger, {"type": "do-nothing"})
            made["actions_on_resolve"] = [{"type": "do-nothing"}] if name == "never-resolves" else []
            outlook = outlook_of(None, Workspace({"prefect_automation": {made["id"]: made}}))
            found = find_flaws(outlook, build_graph(outlook), cloud=False)
            assert found[0].rule == name, found
