resource "prefect_work_pool" "ecs" {
  for_each = toset(["ecs-large", "ecs-small"])

  name = each.key
  type = "ecs"
}

data "prefect_work_pools" "ecs" {
  types      = ["ecs"]
  depends_on = [prefect_work_pool.ecs]
}

output "names" {
  value = data.prefect_work_pools.ecs.work_pools[*].name
}
