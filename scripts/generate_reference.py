"""Writes the reference in `docs/`, in the layout of Terraform's registry, from the declarations and the examples.

`--check` says whether the pages are current.
"""

import sys
from pathlib import Path

from reference.examples import Examples, MissingExamplesError
from reference.pages import pages
from reference.subjects import UnknownSubjectError

__all__ = ["DIRECTORY", "existing_pages", "wanted_pages"]

ROOT = Path(__file__).resolve().parent.parent
DIRECTORY = ROOT / "docs"
EXAMPLES = ROOT / "examples"
FOLDERS = ("actions", "data-sources", "ephemeral-resources", "functions", "list-resources", "resources")


def wanted_pages(examples: Path = EXAMPLES) -> dict[str, str]:
    """Every page as it should be, by its path in `docs/`.

    Raises MissingExamplesError for objects without an example, UnknownSubjectError for those under no subject.
    """
    return pages(Examples(examples))


def existing_pages() -> dict[str, str]:
    """Every page as it is, those included that should not be there."""
    files = [file for folder in FOLDERS for file in (DIRECTORY / folder).glob("*")]
    index = DIRECTORY / "index.md"
    return {
        file.relative_to(DIRECTORY).as_posix(): file.read_text(encoding="utf-8")
        for file in [*files, *([index] if index.exists() else [])]
    }


def main() -> int:
    """Write the pages, or compare them; return the exit status."""
    try:
        wanted = wanted_pages()
    except (MissingExamplesError, UnknownSubjectError) as error:
        print(error, file=sys.stderr)
        return 1
    existing = existing_pages()
    stale = sorted(path for path in {*wanted, *existing} if wanted.get(path) != existing.get(path))
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"docs/{path} is not current; run .venv/bin/python scripts/generate_reference.py")
        return 1 if stale else 0
    for path in stale:
        file = DIRECTORY / path
        if path in wanted:
            file.parent.mkdir(exist_ok=True)
            file.write_text(wanted[path], encoding="utf-8")
        else:
            file.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
