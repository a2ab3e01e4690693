list "prefect_service_account" "workers" {
  provider = prefect

  config {
    name_like = "work"
  }
}
