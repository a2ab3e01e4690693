import {
  to = prefect_block_schema.ledger
  id = "ledger/1.0"
}
