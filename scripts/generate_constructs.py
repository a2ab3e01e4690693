"""Write the construct classes from the declarations of resources, data sources and the provider, and from the rules.

A resource becomes a class of its name, `WorkPool`, that is also called `PrefectWorkPool`; one for which there is a
richer class written by hand, or whose short name is that of something else, keeps the second name only. The classes of
an automation's actions, and the words that Prefect has for states, postures and metrics, come from the rules. What is
in no state, actions of Terraform and ephemeral resources, are classes as well, and the functions are methods of one.

Run it after a change of a declaration: ``python scripts/generate_constructs.py``. The output is committed, so
that editors and type checkers see every argument. With ``--check`` nothing is written: it lists what is out
of date.
"""

import sys
from pathlib import Path

from construct_classes import PREFIXED, Writer
from environment import ROOT
from function_classes import function_module
from prefect_provider.objects.catalogue import ACTIONS, DATA_SOURCES, EPHEMERAL_RESOURCES, RESOURCES
from prefect_provider.provider import PrefectProvider
from python_text import camel, snake
from rule_classes import action_module, reference_module, vocabulary_module

__all__ = ["OUTPUT", "differences", "generate"]

OUTPUT = ROOT / "constructs" / "prefect_constructs" / "_generated"


def generate() -> dict[Path, str]:
    """Return every module, by the path that it belongs at."""
    modules: dict[Path, str] = {}
    exported: list[tuple[str, list[str]]] = []
    writers = _writers()
    for writer in writers:
        text = writer.text()
        module = f"prefect_{snake(writer.name.removeprefix('Prefect'))}"
        for kind in ("data", "ephemeral"):
            module = module.replace(f"prefect_{kind}_prefect_", f"{kind}_prefect_")
        modules[OUTPUT / f"{module}.py"] = text
        exported.append((module, writer.names))
    for module, (text, names) in {
        "actions": action_module(),
        "functions": function_module(),
        "references": reference_module(
            {writer.name: writer.declaration for writer in writers if not writer.is_stateless}
        ),
        "vocabulary": vocabulary_module(),
    }.items():
        modules[OUTPUT / f"{module}.py"] = text
        exported.append((module, names))
    modules[OUTPUT / "__init__.py"] = _package(sorted(exported))
    return modules


def _writers() -> list[Writer]:
    writers = [Writer(PrefectProvider, "PrefectProvider", "PrefectProviderElement", "provider prefect")]
    for resource in RESOURCES:
        prefixed = resource.type_name in PREFIXED
        name = camel(resource.type_name if prefixed else resource.type_name.removeprefix("prefect_"))
        writers.append(Writer(resource, name, "PrefectResource", f"resource {resource.type_name}"))
    for source in DATA_SOURCES:
        name = f"Data{camel(source.type_name)}"
        writers.append(Writer(source, name, "PrefectDataSource", f"data {source.type_name}"))
    for ephemeral in EPHEMERAL_RESOURCES:
        name = f"Ephemeral{camel(ephemeral.type_name)}"
        writers.append(Writer(ephemeral, name, "PrefectEphemeral", f"ephemeral {ephemeral.type_name}"))
    for action in ACTIONS:
        # An automation's action has the name without the last word.
        name = f"{camel(action.type_name.removeprefix('prefect_'))}Action"
        writers.append(Writer(action, name, "PrefectAction", f"action {action.type_name}"))
    return writers


def _package(exported: list[tuple[str, list[str]]]) -> str:
    """The package, which imports a module when one of its names is asked for."""
    lines = [
        '"""The constructs that mirror the provider one to one, and the classes that are made from the rules.',
        "",
        "Written by ``scripts/generate_constructs.py``.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
        "from typing import TYPE_CHECKING, Final",
        "",
        "from prefect_constructs.lazy import lazily",
        "",
        "if TYPE_CHECKING:",
    ]
    for module, names in exported:
        if not names:
            continue
        lines.append(f"    from prefect_constructs._generated.{module} import (")
        lines += [f"        {name}," for name in names]
        lines.append("    )")
    homes = {name: module for module, names in exported for name in names}
    lines += ["", "__all__ = ["]
    lines += [f'    "{name}",' for name in sorted(homes)]
    lines += ["]", "", "HOMES: Final = {"]
    lines += [f'    "{name}": "{home}",' for name, home in sorted(homes.items())]
    lines += ["}", '"""The module of each name."""', "", "if not TYPE_CHECKING:"]
    lines += ["    __getattr__, __dir__ = lazily(__name__, HOMES)", ""]
    return "\n".join(lines)


def differences() -> list[str]:
    """Return what the committed modules differ in from what would be written, one line for each."""
    expected = generate()
    found = [f"{path.name}: out of date" for path, text in expected.items() if _read(path) != text]
    superfluous = [path for path in OUTPUT.glob("*.py") if path not in expected]
    return found + [f"{path.name}: no longer generated" for path in superfluous]


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def main() -> int:
    """Write what differs, or list it."""
    found = differences()
    if "--check" in sys.argv[1:]:
        for line in found:
            print(f"{line}; run scripts/generate_constructs.py")
        return 1 if found else 0
    OUTPUT.mkdir(exist_ok=True)
    expected = generate()
    for path in OUTPUT.glob("*.py"):
        if path not in expected:
            path.unlink()
    for path, text in expected.items():
        path.write_text(text, encoding="utf-8")
    for line in found:
        print(line.replace("out of date", "written").replace("no longer generated", "removed"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
