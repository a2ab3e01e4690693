list "prefect_task_run_concurrency_limit" "all" {
  provider = prefect

  config {}
}
