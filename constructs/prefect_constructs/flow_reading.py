"""What a deployment takes from its flow's code, which is read where it is at hand, and never imported."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from prefect_constructs.errors import refuse
from prefect_constructs.tokens import is_unresolved
from prefect_provider.flow_code.source import FlowSource, FlowSourceError, default_flow_name, read_flow
from prefect_provider.text.spelling import names

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FlowCode", "places"]


class FlowCode(NamedTuple):
    """What the flow's code says."""

    source: FlowSource | None
    special_name: str | None
    """The flow's name, if it is not the one that follows from the entrypoint."""

    @classmethod
    def read(cls, entrypoint: object, places: list[Path], where: Callable[[], str]) -> FlowCode:
        """Read it from the first of the places that has it.

        :raises PrefectConstructError: there is no such flow in it.
        """
        if not isinstance(entrypoint, str) or not _is_known(entrypoint):
            return cls(None, None)
        try:
            found = (read_flow(entrypoint, place) for place in places)
            source = next((one for one in found if one is not None), None)
        except FlowSourceError as error:
            raise refuse(where, ("entrypoint",), str(error)) from error
        if source is None or source.name == default_flow_name(entrypoint):
            return cls(source, None)
        return cls(source, source.name)

    @property
    def warnings(self) -> list[str]:
        """What of the parameters could not be read."""
        return [] if self.source is None else self.source.warnings

    def schema(self, entrypoint: object, places: list[Path], where: Callable[[], str]) -> dict[str, Any]:
        """The schema of the flow's parameters.

        :raises PrefectConstructError: the code is in none of the places.
        """
        if self.source is None:
            what = f"the code of `{entrypoint}` is not in {names((str(one.resolve()) for one in places), last='or')}"
            remedy = (
                "Set `code` to the directory that the entrypoint is relative to, or give `parameter_schema`."
            )
            raise refuse(where, ("entrypoint",), what, remedy=remedy)
        return self.source.parameters_schema


def places(path: object, code: str | Path | None) -> list[Path]:
    """Where the code may be."""
    if code is not None:
        return [Path(code)]
    return [Path(path), Path()] if isinstance(path, str) and _is_known(path) else [Path()]


def _is_known(text: str) -> bool:
    return bool(text) and not is_unresolved(text)
