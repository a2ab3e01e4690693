"""Two deployments that share the slots of a warehouse, a limit on its queries, and a type of block for its address."""

from pathlib import Path

from cdktn import App, TerraformStack

from prefect_constructs import (
    Block,
    BlockSchema,
    BlockType,
    Deployment,
    EventTrigger,
    GlobalConcurrencyLimit,
    PrefectProvider,
    TaskRunConcurrencyLimit,
    WorkPool,
)

FLOWS = Path(__file__).resolve().parent.parent / "flows"


class Warehouse(TerraformStack):
    """What uses a warehouse, and how much of it at once."""

    def __init__(self, app: App, name: str) -> None:
        super().__init__(app, name)
        PrefectProvider(self, "prefect")

        slots = GlobalConcurrencyLimit(self, "warehouse", limit=3)
        TaskRunConcurrencyLimit(self, "query", tag="warehouse-query", concurrency_limit=10)
        self.address()
        pool = WorkPool(self, "reports", type="process")
        _, report = (
            Deployment(
                self,
                id_,
                work_pool=pool,
                path=str(FLOWS),
                code=FLOWS,
                entrypoint=f"pipeline.py:{flow}",
                global_concurrency_limit_id=slots,
            )
            for id_, flow in (("load", "upstream"), ("report", "downstream"))
        )
        report.on(EventTrigger(expect="warehouse.loaded"), name="run-report")

    def address(self) -> None:
        """A type of block, and a block of it, which waits for the schema."""
        type_ = BlockType(
            self, "type", name="Warehouse", slug="warehouse", description="Where the reports come from."
        )
        schema = BlockSchema(
            self,
            "schema",
            block_type=type_,
            version="1.0",
            fields={
                "title": "Warehouse",
                "type": "object",
                "properties": {
                    "host": {"title": "Host", "type": "string"},
                    "database": {"title": "Database", "type": "string"},
                },
                "required": ["host"],
            },
        )
        Block(
            self,
            "reporting",
            type_slug=schema.block_type,
            data={"host": "warehouse.example.com", "database": "reporting"},
        )


if __name__ == "__main__":
    app = App()
    Warehouse(app, "shared-limit")
    app.synth()
