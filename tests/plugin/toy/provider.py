"""The toy provider: what a plugin author writes, on ``prefect_provider.plugin`` and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prefect_provider.plugin.language.declaration import ConflictsWith, computed, optional, required
from prefect_provider.plugin.language.function import ArgumentError, Function, Parameter
from prefect_provider.plugin.language.kinds import Number, String
from prefect_provider.plugin.language.provider import Provider
from prefect_provider.plugin.language.resource import EphemeralResource, Opened
from prefect_provider.plugin.language.types import DYNAMIC, NUMBER, STRING, ListType
from prefect_provider.plugin.language.values import Dynamic, has_unknown
from tests.plugin.toy.server import Store
from tests.plugin.toy.things import Thing, ThingData, ThingList
from tests.plugin.toy.trouble import Faulty, Slow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prefect_provider.plugin.language.diagnostics import Diagnostics
    from prefect_provider.plugin.language.resource import DataSource, ListResource, Resource
    from prefect_provider.plugin.language.values import Value, Values

__all__ = ["ToyProvider"]


class Token(EphemeralResource):
    """A secret that lives as long as a run; its life is written into a file beside the store."""

    type_name = "toy_token"

    name = required(String(), "What it is for.")
    renew_seconds = optional(Number(minimum=0), "After which it wants to be renewed.")
    value = computed(String(), "The secret.", sensitive=True)

    def _record(self, event: str) -> None:
        path = self.client.path.with_suffix(".tokens")
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{event}\n")

    async def open(self, config: Values) -> Opened:
        """Make it up."""
        name = config["name"]
        self._record(f"open {name}")
        self.private["name"] = name
        self.private["seconds"] = float(config["renew_seconds"] or 0)
        return Opened({"value": f"hush-{name}"}, self._renew_at())

    async def renew(self) -> datetime | None:
        """Note it."""
        self._record(f"renew {self.private['name']}")
        return self._renew_at()

    async def close(self) -> None:
        """Note it."""
        self._record(f"close {self.private['name']}")

    def _renew_at(self) -> datetime | None:
        seconds = self.private["seconds"]
        return datetime.now(UTC) + timedelta(seconds=seconds) if seconds else None


class Upper(Function):
    """The text in capitals.

    Nothing else happens to it.
    """

    name = "upper"
    summary = "In capitals"
    parameters = (Parameter("text", STRING, "The text.", allow_null=True),)
    returns = STRING

    async def call(self, text: str | None) -> str | None:
        """Shout."""
        return None if text is None else text.upper()


class Glue(Function):
    """The texts, with glue between them."""

    name = "glue"
    summary = "Glued together"
    parameters = (Parameter("glue", STRING, "What to put between."),)
    variadic = Parameter("texts", STRING, "What to glue.")
    returns = STRING

    async def call(self, glue: str, *texts: str) -> str:
        """Glue."""
        for index, text in enumerate(texts):
            if glue in text:
                msg = f"the glue {glue!r} is in it already"
                raise ArgumentError(msg, 1 + index)
        return glue.join(texts)


class Half(Function):
    """Half of each number."""

    name = "half"
    summary = "Halved"
    parameters = (Parameter("numbers", ListType(NUMBER), "The numbers."),)
    returns = ListType(NUMBER)

    async def call(self, numbers: list[Any]) -> Value:
        """Halve."""
        if not numbers:
            msg = "nothing to halve"
            raise ZeroDivisionError(msg)
        return [Decimal(number) / 2 for number in numbers]


class Same(Function):
    """The value itself."""

    name = "same"
    summary = "Unchanged"
    parameters = (Parameter("value", DYNAMIC, "Anything."),)
    returns = DYNAMIC

    async def call(self, value: Dynamic) -> Value:
        """Do nothing."""
        return value


class ToyProvider(Provider):
    """Things in a file."""

    name = "toy"
    version = "1.0.0"

    store = required(String(), "The file.")
    colour = optional(String(choices=("red", "blue")), "A colour.")
    shade = optional(String(), "A shade, instead of a colour.")
    rules = (ConflictsWith("colour", "shade"),)

    def resources(self) -> Sequence[type[Resource]]:
        """Things and troubles."""
        return (Thing, Faulty, Slow)

    def list_resources(self) -> Sequence[type[ListResource]]:
        """Things."""
        return (ThingList,)

    def data_sources(self) -> Sequence[type[DataSource]]:
        """Things."""
        return (ThingData,)

    def ephemeral_resources(self) -> Sequence[type[EphemeralResource]]:
        """Secrets."""
        return (Token,)

    def functions(self) -> Sequence[type[Function]]:
        """Of texts and numbers."""
        return (Upper, Glue, Half, Same)

    async def validate(self, config: Values, diagnostics: Diagnostics) -> None:
        """A store is a JSON file."""
        path = config["store"]
        if isinstance(path, str) and not path.endswith(".json"):
            diagnostics.error(
                "Not a JSON file", f"Expected a name that ends with .json, got {path}.", ("store",)
            )

    async def configure(self, config: Values, terraform_version: str, diagnostics: Diagnostics) -> Any:
        """Open the store; nothing while it is not known which."""
        if has_unknown(config):
            return None
        if config["shade"] == "dark":
            diagnostics.warning("Too dark", f"Terraform {terraform_version} cannot see.", ("shade",))
        return Store(Path(config["store"]))
