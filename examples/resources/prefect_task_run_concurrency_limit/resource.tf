resource "prefect_task_run_concurrency_limit" "browser" {
  tag               = "browser"
  concurrency_limit = 3
}
