data "prefect_account_member" "keeper" {
  email = "marvin@example.com"
}

resource "prefect_team" "loaders" {
  name = "loaders"
}

resource "prefect_block" "warehouse" {
  name      = "warehouse-password"
  type_slug = "secret"
  data      = jsonencode({ value = "a placeholder" })
}

# Nobody else sees the block, whatever their role in the workspace.
resource "prefect_block_access" "warehouse" {
  block_id         = prefect_block.warehouse.id
  manage_actor_ids = [data.prefect_account_member.keeper.actor_id]
  view_team_ids    = [prefect_team.loaders.id]
}
