"""Compile the protocol descriptions (``*.proto``) to the Python modules beside them.

Run it after a change to a description: ``python scripts/compile_protocol.py``. The output is committed,
so nobody needs the compiler to install or run the provider. Needs ``grpcio-tools``.

The compiler puts a check of the protobuf runtime's version into what it writes: a newer compiler would
shut out every older runtime. It is taken out again; ``pyproject.toml`` says which runtimes will do, and the
output is then the same whichever version of the compiler wrote it.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

SOURCE_ROOT = Path(__file__).resolve().parent.parent / "provider_client"
PROTOCOL = SOURCE_ROOT / "prefect_provider" / "plugin" / "wire" / "protocol"

VERSION_CHECK = re.compile(
    r"^# Protobuf Python Version: .*\n"
    r"|^from google\.protobuf import runtime_version as _runtime_version\n"
    r"|^_runtime_version\.ValidateProtobufRuntimeVersion\(\n(?:    .*\n)*\)\n",
    re.MULTILINE,
)


def compile_protocol() -> dict[Path, str]:
    """The generated modules and their type stubs: where each belongs, and its text."""
    from grpc_tools import protoc

    sources = sorted(PROTOCOL.glob("*.proto"))
    well_known_types = Path(protoc.__file__).parent / "_proto"
    with tempfile.TemporaryDirectory() as out:
        arguments = [f"-I{SOURCE_ROOT}", f"-I{well_known_types}", f"--python_out={out}", f"--pyi_out={out}"]
        code = protoc.main(["protoc", *arguments, *(str(source) for source in sources)])
        if code != 0:
            msg = f"protoc refused {', '.join(source.name for source in sources)}: see its message above"
            raise SystemExit(msg)
        written = [path for path in Path(out).rglob("*") if path.is_file()]
        return {SOURCE_ROOT / path.relative_to(out): _tidy(path) for path in written}


def _tidy(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".pyi":
        # The compiler's stubs leave out the type arguments of mappings, and some parameters.
        return '# mypy: disable-error-code="type-arg,no-untyped-def"\n' + text
    return VERSION_CHECK.sub("", text)


def main() -> int:
    """Write what differs, and say so."""
    for path, text in sorted(compile_protocol().items()):
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(SOURCE_ROOT.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
