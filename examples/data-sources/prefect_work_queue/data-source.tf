resource "prefect_work_pool" "mail" {
  name = "mail"
  type = "process"
}

resource "prefect_work_queue" "newsletter" {
  work_pool_name = prefect_work_pool.mail.name
  name           = "newsletter"
}

data "prefect_work_queue" "newsletter" {
  work_pool_name = prefect_work_queue.newsletter.work_pool_name
  name           = prefect_work_queue.newsletter.name
}

output "priority" {
  value = data.prefect_work_queue.newsletter.priority
}
