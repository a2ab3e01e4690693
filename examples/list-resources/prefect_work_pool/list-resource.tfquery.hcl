list "prefect_work_pool" "kubernetes" {
  provider = prefect

  config {
    types = ["kubernetes"]
  }
}
