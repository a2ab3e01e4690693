"""Stacks without Node: what an app needs of the CDK, in Python.

It has the names and the meaning of CDK Terrain's own classes, and writes the same JSON::

    from prefect_constructs.native import App, TerraformStack

What is not here, such as assets, modules and HCL, needs the CDK; asking for it says so.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from prefect_constructs.native.annotations import Annotations, Aspects, IAspect
from prefect_constructs.native.app import App
from prefect_constructs.native.backend import (
    AzurermBackend,
    CloudBackend,
    ConsulBackend,
    CosBackend,
    GcsBackend,
    HttpBackend,
    LocalBackend,
    NamedCloudWorkspace,
    NamedRemoteWorkspace,
    OssBackend,
    PgBackend,
    PrefixedRemoteWorkspaces,
    RemoteBackend,
    S3Backend,
    SwiftBackend,
    TaggedCloudWorkspaces,
    TerraformBackend,
)
from prefect_constructs.native.construct import Construct, Node
from prefect_constructs.native.element import TerraformElement
from prefect_constructs.native.expressions import ITerraformDependable
from prefect_constructs.native.failure import SynthesisError
from prefect_constructs.native.functions import Fn, Op
from prefect_constructs.native.iterator import TerraformCount, TerraformIterator
from prefect_constructs.native.local import TerraformLocal
from prefect_constructs.native.output import TerraformOutput
from prefect_constructs.native.provider import TerraformProvider
from prefect_constructs.native.remote_state import (
    DataTerraformRemoteState,
    DataTerraformRemoteStateAzurerm,
    DataTerraformRemoteStateConsul,
    DataTerraformRemoteStateCos,
    DataTerraformRemoteStateGcs,
    DataTerraformRemoteStateHttp,
    DataTerraformRemoteStateLocal,
    DataTerraformRemoteStateOss,
    DataTerraformRemoteStatePg,
    DataTerraformRemoteStateS3,
    DataTerraformRemoteStateSwift,
    TerraformRemoteState,
)
from prefect_constructs.native.resource import TerraformDataSource, TerraformResource
from prefect_constructs.native.self_reference import TerraformSelf
from prefect_constructs.native.stack import TerraformStack
from prefect_constructs.native.structs import (
    FileProvisioner,
    LocalExecProvisioner,
    Postcondition,
    Precondition,
    RemoteExecProvisioner,
    SSHProvisionerConnection,
    TerraformProviderGeneratorMetadata,
    TerraformResourceLifecycle,
    TerraformVariableValidationConfig,
    WinrmProvisionerConnection,
)
from prefect_constructs.native.testing import Testing
from prefect_constructs.native.tokens import IResolvable, Lazy, Token
from prefect_constructs.native.variable import TerraformVariable
from prefect_constructs.native.variable_type import VariableType

__all__ = [
    "Annotations",
    "App",
    "Aspects",
    "AzurermBackend",
    "CloudBackend",
    "Construct",
    "ConsulBackend",
    "CosBackend",
    "DataTerraformRemoteState",
    "DataTerraformRemoteStateAzurerm",
    "DataTerraformRemoteStateConsul",
    "DataTerraformRemoteStateCos",
    "DataTerraformRemoteStateGcs",
    "DataTerraformRemoteStateHttp",
    "DataTerraformRemoteStateLocal",
    "DataTerraformRemoteStateOss",
    "DataTerraformRemoteStatePg",
    "DataTerraformRemoteStateS3",
    "DataTerraformRemoteStateSwift",
    "FileProvisioner",
    "Fn",
    "GcsBackend",
    "HttpBackend",
    "IAspect",
    "IResolvable",
    "ITerraformDependable",
    "ITerraformIterator",
    "Lazy",
    "LocalBackend",
    "LocalExecProvisioner",
    "NamedCloudWorkspace",
    "NamedRemoteWorkspace",
    "Node",
    "Op",
    "OssBackend",
    "PgBackend",
    "Postcondition",
    "Precondition",
    "PrefixedRemoteWorkspaces",
    "RemoteBackend",
    "RemoteExecProvisioner",
    "S3Backend",
    "SSHProvisionerConnection",
    "SwiftBackend",
    "SynthesisError",
    "TaggedCloudWorkspaces",
    "TerraformBackend",
    "TerraformCount",
    "TerraformDataSource",
    "TerraformElement",
    "TerraformIterator",
    "TerraformLocal",
    "TerraformOutput",
    "TerraformProvider",
    "TerraformProviderGeneratorMetadata",
    "TerraformRemoteState",
    "TerraformResource",
    "TerraformResourceLifecycle",
    "TerraformSelf",
    "TerraformStack",
    "TerraformVariable",
    "TerraformVariableValidationConfig",
    "Testing",
    "Token",
    "VariableType",
    "WinrmProvisionerConnection",
]

ITerraformIterator = TerraformIterator

_NEED_THE_CDK: Final = frozenset(
    {
        *("DataResource", "ImportableResource", "MigrateIds", "TerraformAsset", "TerraformEphemeralResource"),
        *(
            "TerraformHclModule",
            "TerraformModule",
            "TerraformProviderFunction",
            "TerraformSelf",
            "Tokenization",
        ),
    }
)

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name in _NEED_THE_CDK:
            # An AttributeError would be replaced where it is imported by name.
            what = f"`{name}` needs the CDK in Node: prefect_constructs.native does not have it."
            msg = f"{what} Import it, and all of the app's classes, from cdktn."
            raise ImportError(msg, name=__name__)
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg, name=name, obj=sys.modules[__name__])
