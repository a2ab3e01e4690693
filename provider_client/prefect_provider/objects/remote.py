"""What all of Prefect's objects share: an id, times, a workspace, and create / read / update / delete over HTTP.

The common case is one collection of the API with one object per id. A resource overrides the step in which it
differs; the rest is its declaration.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, ClassVar, Final

from prefect_provider.api import NotFound
from prefect_provider.objects.existing import remember
from prefect_provider.objects.mapping import from_api, to_api
from prefect_provider.plugin.language.declaration import computed, optional
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import Timestamp, Uuid
from prefect_provider.plugin.language.resource import Resource
from prefect_provider.plugin.language.values import Unknown, Value, Values
from prefect_provider.text.identifier import is_uuid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api import Scope

__all__ = [
    "NAME_FORM",
    "NAME_PATTERN",
    "RemoteObject",
    "changed_names",
    "delete_if_there",
    "get_or_none",
    "split_import_id",
]

NAME_PATTERN: Final = r"[^/%&><]+"
"""What Prefect accepts as the name of a flow, deployment, work pool or queue (its OpenAPI document)."""

NAME_FORM: Final = "a name of one or more characters other than / % & > <"


async def get_or_none(scope: Scope, path: str, **params: str) -> dict[str, Any] | None:
    """The object at a path; ``None`` if there is none."""
    try:
        reply = await scope.get(path, params or None)
    except NotFound:
        return None
    found: dict[str, Any] = reply.data
    return found


async def delete_if_there(scope: Scope, path: str) -> None:
    """Delete the object at a path; that it is gone already is success."""
    with contextlib.suppress(NotFound):
        await scope.delete(path)


def split_import_id(type_name: str, text: str, form: str) -> tuple[str, str | None]:
    """An import id without, and the workspace id after, its optional ``,<workspace id>``."""
    name, comma, workspace = text.rpartition(",")
    if comma and is_uuid(workspace):
        text, workspace_id = name, workspace
    else:
        workspace_id = None
    if not text:
        msg = f"Wrong import id for {type_name}"
        raise ProviderError(msg, f"Expected {form}, got an empty one.")
    return text, workspace_id


def changed_names(resource: type[Resource], prior: Values, planned: Values) -> list[str]:
    """The configurable attributes that an update changes, without those that the server decides."""
    return [
        name
        for name, attribute in resource.attributes.items()
        if attribute.configurable
        and not isinstance(planned.get(name), Unknown)
        and not attribute.same(prior.get(name), planned.get(name))
    ]


class RemoteObject(Resource):
    """An object of Prefect's API."""

    collection: ClassVar[str]
    """The collection's path, such as ``/flows``."""

    import_form: ClassVar[str] = "`<id>` or `<name>`, followed by `,<workspace id>` for another workspace"

    id = computed(Uuid(), "The object's id (UUID).")
    created = computed(Timestamp(), "When the object was created (RFC 3339).")
    updated = computed(
        Timestamp(),
        "When the object was last changed (RFC 3339). Kept as it is while nothing else of the object differs.",
        volatile=True,
    )
    account_id = optional(
        Uuid(), "The Prefect Cloud account (UUID), if not the provider's.", replace=True, source=None
    )
    workspace_id = optional(
        Uuid(), "The Prefect Cloud workspace (UUID), if not the provider's.", replace=True, source=None
    )

    def scope(self, values: Mapping[str, Value]) -> Scope:
        """The part of the API in which the object lives."""
        if self.client is None:
            msg = "The provider is not configured yet"
            raise ProviderError(
                msg,
                "Its configuration depends on a value that is known only after apply. Apply the resources it "
                "depends on first: terraform apply -target=...",
            )
        scope: Scope = self.client.workspace(values.get("account_id"), values.get("workspace_id"))
        return scope

    @classmethod
    def met(cls, client: Any, state: Values) -> None:
        """So that it is told apart from what others made."""
        remember(client, cls.type_name, state)

    @property
    def on_cloud(self) -> bool | None:
        """Whether the server is Prefect Cloud; ``None`` while the provider is not configured."""
        return None if self.client is None else bool(self.client.settings.is_cloud)

    def values(self, data: Mapping[str, Any], held: Mapping[str, Value]) -> Values:
        """The attributes of an object as the API returned it; ``held`` gives what only Terraform knows."""
        return from_api(type(self), data) | {
            "account_id": held.get("account_id"),
            "workspace_id": held.get("workspace_id"),
        }

    def body(self, values: Values, names: list[str] | None = None) -> dict[str, Any]:
        """The request body for the named attributes, or all."""
        return to_api(type(self), values, names)

    async def create(self, planned: Values, config: Values) -> Values:
        """POST to the collection."""
        reply = await self.scope(planned).post(f"{self.collection}/", self.body(planned))
        return self.values(reply.data, planned)

    async def read(self, state: Values) -> Values | None:
        """GET by id."""
        data = await self.fetch(state)
        return None if data is None else self.values(data, state)

    async def fetch(self, state: Values) -> dict[str, Any] | None:
        """The API's answer for the object in state; ``None`` if it is gone."""
        return await self.scope(state).collection(self.collection).read(state["id"])

    async def update(self, prior: Values, planned: Values, config: Values) -> Values:
        """PATCH what changed, then read back."""
        body = self.body(planned, changed_names(type(self), prior, planned))
        if body:
            await self.scope(prior).patch(f"{self.collection}/{prior['id']}", body)
        return await self.read_back(planned | {"id": prior["id"]})

    async def read_back(self, state: Values) -> Values:
        """The object after a write, which must still exist."""
        actual = await self.read(state)
        if actual is None:
            msg = "The object disappeared while it was being written"
            raise ProviderError(msg, "Something else deleted it. Apply again to create it anew.")
        return actual

    async def delete(self, prior: Values) -> None:
        """DELETE by id."""
        await delete_if_there(self.scope(prior), f"{self.collection}/{prior['id']}")

    async def import_state(self, id_: str) -> Values | None:
        """Find by id or by name, in the workspace named after a comma or the provider's."""
        text, workspace_id = split_import_id(self.type_name, id_, self.import_form)
        held: Values = {"workspace_id": workspace_id}
        data = await self.find(self.scope(held), text)
        return None if data is None else self.values(data, held)

    async def find(self, scope: Scope, text: str) -> dict[str, Any] | None:
        """The object that an import id names."""
        if is_uuid(text):
            return await scope.collection(self.collection).read(text)
        return await self.find_by_name(scope, text)

    async def find_by_name(self, scope: Scope, name: str) -> dict[str, Any] | None:
        """The object of that name."""
        raise NotImplementedError
