"""Arguments that have fields of their own: mappings with these keys do as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from prefect_provider.text.spelling import closest, names

__all__ = [
    "FileProvisioner",
    "LocalExecProvisioner",
    "Postcondition",
    "Precondition",
    "RemoteExecProvisioner",
    "SSHProvisionerConnection",
    "TerraformProviderGeneratorMetadata",
    "TerraformResourceLifecycle",
    "TerraformVariableValidationConfig",
    "WinrmProvisionerConnection",
]


class Struct(Mapping[str, Any]):
    """Fields by their names."""

    fields: ClassVar[tuple[str, ...]]
    needed: ClassVar[tuple[str, ...]] = ()

    def __init__(self, **given: Any) -> None:
        """Only fields that there are.

        :raises TypeError: one is missing, or there is none of this name.
        """
        for name in given:
            if name not in self.fields:
                near = closest(name, self.fields)
                hint = f"did you mean `{near}`?" if near else f"there are {names(self.fields)}"
                msg = f"{type(self).__name__} has no `{name}`: {hint}"
                raise TypeError(msg)
        missing = [name for name in self.needed if given.get(name) is None]
        if missing:
            msg = f"{type(self).__name__} needs {names(missing)}"
            raise TypeError(msg)
        self._values = {name: value for name, value in given.items() if value is not None}

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class Precondition(Struct):
    """What has to hold before Terraform touches an object."""

    fields = needed = ("condition", "error_message")


class Postcondition(Struct):
    """What has to hold after Terraform touched an object."""

    fields = needed = ("condition", "error_message")


class TerraformVariableValidationConfig(Struct):
    """What has to hold of a variable."""

    fields = needed = ("condition", "error_message")


class TerraformResourceLifecycle(Struct):
    """How Terraform is to treat changes of a resource."""

    fields = (
        *("create_before_destroy", "ignore_changes", "prevent_destroy", "replace_triggered_by"),
        *("precondition", "postcondition"),
    )


class TerraformProviderGeneratorMetadata(Struct):
    """Which provider a block is of, and in which versions."""

    fields = ("provider_name", "provider_version", "provider_version_constraint")
    needed = ("provider_name",)


_PROVISIONER = ("type", "when", "on_failure", "connection")


class LocalExecProvisioner(Struct):
    """A command that runs where Terraform does."""

    fields = (*_PROVISIONER, "command", "environment", "interpreter", "working_dir")
    needed = ("type", "command")


class RemoteExecProvisioner(Struct):
    """Commands that run on a machine."""

    fields = (*_PROVISIONER, "inline", "script", "scripts")
    needed = ("type",)


class FileProvisioner(Struct):
    """A file that is put on a machine."""

    fields = (*_PROVISIONER, "destination", "content", "source")
    needed = ("type", "destination")


class SSHProvisionerConnection(Struct):
    """How a machine is reached by SSH."""

    fields = (
        *(
            "type",
            "host",
            "agent",
            "agent_identity",
            "bastion_certificate",
            "bastion_host",
            "bastion_host_key",
        ),
        *(
            "bastion_password",
            "bastion_port",
            "bastion_private_key",
            "bastion_user",
            "certificate",
            "host_key",
        ),
        *("password", "port", "private_key", "proxy_host", "proxy_port", "proxy_scheme", "proxy_user_name"),
        *("proxy_user_password", "script_path", "target_platform", "timeout", "user"),
    )
    needed = ("type", "host")


class WinrmProvisionerConnection(Struct):
    """How a machine is reached by WinRM."""

    fields = (
        *("type", "host", "cacert", "https", "insecure", "password", "port", "script_path", "timeout"),
        *("use_ntlm", "user"),
    )
    needed = ("type", "host")
