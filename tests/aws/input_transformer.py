"""What EventBridge makes of an event before it calls a target, as its documentation says."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["transformed"]


def transformed(paths: Mapping[str, str], template: str, event: Mapping[str, Any]) -> str:
    """The text of a target's input.

    A variable in quotes is written as its text, one without quotes as its JSON. At most 100 variables and 8,192
    characters of template; a path is names after dots.
    """
    assert len(paths) <= 100
    assert len(template) <= 8192

    def written(found: re.Match[str]) -> str:
        value: Any = event
        steps = paths[found[1]].removeprefix("$.").split(".")
        assert all(re.fullmatch(r"[A-Za-z0-9_-]+", step) for step in steps), steps
        for step in steps:
            value = value[step]
        quoted = template.count('"', 0, found.start()) % 2 == 1
        return str(value) if quoted else json.dumps(value)

    return re.sub(r"<([A-Za-z0-9_-]+)>", written, template)
