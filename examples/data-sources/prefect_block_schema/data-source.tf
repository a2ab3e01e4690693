resource "prefect_block_type" "scale" {
  name = "Scale"
  slug = "scale"
}

resource "prefect_block_schema" "scale" {
  block_type_id = prefect_block_type.scale.id
  version       = "2.0"
  fields = jsonencode({
    title      = "Scale"
    type       = "object"
    properties = { port = { title = "Port", type = "string" } }
  })
}

data "prefect_block_schema" "scale" {
  block_type = prefect_block_schema.scale.block_type
  version    = prefect_block_schema.scale.version
}

output "fields" {
  value = keys(jsondecode(data.prefect_block_schema.scale.fields).properties)
}
