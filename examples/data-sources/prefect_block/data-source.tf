resource "prefect_block" "archive" {
  name      = "archive"
  type_slug = "local-file-system"
  data      = jsonencode({ basepath = "/mnt/archive" })
}

# Without `include_secrets = false`, the state has the block's secrets.
data "prefect_block" "archive" {
  type_slug       = prefect_block.archive.type_slug
  name            = prefect_block.archive.name
  include_secrets = false
}

output "archive_id" {
  value = data.prefect_block.archive.id
}
