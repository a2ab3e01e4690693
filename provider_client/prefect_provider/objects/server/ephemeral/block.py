"""``ephemeral "prefect_block"``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_provider.objects.lookup import no_such
from prefect_provider.objects.reading import WorkspaceReading
from prefect_provider.objects.server.block import Block
from prefect_provider.plugin.language.declaration import ExactlyOneOf, RequiresAll, computed, optional
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import Json, String, Uuid
from prefect_provider.plugin.language.resource import Opened
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from prefect_provider.plugin.language.values import Values

__all__ = ["BlockReading"]


class BlockReading(WorkspaceReading):
    """Reads a block with its secrets when it is used; they are neither in the state nor in the plan.

    `jsondecode(ephemeral.prefect_block.<name>.data)` has the fields; of a block that the block refers to, the fields
    are inside.
    """

    type_name = "prefect_block"

    id = optional(Uuid(), "The block's id (UUID); this, or `type_slug` and `name`.", server_default=True)
    type_slug = optional(String(), "Slug of the block's type, such as `secret`.", server_default=True)
    name = optional(String(), "Name of the block; needs `type_slug`.", server_default=True)
    data = computed(Json("object"), "The block's fields in clear, as a JSON object.", sensitive=True)

    rules = (ExactlyOneOf("id", "name"), RequiresAll("name", "type_slug"), RequiresAll("type_slug", "name"))

    async def open(self, config: Values) -> Opened:
        """GET with secrets."""
        block = Block(self.client, self.diagnostics)
        scope, slug, name = block.scope(config), config["type_slug"], config["name"]
        in_clear = {"data": "{}"}
        if config["id"] is not None:
            data = await block.fetch_by_id(scope, config["id"], in_clear)
            if data is None:
                msg = "No such block"
                raise ProviderError(msg, say(f"there is no block with the id {config['id']}"), ("id",))
        else:
            data = await block.find_by_key(scope, {"type_slug": slug, "name": name}, in_clear)
            if data is None:
                key = {"type_slug": slug, "name": name}
                raise await no_such(block, scope, f"the name {show(f'{slug}/{name}')}", key)
        values = block.understand("the look for the block", data, config)
        # Not as it would be written: whoever uses it needs what is inside of the blocks that it refers to.
        return Opened(values | {"data": Json.dump(data.get("data") or {})})
