"""Where objects are written is found in HCL, in modules, and in what the constructs note."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from prefect_iac.lint.sources import SourcesError, read_sources

if TYPE_CHECKING:
    from prefect_iac.lint.sources import Sources

MAIN = """\
module "alerts" {
  source = "./modules/alerts"
}

module "elsewhere" {
  source = "registry.example.org/a/b/c"
}

# prefect-iac: ignore[lint/loop, lint/duplicate] switched off at night
# by the other team
resource "prefect_automation" "again" {
  name = "again" # prefect-iac: ignore[lint/expires] it is quick
  trigger = { event = {
    expect = ["}"]
  } }
}

resource "prefect_automation" "bare" {}
  resource "prefect_automation" "indented" {
    name = "x" // prefect-iac: ignore[lint/loop]
  }
# prefect-iac: ignore[lint/loop] beside nothing

resource "prefect_flow" "etl" { name = "etl" }
"""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A configuration in a directory of a working copy, with a module."""
    found = tmp_path / "infra"
    (found / "modules" / "alerts").mkdir(parents=True)
    (found / "main.tf").write_text(MAIN, encoding="utf-8")
    text = 'variable "x" {}\n\nresource "prefect_automation" "inner" {\n}\n'
    (found / "modules" / "alerts" / "all.tf").write_text(text, encoding="utf-8")
    return found


def line(sources: Sources, address: str) -> str:
    """File and line of an object."""
    place = sources.place(address)
    return "" if place is None else f"{place.file}:{place.line}"


def test_blocks_of_hcl(directory: Path, tmp_path: Path) -> None:
    """Each resource block has its line, an instance that of its block; files are named from the top."""
    sources = read_sources(directory, tmp_path)
    assert line(sources, "prefect_automation.again") == "infra/main.tf:11"
    assert line(sources, 'prefect_automation.again["x"]') == "infra/main.tf:11"
    assert line(sources, "prefect_automation.bare") == "infra/main.tf:18"
    assert line(sources, "prefect_automation.indented") == "infra/main.tf:19"
    assert line(sources, "prefect_flow.etl") == "infra/main.tf:24"
    assert line(sources, "module.alerts[0].prefect_automation.inner") == "infra/modules/alerts/all.tf:3"
    assert line(sources, "module.elsewhere.prefect_automation.inner") == ""
    assert line(sources, "") == ""


def test_comments_beside_blocks(directory: Path, tmp_path: Path) -> None:
    """Comments right above a block and inside of it are its own; those of no block are nobody's."""
    sources = read_sources(directory, tmp_path)
    place = sources.place("prefect_automation.again")
    assert place is not None
    assert [(one.line, one.rules, one.reason) for one in place.comments] == [
        (9, ("lint/loop", "lint/duplicate"), "switched off at night"),
        (12, ("lint/expires",), "it is quick"),
    ]
    assert [one.line for one in sources.comments()] == [9, 12, 20]


def test_notes_of_constructs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A synthesized configuration tells the line of Python, and comments beside that call count."""
    monkeypatch.chdir(tmp_path)
    app = 'one(\n    "x",  # prefect-iac: ignore[lint/loop] by night\n)\n'
    app += "# prefect-iac: ignore[lint/loop] above\ntwo(1)\n"
    (tmp_path / "app.py").write_text(app, encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    blocks = {
        "one": {"//": {"source": "app.py:1"}},
        "two": {"//": {"source": "app.py:5"}},
        "gone": {"//": {"source": "lost.py:7"}},
        "none": {"//": {"metadata": {}}},
    }
    document = {"resource": {"prefect_automation": blocks}}
    (out / "cdk.tf.json").write_text(json.dumps(document), encoding="utf-8")
    sources = read_sources(Path("out"), tmp_path)
    assert line(sources, "prefect_automation.one") == "app.py:1"
    assert line(sources, "prefect_automation.two") == "app.py:5"
    assert line(sources, "prefect_automation.gone") == "lost.py:7"
    assert line(sources, "prefect_automation.none") == ""
    one, two = (sources.place(f"prefect_automation.{name}") for name in ("one", "two"))
    assert one is not None
    assert two is not None
    assert [comment.reason for comment in one.comments] == ["by night"]
    assert [comment.reason for comment in two.comments] == ["above"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("main.tf", b"\xff\xfe", r"main\.tf: expected text in UTF-8"),
        ("a.tf.json", b"\xff\xfe", r"a\.tf\.json: expected text in UTF-8"),
        ("a.tf.json", b"{", "expected JSON"),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    """A file that is none of its kind is named."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourcesError, match=said):
        read_sources(tmp_path, tmp_path)


def test_files_that_terraform_passes_over(tmp_path: Path) -> None:
    """Hidden files, and the lock of an editor, are no configuration; a mark at the beginning of a file is none."""
    (tmp_path / ".#main.tf").symlink_to("somebody@host.1234")
    (tmp_path / ".hidden.tf").write_text('resource "prefect_flow" "hidden" {\n}\n', encoding="utf-8")
    (tmp_path / "main.tf").write_text('resource "prefect_flow" "etl" {\n}\n', encoding="utf-8-sig")
    sources = read_sources(tmp_path, tmp_path)
    assert line(sources, "prefect_flow.etl") == "main.tf:1"
    assert line(sources, "prefect_flow.hidden") == ""


def test_a_module_that_calls_itself(tmp_path: Path) -> None:
    """A module that calls itself by mistake is read a few times, and no more."""
    text = 'module "again" {\n  source = "./"\n}\nresource "prefect_flow" "etl" {\n}\n'
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    sources = read_sources(tmp_path, tmp_path)
    assert line(sources, "module.again.module.again.prefect_flow.etl").endswith(":4")
