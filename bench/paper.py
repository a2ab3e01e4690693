"""The figures in the documents: docs/performance.json, the chart, and the table in docs/performance.md."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bench.chart import chart
from bench.table import table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.figures import Figure

__all__ = ["publish"]

_DOCUMENTS: Final = Path(__file__).resolve().parent.parent / "docs"
_BEGIN: Final = "<!-- figures: rewritten by `make bench` -->"
_END: Final = "<!-- end of figures -->"


def publish(machine: Mapping[str, Any], figures: Sequence[Figure]) -> None:
    """Rewrite all three of them."""
    written = {"machine": dict(machine), "figures": [asdict(one) for one in figures]}
    (_DOCUMENTS / "performance.json").write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    (_DOCUMENTS / "performance.svg").write_text(chart(figures), encoding="utf-8")
    paper = _DOCUMENTS / "performance.md"
    text = paper.read_text(encoding="utf-8")
    before, _, rest = text.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not end:
        msg = f"{paper.name} has no place for the figures: expected {_BEGIN} and {_END}"
        raise ValueError(msg)
    facts = ", ".join(f"{name} {value}" for name, value in machine.items())
    body = "\n".join(["", "", f"Measured with: {facts}.", "", *table(figures), "", ""])
    paper.write_text(f"{before}{_BEGIN}{body}{_END}{after}", encoding="utf-8")
