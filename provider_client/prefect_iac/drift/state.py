"""The objects in a Terraform state, in each form in which Terraform gives it away.

These are Terraform's documented forms: the state file is version 4; what ``terraform show -json`` prints of a state or
of a plan has a ``format_version`` whose major number is 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_iac.drift.plan import planned_objects
from prefect_iac.drift.state_file import stored_objects
from prefect_iac.plan.reading import is_plan
from prefect_iac.plan.shown import shown_objects
from prefect_iac.plan.stored_object import StateError, StoredObject, json_kind
from prefect_provider.text import json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["read_state"]

_FILE_VERSION: Final = 4
_OUTPUT_MAJOR: Final = "1"


def read_state(text: str) -> list[StoredObject]:
    """The managed objects of a state or of a plan, in its order; none of nothing, as before the first apply.

    An object that is damaged is among them, and says so. Raises :class:`StateError` for text that is none of the forms
    of a state, or of a version that is not known.
    """
    text = text.removeprefix("\ufeff")
    if not text.strip():
        return []
    try:
        document = json.parse(text)
    except ValueError as error:
        msg = f"expected a Terraform state as JSON, got text that is not JSON ({error})"
        raise StateError(msg) from error
    if not isinstance(document, dict):
        msg = f"expected a Terraform state, got {json_kind(document)}"
        raise StateError(msg)
    try:
        objects = list(_objects(document))
    except RecursionError:
        msg = "the state is damaged: its modules are nested too deeply"
        raise StateError(msg) from None
    if objects and not any(stored.type for stored in objects):
        raise StateError(objects[0].damage)
    return objects


def _objects(document: Mapping[str, Any]) -> Iterable[StoredObject]:
    if not document:
        return ()
    if "format_version" in document:
        major = str(document["format_version"]).partition(".")[0]
        if major != _OUTPUT_MAJOR:
            msg = (
                f"expected format_version {_OUTPUT_MAJOR}.x of `terraform show -json`, got "
                f"{document['format_version']}; a newer prefect-iac may know it"
            )
            raise StateError(msg)
        return planned_objects(document) if is_plan(document) else shown_objects(document)
    if "encrypted_data" in document:
        msg = "expected a state that can be read, got one that OpenTofu encrypted; pipe in `tofu state pull`"
        raise StateError(msg)
    version = document.get("version")
    if version == _FILE_VERSION and not isinstance(version, bool):
        return stored_objects(document)
    if isinstance(version, int) and ("resources" in document or "modules" in document):
        msg = f"expected version {_FILE_VERSION} of the state file, got {version}; {_remedy(version)}"
        raise StateError(msg)
    msg = "expected a state file or the output of `terraform show -json`, got other JSON"
    raise StateError(msg)


def _remedy(version: int) -> str:
    if version > _FILE_VERSION:
        return "a newer prefect-iac may know it"
    return "run `terraform apply -refresh-only` once with a current Terraform to rewrite it"
