"""A file of automations as constructs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from prefect_constructs._runtime import Construct
from prefect_constructs.automation import Automation
from prefect_constructs.files import reading
from prefect_constructs.placement import place
from prefect_constructs.tokens import literally
from prefect_provider.project.automations import read_automations

if TYPE_CHECKING:
    from prefect_constructs._runtime import Scope

__all__ = ["AutomationsFile"]


class AutomationsFile(Construct):
    """The automations of a file in YAML or JSON: one, a list, or a list below `automations`.

    For example::

        AutomationsFile(self, "alerts", "automations.yaml")

    Each is as the REST API takes it, as an object of Prefect's SDK is written out (`model_dump_json()`), or as `prefect
    automation inspect` prints it with `--yaml` or `--json`. What only the server sets, such as ids, is left out;
    whatever else cannot be taken is an error with its line.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`.
        file: The file.

    Raises:
        PrefectConstructError: the file cannot be read, or Terraform or Prefect would refuse what it says.
    """

    def __init__(self, scope: Scope, id_: str, file: str | Path) -> None:
        where = place(type(self).__name__, scope, id_)
        outer: Any = scope
        super().__init__(outer, id_)
        with reading(where, Path(file)) as text:
            found = read_automations(text)
        self.automations: Final[dict[str, Automation]] = {
            name: Automation.from_document(self, literally(name), literally(one.fields))
            for name, one in found.items()
        }
        """The automations by name."""
