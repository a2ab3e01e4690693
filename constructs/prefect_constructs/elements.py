"""What the constructs extend: the blocks of the runtime that is in use, made of an object's configuration.

On the CDK they have it in Node, so that an object crosses there once; on the runtime without Node, here. Type checkers
see the former.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_constructs._runtime import NATIVE, RUNTIME

if TYPE_CHECKING:
    from prefect_constructs.node.elements import NodeDataSource as DataSourceElement
    from prefect_constructs.node.elements import NodeProvider as ProviderElement
    from prefect_constructs.node.elements import NodeResource as ResourceElement
elif RUNTIME == NATIVE:
    from prefect_constructs.native.objects import NativeDataSource as DataSourceElement
    from prefect_constructs.native.objects import NativeProvider as ProviderElement
    from prefect_constructs.native.objects import NativeResource as ResourceElement
else:
    from prefect_constructs.node.elements import NodeDataSource as DataSourceElement
    from prefect_constructs.node.elements import NodeProvider as ProviderElement
    from prefect_constructs.node.elements import NodeResource as ResourceElement

__all__ = ["DataSourceElement", "ProviderElement", "ResourceElement"]
