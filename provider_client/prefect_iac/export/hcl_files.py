"""An export in the language of Terraform."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prefect_iac.configuration.hcl import block, quoted
from prefect_iac.export.files import MARK, file_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prefect_iac.export.configuration import Configuration, Configured
    from prefect_iac.export.secrets import Secret

__all__ = ["hcl_files"]

_SETTINGS: Final = """\
terraform {{
  required_version = ">= {version}"
  required_providers {{
    prefect = {{
      source = "prefect-iac/prefect"
    }}
  }}
}}"""

_ABOUT_SECRETS: Final = """\
# Secrets. While one of a block is null, the block has no `data` of its own here, so that the block that is imported
# keeps what it has, and nothing is planned. A new block needs them all; with `data_wo` they stay out of the state."""

_ABOUT_IMPORTS: Final = "# Once they are applied, these can go."


def hcl_files(configuration: Configuration, *, by_identity: bool, single: bool) -> dict[str, str]:
    """The texts by the name of their file: one for each type of object, or a ``single`` one.

    ``by_identity``: imports name the identity of their object, as Terraform can from 1.12 on, and not its import id.
    """
    objects = sorted(configuration.objects, key=lambda one: (one.object.type, one.object.label))
    parts: dict[str, list[str]] = {
        "terraform.tf": [_SETTINGS.format(version="1.12" if by_identity else "1.5")]
    }
    if configuration.secrets:
        parts["inputs.tf"] = [_ABOUT_SECRETS, *map(_variable, configuration.secrets)]
    for one in objects:
        parts.setdefault(f"{file_of(one.object.type)}.tf", []).append(_resource(one))
    if objects:
        parts["imports.tf"] = [_ABOUT_IMPORTS, *_imports(objects, by_identity=by_identity)]
    if single:
        return {"prefect.tf": _file(text for texts in parts.values() for text in texts)}
    return {name: _file(texts) for name, texts in parts.items()}


def _file(texts: Iterable[str]) -> str:
    return "\n\n".join([f"# {MARK}", *texts]) + "\n"


def _resource(one: Configured) -> str:
    return block(f'resource "{one.object.type}" "{one.object.label}"', one.body)


def _variable(secret: Secret) -> str:
    lines = [f"  description = {quoted(secret.about)}", f"  type        = {secret.type}"]
    lines += (
        ["  sensitive   = true"] if secret.is_needed else ["  sensitive   = true", "  default     = null"]
    )
    return "\n".join([f'variable "{secret.name}" {{', *lines, "}"])


def _imports(objects: Iterable[Configured], *, by_identity: bool) -> list[str]:
    return ["\n".join(["import {", *_import_lines(one, by_identity=by_identity), "}"]) for one in objects]


def _import_lines(one: Configured, *, by_identity: bool) -> list[str]:
    address = f"{one.object.type}.{one.object.label}"
    if by_identity:
        return [f"  to       = {address}", f"  identity = {{ id = {quoted(one.object.id)} }}"]
    return [f"  to = {address}", f"  id = {quoted(one.object.id)}"]
