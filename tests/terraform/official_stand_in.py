"""A stand-in for the official provider: its schemas, without identities, and objects that stay as they are.

What it reads is the state that Terraform hands over: it shows what becomes of a state on its way to the official
provider. As HashiCorp's framework does for that one, it drops attributes that it does not know, and is particular about
private data.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.plugin.language.declaration import Nested, computed, optional, required
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import AnyValue, Bool, ListOf, MapOf, Number, SetOf, String
from prefect_provider.plugin.language.nested import NestedList, NestedSet, NestedSingle
from prefect_provider.plugin.language.provider import Provider
from prefect_provider.plugin.language.resource import Resource
from prefect_provider.plugin.service.provider_service import ProviderService
from prefect_provider.plugin.serving.process import leave, run
from prefect_provider.plugin.serving.rpc import Service

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prefect_provider.plugin.language.diagnostics import Diagnostics
    from prefect_provider.plugin.language.values import Values

__all__ = ["install", "main"]

_ROOT: Final = Path(__file__).resolve().parents[2]
_PEER: Final[dict[str, Any]] = json.loads((_ROOT / "tests" / "peer_schema.json").read_text(encoding="utf-8"))

_SIMPLE: Final = {"string": String, "number": Number, "bool": Bool, "dynamic": AnyValue}
_OF: Final = {"list": ListOf, "set": SetOf, "map": MapOf}
_NESTED: Final[dict[str, Any]] = {"list": NestedList, "set": NestedSet, "single": NestedSingle}

_PROGRAM: Final = """#!{python}
import sys
sys.path[:0] = {path!r}
from tests.terraform.official_stand_in import main
main()
"""


def install(directory: Path, ours: Path) -> Path:
    """Write the program, and a command line configuration that names it beside our provider in ``ours``."""
    program = directory / "terraform-provider-prefect"
    path = [str(_ROOT), str(_ROOT / "provider_client")]
    program.write_text(_PROGRAM.format(python=sys.executable, path=path), encoding="utf-8")
    program.chmod(0o755)
    config = directory / "terraformrc"
    overrides = f'"prefecthq/prefect" = "{directory}"\n"prefect-iac/prefect" = "{ours}"\n'
    config.write_text(
        f"provider_installation {{\ndev_overrides {{\n{overrides}}}\ndirect {{}}\n}}\n", encoding="utf-8"
    )
    return config


def _attributes(theirs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _attribute(name, their) for name, their in theirs.items()}


def _attribute(name: str, their: Any) -> Any:
    if isinstance(their, dict):
        inner = type(name.title(), (Nested,), _attributes(their["attributes"]))
        flags, kind = their["flags"], _NESTED[their["nesting"]](inner)
    else:
        flags, _, text = their.partition(" ")
        outer, _, element = text.rstrip(")").partition("(")
        kind = _OF[outer](_SIMPLE[element]()) if element else _SIMPLE[outer]()
    marks: Any = {"sensitive": "S" in flags}
    if "R" in flags:
        return required(kind, "As theirs.", **marks)
    if "O" not in flags:
        return computed(kind, "As theirs.", **marks)
    if "W" in flags:
        return optional(kind, "As theirs.", write_only=True, **marks)
    return optional(kind, "As theirs.", server_default="C" in flags, **marks)


class _Unchanging(Resource):
    async def read(self, state: Values) -> Values:
        """What is in the state."""
        return state

    async def delete(self, prior: Values) -> None:
        """Nothing is there."""


class StandIn(Provider):
    """Every resource of the official provider that a self-hosted server has."""

    name = "prefect"
    version = "3.4.1"

    def resources(self) -> Sequence[type[Resource]]:
        """From the schema."""
        return [
            type(
                name,
                (_Unchanging,),
                {"type_name": name, "schema_version": schema["version"], **_attributes(schema["attributes"])},
            )
            for name, schema in _PEER["resources"].items()
        ]

    async def configure(self, config: Values, terraform_version: str, diagnostics: Diagnostics) -> Any:
        """Nothing is needed."""
        return object()


def _as_framework_reads(private: bytes) -> None:
    """Raise ProviderError where HashiCorp's framework has an error for private data.

    It wants an object of bytes (base64, or a list of numbers) that are JSON, each; what is an object, but not of bytes,
    is dropped.
    """
    values = json.loads(private).values() if private else ()
    if all(isinstance(value, list) and not value for value in values) and values:
        msg = "Error Decoding Private State"
        raise ProviderError(msg, f"{private!r} has bytes that are no JSON.")


def _services() -> Sequence[Service]:
    provider = StandIn()
    service = ProviderService(provider)
    methods = service.methods()
    request, response, read = methods["ReadResource"]

    async def particular(message: Any) -> Any:
        _as_framework_reads(message.private)
        message.private = b""
        return await read(message)

    methods = {**methods, "ReadResource": (request, response, particular)}
    return [Service("tfplugin6.Provider", methods, service.streams(), close=provider.close)]


def main() -> None:
    """Serve Terraform until it is done."""
    leave(run(_services, address="prefecthq/prefect"))
