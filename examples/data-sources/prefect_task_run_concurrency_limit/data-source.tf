resource "prefect_task_run_concurrency_limit" "gpu" {
  tag               = "gpu"
  concurrency_limit = 4
}

data "prefect_task_run_concurrency_limit" "gpu" {
  tag = prefect_task_run_concurrency_limit.gpu.tag
}

output "gpus" {
  value = data.prefect_task_run_concurrency_limit.gpu.concurrency_limit
}
