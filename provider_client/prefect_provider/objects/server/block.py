"""``prefect_block``."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from prefect_provider.api import join_path
from prefect_provider.objects.mapping import plain
from prefect_provider.objects.remote import RemoteObject, get_or_none, split_import_id
from prefect_provider.plugin.language.declaration import ConflictsWith, RequiresAll, optional, required
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import Integer, Json, String

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api import Scope
    from prefect_provider.plugin.language.values import Value, Values

__all__ = ["Block"]


class Block(RemoteObject):
    """A block document: named settings or secrets of a block type, which flows and automations load by name.

    `data` is stored in Terraform's state, as sensitive. `data_wo` never is: it is sent when the block is created and
    whenever `data_wo_version` changes.
    """

    type_name = "prefect_block"
    collection = "/block_documents"
    import_form = "`<id>` or `<type slug>/<name>`, followed by `,<workspace id>` for another workspace"

    name = required(
        String(pattern="[a-z0-9-]+", form="lowercase letters, digits and hyphens"),
        "Name of the block.",
        replace=True,
    )
    type_slug = required(
        String(), "Slug of the block's type, such as `secret` or `slack-webhook`.", replace=True, source=None
    )
    data = optional(
        Json("object"),
        'The block\'s fields as a JSON object. `{"$ref": {"block_document_id": "..."}}` stands for another block.',
        sensitive=True,
    )
    data_wo = optional(
        Json("object"),
        "The block's fields as a JSON object, sent but never stored in plan or state.",
        sensitive=True,
        write_only=True,
        source=None,
    )
    data_wo_version = optional(
        Integer(), "Change it to send `data_wo` again: Terraform cannot see that it changed.", source=None
    )

    rules = (ConflictsWith("data", "data_wo"), RequiresAll("data_wo_version", "data_wo"))

    async def validate(self, config: Values) -> None:
        """A block has data, and none of it is a mask."""
        if config.get("data") is None and config.get("data_wo") is None:
            self.diagnostics.error(
                "Block without data",
                'Set `data` or `data_wo`; for a block type without fields, `data = "{}"`.',
            )
        for name in ("data", "data_wo"):
            value = config.get(name)
            if isinstance(value, str) and _masked(Json.load(value)):
                self.diagnostics.error(
                    "Masked secret",
                    f"`{name}` contains the text `********`, which is how Prefect shows a secret and means "
                    "'keep what is stored' when sent. Write the real value.",
                    (name,),
                )

    async def create(self, planned: Values, config: Values) -> Values:
        """POST with the newest schema of the block type."""
        scope = self.scope(planned)
        block_type, schema_id = await self._schema(scope, planned["type_slug"])
        body = {
            "name": planned["name"],
            "data": self._document(planned, config),
            "block_type_id": block_type,
            "block_schema_id": schema_id,
        }
        reply = await scope.post("/block_documents/", body, conceal=_texts(body["data"]))
        created = planned | {"id": reply.data["id"]}
        self.hold(created)
        return await self.read_back(created)

    @staticmethod
    def _document(planned: Values, config: Values) -> Any:
        text: str = config["data_wo"] if planned["data"] is None else planned["data"]
        return plain(Json.load(text))

    @staticmethod
    async def _schema(scope: Scope, slug: str) -> tuple[str, str]:
        """The ids of the block type and of its newest schema."""
        block_type = await get_or_none(scope, join_path("block_types", "slug", slug))
        if block_type is None:
            reply = await scope.post("/block_types/filter", {})
            near = difflib.get_close_matches(slug, [item["slug"] for item in reply.data])
            meant = f" Did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else ""
            msg = f"Unknown block type `{slug}`"
            raise ProviderError(
                msg,
                f"Prefect knows no block type with this slug.{meant} `prefect block type ls` lists them; "
                "`prefect block register -m <module>` adds those of an integration.",
                ("type_slug",),
            )
        wanted = {"block_schemas": {"block_type_id": {"any_": [block_type["id"]]}}, "limit": 1}
        reply = await scope.post("/block_schemas/filter", wanted)
        if not reply.data:
            msg = f"The block type `{slug}` has no schema"
            raise ProviderError(msg, "Register it: `prefect block register -m <module>`.", ("type_slug",))
        return block_type["id"], reply.data[0]["id"]

    async def fetch(self, state: Values) -> dict[str, Any] | None:
        """GET by id; secrets in clear only where state holds them anyway."""
        if state.get("data") is None:
            return await super().fetch(state)
        path = join_path("block_documents", state["id"])
        return await get_or_none(self.scope(state), path, include_secrets="true")

    def values(self, data: Mapping[str, Any], held: Mapping[str, Value]) -> Values:
        """Data only where Terraform holds it; references as they are written."""
        document = None
        if held.get("data") is not None:
            document = Json.dump(_with_references(data))
        return super().values(data, held) | {
            "type_slug": data["block_type"]["slug"],
            "data": document,
            "data_wo": None,
            "data_wo_version": held.get("data_wo_version"),
        }

    async def update(self, prior: Values, planned: Values, config: Values) -> Values:
        """PATCH the whole data, if it or the version of the write-only data changed."""
        data_changed = planned["data"] is not None and not self.attributes["data"].same(
            prior["data"], planned["data"]
        )
        resend = planned["data"] is None and (
            planned["data_wo_version"] != prior["data_wo_version"] or prior["data"] is not None
        )
        if data_changed or (resend and config.get("data_wo") is not None):
            scope = self.scope(prior)
            _, schema_id = await self._schema(scope, planned["type_slug"])
            body = {
                "data": self._document(planned, config),
                "block_schema_id": schema_id,
                "merge_existing_data": False,
            }
            await scope.patch(f"/block_documents/{prior['id']}", body, conceal=_texts(body["data"]))
        return await self.read_back(planned | {"id": prior["id"]})

    async def import_state(self, id_: str) -> Values | None:
        """With the data, so that a configuration with the same data plans no change."""
        text, workspace_id = split_import_id(self.type_name, id_, self.import_form)
        held: Values = {"workspace_id": workspace_id, "data": "{}"}
        found = await self.find(self.scope(held), text)
        return None if found is None else self.values(found, held)

    async def find(self, scope: Scope, text: str) -> dict[str, Any] | None:
        """``<type slug>/<name>``, or an id."""
        slug, slash, name = text.partition("/")
        path = join_path("block_documents", text)
        if slash:
            path = join_path("block_types", "slug", slug, "block_documents", "name", name)
        return await get_or_none(scope, path, include_secrets="true")


def _with_references(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data with each referenced block as a `$ref`, where Prefect returns that block's data instead."""
    references = data.get("block_document_references") or {}
    return dict(data["data"]) | {
        field: {"$ref": {"block_document_id": reference["block_document"]["id"]}}
        for field, reference in references.items()
    }


def _masked(document: Any) -> bool:
    match document:
        case str():
            return document == "********"
        case dict():
            return any(_masked(item) for item in document.values())
        case list():
            return any(_masked(item) for item in document)
    return False


def _texts(document: Any) -> tuple[str, ...]:
    """Every text in a document: none of them may show in an error."""
    match document:
        case str():
            return (document,)
        case dict():
            return tuple(text for item in document.values() for text in _texts(item))
        case list():
            return tuple(text for item in document for text in _texts(item))
    return ()
