terraform import prefect_block_schema.ledger ledger/1.0
