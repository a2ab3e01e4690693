resource "prefect_block" "scratch" {
  for_each = toset(["scratch-large", "scratch-small"])

  name      = each.key
  type_slug = "local-file-system"
  data      = jsonencode({ basepath = "/mnt/${each.key}" })
}

data "prefect_blocks" "scratch" {
  type_slugs = ["local-file-system"]
  name_like  = "scratch-"
  depends_on = [prefect_block.scratch]
}

output "ids" {
  value = nonsensitive({ for one in data.prefect_blocks.scratch.blocks : one.name => one.id })
}
