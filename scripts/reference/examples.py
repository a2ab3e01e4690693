"""The examples that the reference shows, in the places where the registry expects them."""

from pathlib import Path
from typing import Final

__all__ = ["Examples", "MissingExamplesError"]

_LANGUAGES: Final = {
    ".tf": "terraform",
    ".hcl": "terraform",
    ".py": "python",
    ".sh": "shell",
    ".yaml": "yaml",
}


class MissingExamplesError(Exception):
    """Objects without an example; the text names each file that is wanted."""


class Examples:
    """The folder of the examples; what is asked for and is not there is remembered."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._missing: list[str] = []

    def block(self, path: str) -> str:
        """A file as a block of Markdown; of one that is not there, an empty one."""
        file = self._directory / path
        text = ""
        if file.is_file():
            text = file.read_text(encoding="utf-8")
        if not text.strip():
            self._missing.append(path)
        return f"```{_LANGUAGES[file.suffix]}\n{text.rstrip()}\n```\n"

    def beside(self, path: str) -> list[str]:
        """The names of the other files in the folder of an example, such as one that it reads."""
        folder = (self._directory / path).parent
        return sorted(file.name for file in folder.glob("*.*") if file.name != Path(path).name)

    def check(self) -> None:
        """Raise MissingExamplesError if anything was asked for that is not there."""
        if self._missing:
            wanted = "\n".join(f"  examples/{path}" for path in sorted(self._missing))
            msg = f"every object has an example, and these files are missing or empty:\n{wanted}"
            raise MissingExamplesError(msg)
