"""The hidden first line of a comment, by which it is found again."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Header", "read_header"]

_VERSION: Final = 1
"""Grows when an older reader could no longer tell what a comment is about."""

_IN_HTML: Final = re.compile(r"<!-- prefect-iac (\{.*\}) -->")
_IN_LINK: Final = re.compile(r"\[//\]: # \(prefect-iac (\{.*\})\)")
_ESCAPED: Final = re.compile(r"[<>()&`\[\]]|(?<=-)-")


class Header(NamedTuple):
    """What a comment is about; there is one comment for each ``root``, ``workspace`` and ``label``."""

    root: str
    """The root module, as its path from the top of the sources."""
    workspace: str
    """Terraform's workspace."""
    label: str
    """What the user tells several comments of a root apart by; the kind of report, unless they say otherwise."""
    commit: str = ""
    """The commit that the report was made of."""
    plan: str = ""
    """Checksum of the plan."""
    cut: bool = False
    """Whether something was left out to fit."""

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it the same comment."""
        return self.root, self.workspace, self.label

    def line(self, *, html: bool = True) -> str:
        """The line; `html`: whether the host hides HTML comments, else it is a link that nothing shows."""
        document = {"v": _VERSION, **self._asdict()}
        text = json.dumps(document, separators=(",", ":"))
        # Nothing in a name can end the line's form.
        text = _ESCAPED.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
        return f"<!-- prefect-iac {text} -->" if html else f"[//]: # (prefect-iac {text})"


def read_header(body: str) -> Header | None:
    """The header of a comment, also of an older version's; None where the first line is none."""
    line = body.split("\n", 1)[0].strip()
    found = _IN_HTML.fullmatch(line) or _IN_LINK.fullmatch(line)
    if found is None:
        return None
    try:
        document = json.loads(found[1])
    except ValueError:
        return None
    if not isinstance(document, dict) or not isinstance(document.get("v"), int) or document["v"] > _VERSION:
        return None
    return Header(
        root=_text(document, "root"),
        workspace=_text(document, "workspace"),
        label=_text(document, "label"),
        commit=_text(document, "commit"),
        plan=_text(document, "plan"),
        cut=document.get("cut") is True,
    )


def _text(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    return value if isinstance(value, str) else ""
