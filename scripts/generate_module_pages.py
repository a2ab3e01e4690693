"""Writes the tables of inputs and outputs in the README of each module from its variables and outputs.

They are what is below the heading `## Inputs`; all above is written by hand. `--check` says whether they are current.
"""

import re
import sys
from pathlib import Path
from typing import NamedTuple

__all__ = ["page_of"]

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "modules"
WRITTEN = ("alerting", "deployment-with-triggers", "work-pool-with-queues")

_BLOCK = re.compile(r'^(variable|output) "(\w+)" \{\n(.*?)^\}', re.DOTALL | re.MULTILINE)
_ARGUMENT = re.compile(r"^  (\w+) += (.*?)(?=^  \w|\Z|^$)", re.DOTALL | re.MULTILINE)
_HEADING = "## Inputs\n"


class Declared(NamedTuple):
    """A variable, or an output."""

    name: str
    arguments: dict[str, str]

    @property
    def description(self) -> str:
        """What it is for."""
        text = self.arguments["description"]
        return text[1:-1].replace('\\"', '"').replace("|", "\\|")


def declared(text: str) -> list[Declared]:
    """The variables or outputs of a file, as `terraform fmt` writes it."""
    return [
        Declared(name, {key: value.rstrip() for key, value in _ARGUMENT.findall(body)})
        for _, name, body in _BLOCK.findall(text)
    ]


def page_of(module: Path) -> str:
    """The README of a module as it should be.

    Raises ValueError where it has no heading for the tables.
    """
    readme = (module / "README.md").read_text(encoding="utf-8")
    above, heading, _ = readme.partition(_HEADING)
    if not heading:
        msg = f"{module.name}/README.md: expected a heading `{_HEADING.strip()}`"
        raise ValueError(msg)
    return "\n".join([above + heading, *_inputs(module), "", "## Outputs", "", *_outputs(module), ""])


def _inputs(module: Path) -> list[str]:
    variables = declared((module / "variables.tf").read_text(encoding="utf-8"))
    lines = ["| Input | What it is | Type | Default |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {_linked(one)} | {one.description} | `{_short_type(one)}` | {_default(one)} |"
        for one in variables
    ]
    for one in variables:
        if _is_detailed(one):
            lines += ["", f"### `{one.name}`", "", "```hcl", _shifted(one.arguments["type"]), "```"]
    return lines


def _outputs(module: Path) -> list[str]:
    outputs = declared((module / "outputs.tf").read_text(encoding="utf-8"))
    lines = ["| Output | What it is |", "| --- | --- |"]
    return lines + [f"| `{one.name}` | {one.description} |" for one in outputs]


def _is_detailed(one: Declared) -> bool:
    return "\n" in one.arguments["type"]


def _linked(one: Declared) -> str:
    return f"[`{one.name}`](#{one.name})" if _is_detailed(one) else f"`{one.name}`"


def _short_type(one: Declared) -> str:
    """The type, of an object only that it is one."""
    first = one.arguments["type"].splitlines()[0]
    return first.replace("({", "") + ")" * (first.count("(") - 1) if _is_detailed(one) else first


def _default(one: Declared) -> str:
    if "default" not in one.arguments:
        return "required"
    lines = [line.strip() for line in one.arguments["default"].splitlines()]
    if len(lines) > 1:
        lines = [lines[0], ", ".join(lines[1:-1]), lines[-1]]
    return f"`{re.sub(' +', ' ', ' '.join(lines))}`"


def _shifted(text: str) -> str:
    """A type without the indentation that it has in its block."""
    return "\n".join(line.removeprefix("  ") for line in text.splitlines())


def main() -> int:
    """Write the pages, or compare them; return the exit status."""
    stale = {}
    for name in WRITTEN:
        file = MODULES / name / "README.md"
        wanted = page_of(MODULES / name)
        if file.read_text(encoding="utf-8") != wanted:
            stale[file] = wanted
    if "--check" in sys.argv[1:]:
        for file in stale:
            place = file.relative_to(ROOT).as_posix()
            print(f"{place} is not current; run .venv/bin/python scripts/generate_module_pages.py")
        return 1 if stale else 0
    for file, wanted in stale.items():
        file.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
