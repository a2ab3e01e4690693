"""Writes docs/cloud-contract.md from the facts that the simulator of Prefect Cloud keeps to.

`--check` says whether the page is current.
"""

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.environment.prefect_cloud.contract import Fact, Part, parts  # noqa: E402 - found by the path above
from tests.environment.prefect_cloud.contract.facts import CONFIDENCES  # noqa: E402

__all__ = ["PAGE", "page"]

PAGE = ROOT / "docs" / "cloud-contract.md"

_HEAD = """\
# What is taken to be true of Prefect Cloud

The objects that only Prefect Cloud has are tested against a simulator (`tests/environment/prefect_cloud`), because
tests have no account. This page is what the simulator keeps to: every fact, where it comes from, and how sure it is.
It is made by `scripts/generate_cloud_contract.py` from the lists in `tests/environment/prefect_cloud/contract`.

Someone with an account can check it. `make cloud-check` asks the account that `PREFECT_API_KEY`,
`PREFECT_CLOUD_ACCOUNT_ID` and `PREFECT_CLOUD_WORKSPACE_ID` name, changes nothing, and prints which facts hold; facts
that are seen only by making something need a workspace that is there for that: see [cloud.md](cloud.md).

In paths, `A` stands for `/api/accounts/<account id>`, and `P` for `A/workspaces/<workspace id>`.
"""


def page() -> str:
    """The page as it should be."""
    found = parts()
    return "\n".join([_HEAD, *_summary(found), *(line for part in found for line in _section(part))])


def _summary(found: Iterable[Part]) -> list[str]:
    facts = [fact for part in found for fact in part.facts]
    counts = Counter(fact.confidence for fact in facts)
    asked, writing = (
        sum(1 for fact in facts if fact.check and (fact.writes or not of)) for of in (False, True)
    )
    check = f"`make cloud-check` can ask about {asked} of {len(facts)}, {writing} of them in a scratch workspace (✎)."
    return [
        "| Confidence | Means | Facts |",
        "| --- | --- | --- |",
        *(f"| {name} | {means} | {counts[name]} |" for name, means in CONFIDENCES.items()),
        "",
        check,
        "",
    ]


def _section(part: Part) -> list[str]:
    rows = ["| Fact | What is so | Source | Confidence |", "| --- | --- | --- | --- |"]
    return [f"## {part.title}", "", *rows, *map(_row, part.facts), ""]


def _row(fact: Fact) -> str:
    mark = "" if fact.check is None else " ✎" if fact.writes else " ✓"
    cells = (f"`{fact.id}`{mark}", fact.statement, fact.source, fact.confidence)
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def main() -> int:
    """Write the page, or compare it; return the exit status."""
    wanted = page().rstrip("\n") + "\n"
    current = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    if "--check" in sys.argv[1:]:
        if wanted != current:
            print(
                "docs/cloud-contract.md is not current; run .venv/bin/python scripts/generate_cloud_contract.py"
            )
        return int(wanted != current)
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
