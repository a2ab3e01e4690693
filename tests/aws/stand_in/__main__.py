"""A stand-in for the AWS provider: its process. Objects inside of objects are blocks, as they are in that provider."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_provider.plugin.serving.process import leave, run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prefect_provider.plugin.serving.rpc import Service

__all__ = ["ADDRESS", "main"]

ADDRESS = "registry.terraform.io/hashicorp/aws"


def load() -> Sequence[Service]:
    """The provider service, whose schemas have blocks."""
    from prefect_provider.plugin.service.provider_service import ProviderService
    from prefect_provider.plugin.serving.rpc import Service
    from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb
    from tests.aws.stand_in.provider import StandInProvider

    def with_blocks(attributes: Any) -> Any:
        block = pb.Schema.Block()
        for attribute in attributes:
            if attribute.HasField("nested_type"):
                # A list of blocks has the same form on the wire as a list of objects.
                block.block_types.add(
                    type_name=attribute.name,
                    nesting=pb.Schema.NestedBlock.LIST,
                    block=with_blocks(attribute.nested_type.attributes),
                )
            else:
                block.attributes.append(attribute)
        return block

    provider = StandInProvider()
    service = ProviderService(provider)
    methods = service.methods()
    request, response, get_schema = methods["GetProviderSchema"]

    async def get_schema_with_blocks(asked: Any) -> Any:
        answer: Any = await get_schema(asked)
        for schema in answer.resource_schemas.values():
            schema.block.CopyFrom(with_blocks(schema.block.attributes))
        return answer

    methods["GetProviderSchema"] = (request, response, get_schema_with_blocks)
    return [Service("tfplugin6.Provider", methods, service.streams(), close=provider.close)]


def main() -> None:
    """Serve Terraform until it is done."""
    leave(run(load, address=ADDRESS))


if __name__ == "__main__":
    main()
