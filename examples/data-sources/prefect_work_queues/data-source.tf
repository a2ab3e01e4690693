resource "prefect_work_pool" "exports" {
  name = "exports"
  type = "process"
}

resource "prefect_work_queue" "customers" {
  for_each = toset(["customer-a", "customer-b"])

  work_pool_name = prefect_work_pool.exports.name
  name           = each.key
}

data "prefect_work_queues" "customers" {
  work_pool_name   = prefect_work_pool.exports.name
  name_starts_with = ["customer-"]
  depends_on       = [prefect_work_queue.customers]
}

output "names" {
  value = sort([for one in data.prefect_work_queues.customers.work_queues : one.name])
}
