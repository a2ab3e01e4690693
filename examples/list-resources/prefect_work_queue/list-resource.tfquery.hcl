list "prefect_work_queue" "of_nightly_batch" {
  provider = prefect

  config {
    work_pool_name = "nightly-batch"
  }
}
