list "prefect_global_concurrency_limit" "database" {
  provider = prefect

  config {
    name_like = "database"
  }
}
