"""What README and the guides show is what happens."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.environment.terraform import Workspace

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def _blocks(language: str) -> Iterator[tuple[str, str]]:
    for document in DOCUMENTS:
        blocks = re.findall(
            rf"^```{language}\n(.*?)^```", document.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
        )
        for index, block in enumerate(blocks):
            yield f"{document.name}-{index}", block


def _programs() -> list[tuple[str, str]]:
    """The blocks that are whole programs: excerpts of the project's own code have no imports."""
    return [(name, block) for name, block in _blocks("python") if "import " in block]


@pytest.mark.cdktf
@pytest.mark.parametrize(
    "program", [block for _, block in _programs()], ids=[name for name, _ in _programs()]
)
def test_python_runs(program: str, tmp_path: Path) -> None:
    """Every Python program in the documents runs."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 0, done.stderr


def test_the_readmes_configuration_applies(terraform: Callable[..., Workspace]) -> None:
    """The HCL in README is applied, and then there is nothing left to do."""
    (configuration,) = (block for name, block in _blocks("hcl") if name.startswith("README"))
    workspace = terraform(configuration, provider=False)

    workspace.apply()

    workspace.assert_no_changes()
    workspace.destroy()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_links_lead_somewhere(document: Path) -> None:
    """Every link to a file of the project leads to one."""
    targets = re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8"))

    missing = [
        target for target in targets if "://" not in target and not (document.parent / target).exists()
    ]

    assert missing == []
