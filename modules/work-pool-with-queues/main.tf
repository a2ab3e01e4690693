resource "prefect_work_pool" "this" {
  name              = var.name
  type              = var.type
  description       = var.description
  paused            = var.paused
  concurrency_limit = var.concurrency_limit
  base_job_template = var.base_job_template
}

resource "prefect_work_queue" "this" {
  for_each = var.queues

  work_pool_name    = prefect_work_pool.this.name
  name              = each.key
  description       = each.value.description
  priority          = each.value.priority
  concurrency_limit = each.value.concurrency_limit
  is_paused         = each.value.paused
}
