"""Guides, gone through from top to bottom: their files are written, and their commands run as a person types them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.environment.prefect_server import prefect_program
from tests.environment.terraform import ROOT, terraform_program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.environment.terraform import Workspace

__all__ = ["Block", "Walk", "blocks_of"]

_BLOCK: Final = re.compile(r"^( *)```(\w+)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
_FILE: Final = re.compile(r"`([\w.-]+\.(?:hcl|tf|py|yaml))`")


class Block(NamedTuple):
    """A block of a page; `file` is the last one that the text between it and the block before it names."""

    language: str
    text: str
    file: str
    section: str


def blocks_of(page: str) -> Iterator[Block]:
    """The blocks of `docs/<page>`, in order."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    end = 0
    for found in _BLOCK.finditer(text):
        before, end = text[end : found.start()], found.end()
        indent, language, block = found.groups()
        named = _FILE.findall(before)
        headings = re.findall(r"^##+ (.*)$", text[: found.start()], re.MULTILINE)
        plain = re.sub(rf"^{indent}", "", block, flags=re.MULTILINE)
        yield Block(language, plain, named[-1] if named else "", headings[-1] if headings else "")


@dataclass
class Walk:
    """A person in a directory, who has installed the provider, and is asked nothing."""

    workspace: Workspace
    replaced: Mapping[str, str] = field(default_factory=dict)
    """What is another text here, such as names that other tests could have, too."""
    instead: Mapping[str, Callable[[], object]] = field(default_factory=dict)
    """What is done instead of a command."""
    before: Mapping[str, Callable[[], object]] = field(default_factory=dict)
    """What is done, or waited for, before a command."""
    codes: Mapping[str, int] = field(default_factory=dict)
    """How commands end, of those that end otherwise than with 0."""
    said: dict[str, str] = field(default_factory=dict)
    """What commands printed."""

    def __post_init__(self) -> None:
        program = terraform_program()
        assert program is not None
        names = self.workspace.directory / ".bin"
        names.mkdir(exist_ok=True)
        (names / "terraform").symlink_to(program)
        (names / "prefect").symlink_to(prefect_program())
        (self.workspace.directory / "main.tf").unlink()
        paths = [str(names), str(Path(sys.executable).parent), self.workspace.env["PATH"]]
        self.workspace.env |= {
            "PATH": os.pathsep.join(paths),
            "PREFECT_HOME": str(self.workspace.directory / ".home" / ".prefect"),
            "TERRAFORM_BINARY_NAME": str(program),
            "TF_CLI_CONFIG_FILE": str(ROOT / ".cache" / "terraform" / "mirror.terraformrc"),
            "TF_CLI_ARGS_apply": "-auto-approve",
            "TF_CLI_ARGS_destroy": "-auto-approve",
            "TF_INPUT": "0",
        }

    def go(self, page: str, *, sections: tuple[str, ...] = (), commands: bool = True) -> None:
        """Do all that a page says, or some sections of it: write what has a file's name, run what is for a shell."""
        done = 0
        for block in blocks_of(page):
            if sections and block.section not in sections:
                continue
            text = block.text
            for old, new in self.replaced.items():
                text = text.replace(old, new)
            if block.language == "sh":
                for command in text.replace("\\\n", "").splitlines():
                    self.run(command)
                    done += 1
            elif block.file:
                (self.workspace.directory / block.file).write_text(text, encoding="utf-8")
        assert done or not commands, f"{page} has no commands in {sections}"

    def run(self, command: str) -> str:
        """Run a line; fail unless it ends as it should."""
        if command in self.instead:
            self.instead[command]()
            return ""
        if command in self.before:
            self.before[command]()
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", command],
            cwd=self.workspace.directory,
            env=self.workspace.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )
        self.said[command] = done.stdout + done.stderr
        assert done.returncode == self.codes.get(command, 0), f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout
