"""``ephemeral "prefect_user_api_key"``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.api import join_path
from prefect_provider.objects.cloud.user_api_key import UserApiKey, keys_path, new_key
from prefect_provider.objects.explanation import explain_at_attribute
from prefect_provider.objects.remote import delete_if_there
from prefect_provider.plugin.language.declaration import computed, optional, required
from prefect_provider.plugin.language.kinds import Integer, String, Timestamp, Uuid
from prefect_provider.plugin.language.resource import EphemeralResource, Opened

if TYPE_CHECKING:
    from prefect_provider.plugin.language.diagnostics import Diagnostic
    from prefect_provider.plugin.language.values import Values

__all__ = ["UserApiKeyForARun"]

_HOUR: Final = 3600
_DAY: Final = 24 * _HOUR


class UserApiKeyForARun(EphemeralResource):
    """An API key of a person for one run of Terraform: made when it is used, deleted when the run is over.

    It is neither in the state nor in the plan. Should the run be cut off, the key expires by itself after `lifetime`.
    Terraform opens it for a plan as well as for an apply, a key each.
    """

    type_name = "prefect_user_api_key"

    user_id = required(Uuid(), "The user (UUID) whose key it is.", source=None)
    name = optional(
        String(max_length=5000), "Name of the key; `terraform` when left out.", server_default=True
    )
    lifetime = optional(
        Integer(minimum=60, maximum=_DAY),
        "Seconds after which the key expires if nobody deletes it before, a day at most; an hour when left out.",
        source=None,
    )
    id = computed(Uuid(), "The key's id (UUID).")
    expiration = computed(Timestamp(), "When the key expires (RFC 3339).")
    key = computed(String(), "The key.", sensitive=True)

    def explain(self, error: Exception) -> Diagnostic | None:
        """An error of the server that names a field is shown at its attribute."""
        return explain_at_attribute(type(self), error)

    async def open(self, config: Values) -> Opened:
        """POST a key that expires soon."""
        user_id, lifetime = config["user_id"], config["lifetime"] or _HOUR
        expiration = datetime.now(UTC) + timedelta(seconds=int(lifetime))
        body: dict[str, Any] = {
            "name": config["name"] or "terraform",
            "expiration": expiration.isoformat().replace("+00:00", "Z"),
        }
        data = await new_key(UserApiKey(self.client, self.diagnostics).scope({}), user_id, body)
        self.private["path"] = f"{keys_path(user_id)}{join_path(data['id'])}"
        return Opened(config | body | {"id": data["id"], "key": data["key"]})

    async def close(self) -> None:
        """DELETE it."""
        await delete_if_there(UserApiKey(self.client, self.diagnostics).scope({}), self.private["path"])
