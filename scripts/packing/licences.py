"""Writes the licences of all that a package brings besides this project; runs in the environment that it was made in.

Takes the project's distribution and the file to write; on standard input, as JSON, the modules and the shared libraries
of the package. Ends with status 1 where something has no known licence.
"""

import json
import re
import sys
from importlib import metadata
from pathlib import Path

# Libraries of the system and of the interpreter, by the beginning of their names.
LIBRARIES = {
    "api-ms-win": "Microsoft Universal C Runtime (redistributable)",
    "libbz2": "bzip2-1.0.6",
    "libcrypto": "Apache-2.0 (OpenSSL)",
    "libexpat": "MIT (Expat)",
    "libffi": "MIT",
    "libgcc": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "liblzma": "0BSD (XZ Utils)",
    "libmpdec": "BSD-2-Clause",
    "libpython": "PSF-2.0",
    "libssl": "Apache-2.0 (OpenSSL)",
    "libstdc++": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libuuid": "BSD-3-Clause (util-linux)",
    "libz": "Zlib",
    "Python": "PSF-2.0",
    "python3": "PSF-2.0",
    "ucrtbase": "Microsoft Universal C Runtime (redistributable)",
    "vcruntime": "Microsoft Visual C++ Runtime (redistributable)",
}
_TEXTS = re.compile(r"(licen[cs]e|copying|notice|authors)[^/]*$", re.IGNORECASE)
_RULE = "=" * 100


def main(project: str, target: Path) -> int:
    """Write the file; return the exit status."""
    given = json.load(sys.stdin)
    tops = {name.partition(".")[0] for name in given["modules"]}
    owners = metadata.packages_distributions()
    names = {owner for top in tops for owner in owners.get(top, [])} - {project}
    unknown: list[str] = []
    parts = [_heading(), _interpreter(), _bootloader()]
    for library in given["libraries"]:
        known = next((text for start, text in LIBRARIES.items() if library.startswith(start)), None)
        if known is None:
            unknown.append(library)
        parts.append(f"{_RULE}\n{library}\nLicence: {known}\n")
    for name in sorted(names, key=str.lower):
        distribution = metadata.distribution(name)
        licence = _licence(distribution)
        if licence is None:
            unknown.append(name)
        parts.append(f"{_RULE}\n{name} {distribution.version}\nLicence: {licence}\n\n{_texts(distribution)}")
    if unknown:
        print(f"no licence is known of {', '.join(unknown)}", file=sys.stderr)
        return 1
    target.write_text("\n".join(parts), encoding="utf-8", newline="\n")
    return 0


def _heading() -> str:
    return (
        "This package brings an interpreter, libraries and Python distributions of others, so that it needs none\n"
        "of the machine that it runs on. These are their licences. The provider's own is Apache-2.0, in LICENSE.\n"
    )


def _interpreter() -> str:
    version = sys.version.partition(" ")[0]
    found = [
        Path(sys.base_prefix, *parts)
        for parts in (
            ("lib", f"python{sys.version_info[0]}.{sys.version_info[1]}", "LICENSE.txt"),
            ("LICENSE.txt",),
        )
    ]
    text = next((path.read_text(encoding="utf-8") for path in found if path.is_file()), "")
    return f"{_RULE}\nCPython {version}\nLicence: PSF-2.0, https://docs.python.org/3/license.html\n\n{text}"


def _bootloader() -> str:
    version = metadata.version("pyinstaller")
    return (
        f"{_RULE}\nPyInstaller {version}: the bootloader, and the modules that it starts\n"
        "Licence: GPL-2.0-or-later WITH Bootloader-exception; run-time hooks Apache-2.0\n"
    )


def _licence(distribution: metadata.Distribution) -> str | None:
    """What a distribution says of its licence: an expression, a short text, or a classifier."""
    told = distribution.metadata
    for field in ("License-Expression", "License"):
        text = str(told.json.get(field.lower().replace("-", "_")) or "").strip()
        if text and "\n" not in text and text.lower() not in ("unknown", "dual license"):
            return text
    classifiers = [text for text in told.get_all("Classifier") or [] if text.startswith("License :: ")]
    return ", ".join(text.rpartition(" :: ")[2] for text in classifiers) or None


def _texts(distribution: metadata.Distribution) -> str:
    files = [
        file
        for file in distribution.files or []
        if ".dist-info/" in str(file) and _TEXTS.search(str(file)) and Path(str(file.locate())).is_file()
    ]
    return "\n".join(file.read_text(encoding="utf-8") for file in sorted(files, key=str))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
