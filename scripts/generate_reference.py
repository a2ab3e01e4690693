"""Writes the reference pages in `docs/reference/` from the declarations; `--check` says whether they are current."""

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

from prefect_provider.functions import functions
from prefect_provider.objects.catalogue import ACTIONS, DATA_SOURCES, EPHEMERAL_RESOURCES, RESOURCES
from prefect_provider.objects.listing import has_listing, listing_of
from prefect_provider.objects.remote import RemoteObject
from prefect_provider.plugin.language.declaration import Attribute, Declaration
from prefect_provider.plugin.language.nested import NestedKind
from prefect_provider.plugin.wire.messages import describe
from prefect_provider.provider import PrefectProvider

DIRECTORY = Path(__file__).resolve().parent.parent / "docs" / "reference"
NOTE = "<!-- Made from the declarations by scripts/generate_reference.py. Do not edit. -->\n"


def pages() -> dict[str, str]:
    """Every page, by file name."""
    found = {"provider.md": _page("Provider `prefect`", PrefectProvider)}
    for resource in RESOURCES:
        found[f"{resource.type_name}.md"] = _page(f"Resource `{resource.type_name}`", resource) + _import(
            resource
        )
        if has_listing(resource):
            found[f"list_{resource.type_name}.md"] = _listing(resource)
    for source in DATA_SOURCES:
        found[f"data_{source.type_name}.md"] = _page(f"Data source `{source.type_name}`", source)
    for ephemeral in EPHEMERAL_RESOURCES:
        title = f"Ephemeral resource `{ephemeral.type_name}`"
        found[f"ephemeral_{ephemeral.type_name}.md"] = _page(title, ephemeral)
    for action in ACTIONS:
        found[f"action_{action.type_name}.md"] = _page(f"Action `{action.type_name}`", action)
    found["functions.md"] = _functions()
    return found


def _functions() -> str:
    lines = [NOTE, "# Functions\n", "Called as `provider::prefect::<name>(...)`; Terraform 1.8 or newer.", ""]
    for function in functions():
        variadic = () if function.variadic is None else (function.variadic,)
        names = ", ".join(
            [*(one.name for one in function.parameters), *(f"{one.name}..." for one in variadic)]
        )
        lines += [f"## `{function.name}({names})`\n", inspect.cleandoc(function.__doc__ or ""), ""]
        lines += [
            f"- `{parameter.name}`: {parameter.description}"
            for parameter in (*function.parameters, *variadic)
        ]
        lines.append("")
    return "\n".join(lines)


def _page(title: str, declaration: type[Declaration]) -> str:
    lines = [NOTE, f"# {title}\n", declaration.documentation(), ""]
    for heading, chosen in (
        ("Required", [a for a in declaration.attributes.values() if a.required]),
        ("Optional", [a for a in declaration.attributes.values() if a.optional]),
        ("Set by Prefect", [a for a in declaration.attributes.values() if not a.configurable]),
    ):
        if chosen:
            lines += [
                f"## {heading}\n",
                *(line for attribute in chosen for line in _attribute(attribute, ())),
                "",
            ]
    return "\n".join(lines)


def _attribute(attribute: Attribute, inside: tuple[str, ...]) -> Iterator[str]:
    facts = [attribute.kind.label]
    if attribute.sensitive:
        facts.append("sensitive")
    if attribute.write_only:
        facts.append("write-only")
    if inside and attribute.required:
        facts.append("required")
    indent = "  " * len(inside)
    line = f"{indent}- `{attribute.name}` ({', '.join(facts)}): {describe(attribute)}"
    if not isinstance(attribute.kind, NestedKind):
        yield line
    elif attribute.name in inside or {"compound", "sequence"} <= {*inside, attribute.name}:
        # Triggers combine triggers, which is written out once.
        yield f"{line} As above."
    else:
        yield line
        for inner in attribute.kind.nested.attributes.values():
            yield from _attribute(inner, (*inside, attribute.name))


def _listing(resource: type[RemoteObject]) -> str:
    noun = resource.noun()
    block = f'list "{resource.type_name}" "all" {{\n  provider = prefect\n\n  config {{}}\n}}'
    return (
        _page(f"List resource `{resource.type_name}`", listing_of(resource))
        + f"\n## Usage\n\nIn a file such as `{noun.replace(' ', '_')}s.tfquery.hcl` (Terraform 1.14 or newer):\n\n"
        f"```hcl\n{block}\n```\n\n"
        "`terraform query` shows what there is; with `-generate-config-out=found.tf` it writes resources with their "
        "`import` blocks. The list block also takes `limit` (100 when left out) and `include_resource`.\n"
    )


def _import(resource: type[RemoteObject]) -> str:
    return (
        "\n## Import\n\n"
        f"The import id is {resource.import_form()}.\n\n"
        f'```hcl\nimport {{\n  to = {resource.type_name}.example\n  id = "<import id>"\n}}\n```\n'
        + _import_by_identity(resource)
    )


def _import_by_identity(resource: type[RemoteObject]) -> str:
    needed = "\n".join(f'    {name} = "<{name.replace("_", " ")}>"' for name in resource.identified_by)
    places = " and ".join(f"`{name}`" for name in resource.located_by)
    also = f"\nIt may also name {places}; left out, they are the provider's.\n" if places else ""
    return (
        "\nBy identity (Terraform 1.12 or newer), which the state holds beside the attributes:\n\n"
        f"```hcl\nimport {{\n  to = {resource.type_name}.example\n  identity = {{\n{needed}\n  }}\n}}\n```\n{also}"
    )


def main() -> int:
    """Write the pages, or compare them; return the exit status."""
    wanted = pages()
    existing = {path.name: path.read_text(encoding="utf-8") for path in DIRECTORY.glob("*.md")}
    if "--check" in sys.argv[1:]:
        stale = sorted(name for name in {*wanted, *existing} if wanted.get(name) != existing.get(name))
        for name in stale:
            print(f"docs/reference/{name} is not current; run .venv/bin/python scripts/generate_reference.py")
        return 1 if stale else 0
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    for name in existing.keys() - wanted.keys():
        (DIRECTORY / name).unlink()
    for name, text in wanted.items():
        (DIRECTORY / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
