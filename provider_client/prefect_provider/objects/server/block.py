"""``prefect_block``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from prefect_provider.objects.filters import Filter, filter_by_id, filter_by_name, filter_by_name_like
from prefect_provider.objects.identity import Key
from prefect_provider.objects.lists import ObjectList
from prefect_provider.objects.lookup import Lookup
from prefect_provider.objects.mapping import plain
from prefect_provider.objects.placed import WorkspaceObject
from prefect_provider.objects.remote import delete_if_there
from prefect_provider.objects.reporting import placed, report
from prefect_provider.objects.server.block_types import (
    BlockTypeWithoutSchema,
    UnknownBlockType,
    block_type,
    is_expected,
    schema_in_time,
)
from prefect_provider.objects.server.block_uses import deployments_using, lost_with_block
from prefect_provider.plugin.language.declaration import ConflictsWith, RequiresAll, optional, required
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import Bool, Integer, Json, SetOf, String
from prefect_provider.rules.block_data import Reference, data_problems, references, wanted_types
from prefect_provider.text.masking import texts_of
from prefect_provider.text.problem import Problem, say
from prefect_provider.text.spelling import names, show

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prefect_provider.api import Scope
    from prefect_provider.objects.cascades import Loss
    from prefect_provider.objects.remote import RemoteObject
    from prefect_provider.plugin.engine.planning import Plan
    from prefect_provider.plugin.language.values import Value, Values

__all__ = ["Block", "BlockLookup", "Blocks"]

_MASK: Final = "********"
_NEW_FIRST: Final = (
    "Set `lifecycle { create_before_destroy = true }` on the block, so that its deployments have the new one before "
    "the old one goes, or `lifecycle { replace_triggered_by = [prefect_block.<name>] }` on the deployments"
)
_OTHERWISE_REFUSED: Final = "Otherwise the deletion is refused"
_USERS_FIRST: Final = (
    "The deletion is refused while they use the block: destroy them first, or give them another one"
)


class Block(WorkspaceObject):
    """A block document: named settings or secrets of a block type, which flows and automations load by name.

    `data` is stored in Terraform's state, as sensitive. `data_wo` never is: it is sent when the block is created and
    whenever `data_wo_version` changes. Prefect deletes a deployment along with the block that is its storage or
    infrastructure, so such a block is not deleted while a deployment uses it.
    """

    type_name = "prefect_block"
    collection = "/block_documents"
    key = Key(
        "{type_slug}/{name}",
        path="/block_types/slug/{type_slug}/block_documents/name/{name}",
        places={"type_slug": "block_type.slug"},
        filters={"type_slug": ("block_types", "slug"), "name": ("block_documents", "name")},
    )
    needed = ("id", "name", "block_type.slug")
    unchecked = ("data",)
    listed_in = "BLOCK_TYPE_AND_NAME_ASC"
    filters = (
        filter_by_id("block_documents"),
        filter_by_name("block_documents"),
        filter_by_name_like("block_documents"),
        Filter(
            "type_slugs",
            SetOf(String()),
            "Only those of the types with these slugs.",
            "block_types.slug.any_",
        ),
    )
    replacement_remedy = f"{_NEW_FIRST}. {_OTHERWISE_REFUSED}"
    destruction_remedy = _USERS_FIRST
    # Data is read only where state holds it.
    asked_by_import: ClassVar[Mapping[str, Value]] = {"data": "{}"}

    name = required(
        String(pattern="[a-z0-9-]+", form="lowercase letters, digits and hyphens"),
        "Name of the block.",
        replace=True,
    )
    type_slug = required(
        String(pattern=r"[^/\s]+", form="the slug of a block type, without spaces and slashes"),
        "Slug of the block's type, such as `secret` or `slack-webhook`.",
        replace=True,
        source=None,
    )
    data = optional(
        Json("object"),
        'The block\'s fields as a JSON object. `{"$ref": {"block_document_id": "..."}}` stands for another block. Of a '
        "block that exists, what it has is kept when both this and `data_wo` are left out.",
        server_default=True,
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

    @classmethod
    def generated(cls, config: Values) -> Values:
        """A version belongs to data that Terraform does not have."""
        return config | {"data_wo_version": None}

    async def validate(self, config: Values) -> None:
        """None of the data is a mask."""
        for name in ("data", "data_wo"):
            value = config.get(name)
            if isinstance(value, str) and _masked(Json.load(value)):
                self.diagnostics.error(
                    "Masked secret",
                    f"`{name}` contains the text `{_MASK}`, which is how Prefect shows a secret and means "
                    "'keep what is stored' when sent. Write the real value.",
                    (name,),
                )

    # ------------------------------------------------------------------ plan

    async def plan(self, plan: Plan) -> None:
        """A new block has data, and it is what the block's type can load."""
        if plan.config.get("data") is None and plan.config.get("data_wo") is not None:
            plan.planned["data"] = None
        elif plan.config.get("data") is None and plan.prior is None:
            self.diagnostics.error(
                "Block without data",
                'Set `data` or `data_wo`; for a block type without fields, `data = "{}"`. Configuration that Terraform '
                "generates has neither, because they are sensitive: it is enough for a block that is imported, and "
                "not for a new one.",
            )
            return
        await super().plan(plan)
        scope = self.known_scope(plan.config)
        slug = plan.planned["type_slug"]
        name = _written(plan)
        if scope is None or not isinstance(slug, str) or name is None:
            return
        document = plain(Json.load(plan.config[name]))
        try:
            type_ = await block_type(self.client, scope, slug)
        except UnknownBlockType as error:
            if not is_expected(self.client, scope, slug):
                self._report_unknown_type(error)
            return
        except BlockTypeWithoutSchema as error:
            if not is_expected(self.client, scope, error.type_id):
                found = error.diagnostic
                self.diagnostics.warning(found.summary, found.detail, found.path)
            return
        problems = data_problems(document, type_.fields, slug)
        for reference in references(document):
            problems += await self._reference_problems(scope, reference, type_.fields)
        report(
            (placed(Block, one._replace(path=(name, *one.path))) for one in problems),
            self.diagnostics,
        )

    def _report_unknown_type(self, error: UnknownBlockType) -> None:
        """An error where a slug is probably misspelt; otherwise the type may come with this very apply."""
        found = error.diagnostic
        tell = self.diagnostics.error if error.near else self.diagnostics.warning
        tell(found.summary, found.detail, found.path)

    async def _reference_problems(
        self, scope: Scope, reference: Reference, fields: Mapping[str, Any]
    ) -> Sequence[Problem]:
        found = await self.fetch_by_id(scope, reference.block_id, {})
        at = (reference.field, "$ref", "block_document_id")
        if found is None:
            return [Problem(at, "there is no block of this id")]
        wanted = wanted_types(reference.field, fields)
        actual = found["block_type"]["slug"]
        if wanted and actual not in wanted:
            message = f"the field takes a block of the type {names(wanted, last='or')}, and this one is a `{actual}`"
            return [Problem(at, message)]
        return []

    async def losses(self, prior: Values) -> list[Loss]:
        """The deployments that have the block as their storage or infrastructure."""
        return await lost_with_block(self, prior)

    # ------------------------------------------------------------------ mapping

    def params(self, held: Mapping[str, Value]) -> dict[str, str]:
        """Secrets in clear only where state holds them anyway."""
        return {} if held.get("data") is None else {"include_secrets": "true"}

    async def fetch(self, state: Values) -> dict[str, Any] | None:
        """Without secrets, as long as what can be seen is as the state has it; in clear once it is not.

        Every change of a block's data changes `updated`. Blocks are read by the page, and a page in clear would bring
        the secrets of others as well.
        """
        if not isinstance(state.get("data"), str) or not isinstance(state.get("updated"), str):
            return await super().fetch(state)
        masked = await super().fetch({**state, "data": None})
        if masked is None or self.problems(masked):
            return masked
        held = plain(Json.load(str(state["data"])))
        if self.attributes["updated"].same(masked.get("updated"), state["updated"]) and _may_be(
            held, _with_references(masked)
        ):
            return masked | {"data": held}
        return await super().fetch(state)

    def values(self, data: Mapping[str, Any], held: Mapping[str, Value]) -> Values:
        """Data only where Terraform holds it; references as they are written."""
        document = None
        if held.get("data") is not None:
            document = Json.dump(_with_references(data))
        flat = {name: value for name, value in data.items() if name != "data"}
        return super().values(flat, held) | {
            "type_slug": data["block_type"]["slug"],
            "data": document,
            "data_wo": None,
            "data_wo_version": held.get("data_wo_version"),
        }

    def problems(self, data: Any) -> list[str]:
        """The data is an object, and its references name their blocks."""
        found = super().problems(data)
        if found:
            return found
        if not isinstance(data.get("data") or {}, dict):
            return ["`data` is no object"]
        try:
            _with_references(data)
        except (AttributeError, KeyError, TypeError):
            return ["`block_document_references` is of another form"]
        return []

    # ------------------------------------------------------------------ lifecycle

    async def new_body(self, planned: Values, config: Values) -> dict[str, Any]:
        """With the newest schema of the block type."""
        type_ = await schema_in_time(self.client, self.scope(planned), planned["type_slug"])
        return {
            "name": planned["name"],
            "data": self._document(planned, config),
            "block_type_id": type_.id,
            "block_schema_id": type_.schema_id,
        }

    def concealed(self, planned: Values, config: Values) -> tuple[str, ...]:
        """Every text of the data: none of them may show in an error."""
        return tuple(texts_of(self._document(planned, config)))

    async def complete(self, scope: Scope, data: dict[str, Any], planned: Values, config: Values) -> Values:
        """The answer to a creation has no secrets; Prefect stores the data as it is sent."""
        values = await super().complete(scope, data, planned, config)
        return values | {"data": planned["data"]}

    def taken(self, found: dict[str, Any], planned: Values) -> Values:
        """What was there before is always written over: nobody can see whether write-only data differs."""
        return super().taken(found, planned) | {"data": "{}", "data_wo_version": None}

    @staticmethod
    def _document(planned: Values, config: Values) -> Any:
        text: str = config["data_wo"] if planned["data"] is None else planned["data"]
        return plain(Json.load(text))

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
            type_ = await schema_in_time(self.client, scope, planned["type_slug"])
            body = {
                "data": self._document(planned, config),
                "block_schema_id": type_.schema_id,
                "merge_existing_data": False,
            }
            await scope.patch(self.location(prior), body, conceal=self.concealed(planned, config))
        return await self.read_back(planned | {"id": prior["id"]})

    async def remove(self, prior: Values) -> None:
        """DELETE by id, unless Prefect would delete deployments with it."""
        scope = self.scope(prior)
        used_by = await deployments_using(self.client, scope, prior["id"])
        if used_by:
            shown = ", ".join(f"{show(one['name'])} ({one['id']})" for one in used_by[:3])
            more = f" and {len(used_by) - 3} more" if len(used_by) > 3 else ""
            msg = "The block is in use"
            what = (
                f"the block {show(prior['name'])} ({prior['id']}) is the storage or infrastructure of the deployment "
                f"{shown}{more}, which Prefect would delete along with it; nothing was deleted"
            )
            for_good = "To delete it for good, destroy those deployments first, or give them another block"
            raise ProviderError(msg, say(what, remedy=f"{_NEW_FIRST}. {for_good}"))
        await delete_if_there(scope, self.location(prior))


def _written(plan: Plan) -> str | None:
    """The attribute whose data this plan is going to write, if that is known."""
    config, prior = plan.config, plan.prior
    if isinstance(config.get("data"), str):
        return "data" if plan.changes("data") or plan.changes("type_slug") else None
    if not isinstance(config.get("data_wo"), str):
        return None
    resent = prior is None or prior["data"] is not None or plan.changes("data_wo_version", "type_slug")
    return "data_wo" if resent else None


def _with_references(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data with each referenced block as a `$ref`, where Prefect returns that block's data instead."""
    references_ = data.get("block_document_references") or {}
    return dict(data.get("data") or {}) | {
        field: {"$ref": {"block_document_id": reference["block_document"]["id"]}}
        for field, reference in references_.items()
    }


def _may_be(document: Any, shown: Any) -> bool:
    """Whether a document can be the one that is shown with its secrets masked."""
    if shown == _MASK:
        return True
    if isinstance(document, dict) and isinstance(shown, dict):
        return document.keys() == shown.keys() and all(_may_be(document[key], shown[key]) for key in shown)
    if isinstance(document, list) and isinstance(shown, list):
        return len(document) == len(shown) and all(map(_may_be, document, shown))
    same: bool = document == shown
    return same


def _masked(document: Any) -> bool:
    return _MASK in texts_of(document)


def _held(config: Values, *, unless_said: bool) -> Values:
    """What makes a block be read with its secrets in clear."""
    asked = config.get("include_secrets")
    return {"data": "{}"} if (unless_said if asked is None else asked) else {}


class BlockLookup(Lookup, of=Block, without=("data_wo_version",)):
    """Looks up a block, by its id or by its type and its name.

    Its `data` is read in clear and stored in Terraform's state, as sensitive, unless `include_secrets` is false.
    """

    include_secrets = optional(
        Bool(),
        "Whether `data` is read, with its secrets; true when left out. If it is false, `data` is null.",
        source=None,
    )

    def held(self, config: Values) -> Values:
        """With data, unless it is not wanted."""
        return super().held(config) | _held(config, unless_said=True)

    async def by_key(
        self, resource: RemoteObject, scope: Scope, key: Mapping[str, str], held: Values
    ) -> dict[str, Any] | None:
        """By name without secrets, together with others, and then by id with those that are wanted."""
        found = await super().by_key(resource, scope, key, held)
        if found is None or "data" not in held:
            return found
        return await resource.fetch_by_id(scope, str(found["id"]), held)


class Blocks(ObjectList, of=Block, without=("data_wo_version",)):
    """Lists blocks, all of them or those that meet every condition, ordered by name."""

    include_secrets = optional(
        Bool(),
        "Whether the `data` of each block is read, with its secrets; if not, which is so when left out, it is null.",
        source=None,
    )

    def held(self, config: Values) -> Values:
        """With data, if it is wanted."""
        return _held(config, unless_said=False)

    def options(self, config: Values) -> dict[str, Any]:
        """Secrets are asked for only where data is wanted."""
        return {"include_secrets": True} if self.held(config) else {}
