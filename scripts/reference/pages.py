"""The pages of the reference: front matter, an example first, then the schema, then how to import."""

import inspect
import re

from prefect_provider.functions import functions
from prefect_provider.objects.catalogue import ACTIONS, DATA_SOURCES, EPHEMERAL_RESOURCES, RESOURCES
from prefect_provider.objects.listing import has_listing, listing_of
from prefect_provider.objects.remote import RemoteObject
from prefect_provider.plugin.language.action import Action
from prefect_provider.plugin.language.function import Function
from prefect_provider.plugin.language.resource import DataSource, EphemeralResource
from prefect_provider.provider import PrefectProvider
from reference.examples import Examples
from reference.schema import identity_lines, schema, type_words
from reference.subjects import SUBJECTS, subject_of

__all__ = ["NOTE", "pages"]

NOTE = "<!-- Made from the declarations and the examples by scripts/generate_reference.py. Do not edit. -->\n"


def pages(examples: Examples) -> dict[str, str]:
    """Every page, by its path in `docs/`.

    Raises MissingExamplesError for objects without an example, UnknownSubjectError for those under no subject.
    """
    found: dict[str, str] = {}
    for resource in RESOURCES:
        found[f"resources/{_stem(resource)}.md"] = _resource(resource, examples)
        if has_listing(resource):
            found[f"list-resources/{_stem(resource)}.md"] = _listing(resource, examples)
    for source in DATA_SOURCES:
        found[f"data-sources/{_stem(source)}.md"] = _data_source(source, examples)
    for ephemeral in EPHEMERAL_RESOURCES:
        found[f"ephemeral-resources/{_stem(ephemeral)}.md"] = _ephemeral(ephemeral, examples)
    for action in ACTIONS:
        found[f"actions/{_stem(action)}.md"] = _action(action, examples)
    for function in functions():
        found[f"functions/{function.name}.md"] = _function(function, examples)
    found["index.md"] = _index(examples, found)
    examples.check()
    return found


def _stem(kind: type[RemoteObject | DataSource | EphemeralResource | Action]) -> str:
    """A type without the provider's name, as the registry has it in addresses."""
    return kind.type_name.removeprefix("prefect_")


def _resource(resource: type[RemoteObject], examples: Examples) -> str:
    folder = f"resources/{resource.type_name}"
    return _page(
        f"{resource.type_name} Resource - prefect",
        subject_of(_stem(resource)),
        f"{resource.type_name} (Resource)",
        resource.documentation(),
        _usage(examples, f"{folder}/resource.tf", f"{folder}/resource.py"),
        schema(resource),
        _import(resource, examples),
    )


def _data_source(source: type[DataSource], examples: Examples) -> str:
    folder = f"data-sources/{source.type_name}"
    return _page(
        f"{source.type_name} Data Source - prefect",
        subject_of(_stem(source)),
        f"{source.type_name} (Data Source)",
        source.documentation(),
        _usage(examples, f"{folder}/data-source.tf", f"{folder}/data_source.py"),
        schema(source),
    )


def _ephemeral(ephemeral: type[EphemeralResource], examples: Examples) -> str:
    return _page(
        f"{ephemeral.type_name} Ephemeral Resource - prefect",
        subject_of(_stem(ephemeral)),
        f"{ephemeral.type_name} (Ephemeral Resource)",
        ephemeral.documentation(),
        _usage(examples, f"ephemeral-resources/{ephemeral.type_name}/ephemeral-resource.tf"),
        schema(ephemeral),
    )


def _action(action: type[Action], examples: Examples) -> str:
    return _page(
        f"{action.type_name} Action - prefect",
        subject_of(_stem(action)),
        f"{action.type_name} (Action)",
        f"{action.documentation()}\n\nActions need Terraform 1.14 or newer.",
        _usage(examples, f"actions/{action.type_name}/action.tf"),
        schema(action),
    )


def _listing(resource: type[RemoteObject], examples: Examples) -> str:
    return _page(
        f"{resource.type_name} List Resource - prefect",
        subject_of(_stem(resource)),
        f"{resource.type_name} (List Resource)",
        listing_of(resource).documentation(),
        _usage(examples, f"list-resources/{resource.type_name}/list-resource.tfquery.hcl")
        + f"\nIn a file such as `{resource.noun().replace(' ', '_')}s.tfquery.hcl`, for Terraform 1.14 or newer: "
        "`terraform query` shows what there is; with `-generate-config-out=found.tf` it writes resources with their "
        "`import` blocks. The list block also takes `limit` (100 when left out) and `include_resource`.\n",
        schema(listing_of(resource)),
    )


def _function(function: type[Function], examples: Examples) -> str:
    path = f"functions/{function.name}/function.tf"
    read = [
        f"\n`{name}`:\n\n{examples.block(f'functions/{function.name}/{name}')}"
        for name in examples.beside(path)
    ]
    variadic = () if function.variadic is None else (function.variadic,)
    parameters = [f"{one.name} {type_words(one.type).lower()}" for one in function.parameters]
    parameters += [f"{one.name} {type_words(one.type).lower()}..." for one in variadic]
    signature = f"{function.name}({', '.join(parameters)}) {type_words(function.returns).lower()}"
    arguments = [
        f"{number}. `{one.name}` ({type_words(one.type)}{', Variadic' if one in variadic else ''}) {one.description}"
        for number, one in enumerate((*function.parameters, *variadic), 1)
    ]
    return _page(
        f"{function.name} Function - prefect",
        subject_of(function.name),
        f"{function.name} (Function)",
        f"{inspect.cleandoc(function.__doc__ or '')}\n\nFunctions need Terraform 1.8 or newer.",
        _usage(examples, path) + "".join(read),
        f"## Signature\n\n```text\n{signature}\n```\n",
        "## Arguments\n\n" + "\n".join(arguments) + "\n",
    )


def _index(examples: Examples, others: dict[str, str]) -> str:
    return _page(
        "Provider: Prefect",
        None,
        "Prefect Provider",
        PrefectProvider.documentation(),
        _usage(examples, "provider/provider.tf", "provider/provider.py"),
        schema(PrefectProvider),
        _contents(others),
    )


def _contents(others: dict[str, str]) -> str:
    """All other pages, by subject."""
    lines = ["## Pages\n"]
    for subject in SUBJECTS:
        lines.append(f"**{subject}**\n")
        kinds: dict[str, list[str]] = {}
        for path in others:
            kind, _, file = path.partition("/")
            stem = file.removesuffix(".md")
            if subject_of(stem) == subject:
                kinds.setdefault(kind, []).append(f"[{stem}]({path})")
        lines += [f"- {kind.replace('-', ' ')}: {', '.join(links)}" for kind, links in kinds.items()]
        lines.append("")
    return "\n".join(lines)


def _usage(examples: Examples, hcl: str, python: str = "") -> str:
    text = f"## Example Usage\n\n{examples.block(hcl)}"
    if python:
        text += f"\nThe same in Python:\n\n{examples.block(python)}"
    return text


def _import(resource: type[RemoteObject], examples: Examples) -> str:
    folder = f"resources/{resource.type_name}"
    required = identity_lines(resource.attributes[name] for name in resource.identified_by)
    places = identity_lines(resource.attributes[name] for name in resource.located_by)
    identity = f"An identity has:\n\n{required}\n"
    if places:
        identity += f"\nIt may also name its place; left out, that is the provider's:\n\n{places}\n"
    return (
        "## Import\n\n"
        f"By id, which is {resource.import_form()}:\n\n"
        + examples.block(f"{folder}/import-by-string-id.tf")
        + "\nThe same on the command line:\n\n"
        + examples.block(f"{folder}/import.sh")
        + "\nBy identity, which the state holds beside the attributes (Terraform 1.12 or newer):\n\n"
        + examples.block(f"{folder}/import-by-identity.tf")
        + f"\n{identity}"
    )


def _page(title: str, subject: str | None, heading: str, text: str, *sections: str) -> str:
    front = ["---", f'page_title: "{title}"']
    if subject is not None:
        front.append(f'subcategory: "{subject}"')
    front += ["description: |-", f"  {_summary(text)}", "---"]
    parts = [
        "\n".join(front),
        NOTE.rstrip(),
        f"# {heading}",
        text,
        *(section.rstrip() for section in sections),
    ]
    return "\n\n".join(parts) + "\n"


def _summary(text: str) -> str:
    """The first paragraph on one line, without Markdown."""
    first = " ".join(text.split("\n\n", 1)[0].split())
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", first).replace("`", "")
