resource "prefect_block_type" "ledger" {
  name = "Ledger"
  slug = "ledger"
}

resource "prefect_block_schema" "ledger" {
  block_type_id = prefect_block_type.ledger.id
  version       = "1.0"
  fields = jsonencode({
    title = "Ledger"
    type  = "object"
    properties = {
      host  = { title = "Host", type = "string" }
      token = { title = "Token", type = "string", format = "password", writeOnly = true }
    }
    required      = ["host"]
    secret_fields = ["token"]
  })
}

# By the schema's `block_type`, a block waits for the schema.
resource "prefect_block" "ledger" {
  name      = "bookkeeping"
  type_slug = prefect_block_schema.ledger.block_type
  data      = jsonencode({ host = "ledger.example.com" })
}
