"""The package of JavaScript that holds the constructs' classes for Node, as jsii loads it.

Each crossing between Python and Node takes a tenth of a millisecond and more. With classes of its own in Node a
construct crosses once, when it is made; as a class of Python's alone it would be asked for its attributes at each
synthesis, too, and twice.
"""

from __future__ import annotations

import io
import json
import tarfile
from importlib.resources import files
from typing import Any, Final

from prefect_provider.version import VERSION

__all__ = ["ASSEMBLY", "archive"]

ASSEMBLY: Final = "prefect-constructs"

_TEXT: Final = {"primitive": "string"}


def _parameters(runtime: str) -> dict[str, list[dict[str, Any]]]:
    """What the constructors take, by class: the same that ``elements.js`` has."""
    common: list[dict[str, Any]] = [
        {"name": "scope", "type": {"fqn": "constructs.Construct"}},
        {"name": "id", "type": _TEXT},
        {"name": "type", "type": _TEXT},
        {"name": "text", "type": _TEXT},
        {"name": "objects", "type": {"collection": {"elementtype": {"primitive": "any"}, "kind": "array"}}},
    ]
    meta = {"name": "meta", "type": {"fqn": f"{runtime}.TerraformMetaArguments"}, "optional": True}
    reasons = {
        "name": "reasons",
        "type": {"collection": {"elementtype": _TEXT, "kind": "array"}},
        "optional": True,
    }
    alias = {"name": "alias", "type": _TEXT, "optional": True}
    return {
        "Resource": [*common, reasons, meta],
        "DataSource": [*common, meta],
        "Provider": [*common, alias],
    }


def _manifest(runtime: str) -> dict[str, Any]:
    """What jsii has to know of the package."""
    types = {
        f"{ASSEMBLY}.{name}": {
            "assembly": ASSEMBLY,
            "base": f"{runtime}.Terraform{name}",
            "fqn": f"{ASSEMBLY}.{name}",
            "initializer": {"parameters": parameters},
            "kind": "class",
            "name": name,
        }
        for name, parameters in _parameters(runtime).items()
    }
    return {
        "author": {"name": ASSEMBLY, "roles": ["author"]},
        "dependencies": {runtime: "*", "constructs": "*"},
        "description": "Prefect's objects, for the CDK",
        "fingerprint": VERSION,
        "homepage": "",
        # Older than the compilers that weave names into classes, so that jsii gives the classes theirs.
        "jsiiVersion": "1.0.0",
        "license": "Apache-2.0",
        "name": ASSEMBLY,
        "repository": {"type": "git", "url": ""},
        "schema": "jsii/0.10.0",
        "types": types,
        "version": VERSION,
    }


def archive(runtime: str) -> bytes:
    """The package for a runtime, as a tar archive, the same to the byte each time: jsii keeps it by its hash."""
    package = {"main": "elements.js", "name": ASSEMBLY, "runtime": runtime, "version": VERSION}
    source = files("prefect_constructs.node").joinpath("elements.js").read_bytes()
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, content in {
            ".jsii": json.dumps(_manifest(runtime)).encode(),
            "elements.js": source,
            "package.json": json.dumps(package).encode(),
        }.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return packed.getvalue()
