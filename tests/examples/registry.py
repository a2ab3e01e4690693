"""The examples in the layout of Terraform's registry, as modules of one root, and what Terraform says of them."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from prefect_provider.objects.catalogue import CLOUD_RESOURCES
from prefect_provider.objects.catalogue import DATA_SOURCES as READ
from tests.environment.prefect_cloud.cloud import OWNER_ID
from tests.environment.terraform import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.environment.terraform import Plan

__all__ = [
    "EXAMPLES",
    "INPUTS",
    "LISTED",
    "NOT_MADE",
    "ON_CLOUD",
    "READ_ON_CLOUD",
    "RESOURCES",
    "address_of",
    "modules",
    "objects",
    "planned",
    "write_hcl",
    "write_python",
]

EXAMPLES = ROOT / "examples"
_CLOUD_ONLY = {
    *(kind.type_name for kind in CLOUD_RESOURCES),
    *(kind.type_name for kind in READ if getattr(kind, "resource", None) and kind.resource.cloud_only),  # type: ignore[attr-defined]
}


def _examples(kind: str, *, cloud: bool) -> list[str]:
    """The types that have examples: what only Prefect Cloud has, or what a server has too."""
    names = sorted(path.name for path in (EXAMPLES / kind).iterdir())
    return [name for name in names if (name in _CLOUD_ONLY) == cloud]


RESOURCES = _examples("resources", cloud=False)
DATA_SOURCES = _examples("data-sources", cloud=False)
ON_CLOUD = _examples("resources", cloud=True)
READ_ON_CLOUD = _examples("data-sources", cloud=True)
LISTED = _examples("list-resources", cloud=False)

NOT_MADE = frozenset({"prefect_account", "prefect_account_member", "prefect_user"})
"""What can only be imported or taken over."""

INPUTS: dict[str, dict[str, str]] = {
    "data_prefect_user": {"user_id": OWNER_ID},
    "resource_prefect_block": {"crm_token": "no one's business"},
    "resource_prefect_resource_sla": {"deployment_id": "0198f3a4-1c7e-7c3d-9b1e-5d2f6a8c4b01"},
    "resource_prefect_user_api_key": {"user_id": OWNER_ID},
}
"""The variables that examples have."""

_REQUIRED = {"required_providers": {"prefect": {"source": "prefect-iac/prefect"}}}


def modules(resources_only: bool = False, *, cloud: bool = False) -> dict[str, Path]:
    """The folder of each example, by the name of its module; without what nobody can make."""
    resources = [one for one in ON_CLOUD if one not in NOT_MADE] if cloud else RESOURCES
    found = {f"resource_{name}": EXAMPLES / "resources" / name for name in resources}
    if not resources_only:
        read = READ_ON_CLOUD if cloud else DATA_SOURCES
        found |= {f"data_{name}": EXAMPLES / "data-sources" / name for name in read}
    return found


def write_hcl(directory: Path, chosen: Mapping[str, Path]) -> dict[str, Any]:
    """Write the modules in HCL; the root that calls them."""
    for name, folder in chosen.items():
        source = folder / ("resource.tf" if name.startswith("resource_") else "data-source.tf")
        (directory / name).mkdir()
        (directory / name / "main.tf").write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
        requirement = json.dumps({"terraform": _REQUIRED})
        (directory / name / "required_providers.tf.json").write_text(requirement, encoding="utf-8")
    return _root(chosen)


def write_python(directory: Path, stacks: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Write what was synthesized as modules; the root that calls them."""
    for name, stack in stacks.items():
        # What only a root module may have.
        module = {key: value for key, value in stack.items() if key != "provider"} | {"terraform": _REQUIRED}
        (directory / name).mkdir()
        (directory / name / "main.tf.json").write_text(json.dumps(module), encoding="utf-8")
    return _root(stacks)


def _root(names: Mapping[str, object]) -> dict[str, Any]:
    return {"module": {name: {"source": f"./{name}"} | INPUTS.get(name, {}) for name in names}}


def address_of(type_name: str, file: str = "import-by-string-id.tf") -> str:
    """The address that an example imports to."""
    text = (EXAMPLES / "resources" / type_name / file).read_text(encoding="utf-8")
    (found,) = re.findall(rf"\b{type_name}\.\w+", text)
    return str(found)


def planned(plan: Plan) -> dict[str, Counter[str]]:
    """What a plan makes and reads, by module, whatever it is called there."""
    found: dict[str, Counter[str]] = {}
    for change in plan.json["resource_changes"]:
        values = {"after": change["change"]["after"], "unknown": change["change"]["after_unknown"]}
        _count(found, change["module_address"], change, values)
    # What is known before the apply was read by the plan.
    for module, resource in _resources(plan.json.get("prior_state", {})):
        _count(found, module, resource, resource["values"])
    return found


def _count(found: dict[str, Counter[str]], module: str, one: Mapping[str, Any], values: object) -> None:
    what = json.dumps([one["mode"], one["type"], values], sort_keys=True)
    found.setdefault(module.removeprefix("module."), Counter())[what] += 1


def objects(state: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The resources and data sources of a state in Terraform's JSON form, by module."""
    found: dict[str, list[dict[str, Any]]] = {}
    for module, resource in _resources(state):
        found.setdefault(module.removeprefix("module."), []).append(resource)
    return found


def _resources(state: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for module in state.get("values", {}).get("root_module", {}).get("child_modules", []):
        for resource in module.get("resources", []):
            yield module["address"], resource
