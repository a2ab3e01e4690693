resource "prefect_work_pool" "shared" {
  name = "shared"
  type = "process"
}

data "prefect_work_pool" "shared" {
  name = prefect_work_pool.shared.name
}

output "default_queue" {
  value = data.prefect_work_pool.shared.default_queue_id
}
