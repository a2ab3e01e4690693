"""The reference pages are those of the declarations."""

from __future__ import annotations

from generate_reference import DIRECTORY, pages


def test_the_reference_is_current() -> None:
    """Every page in docs/reference is what the declarations give now, and there are no others."""
    existing = {path.name: path.read_text(encoding="utf-8") for path in DIRECTORY.glob("*.md")}

    assert existing == pages()
