list "prefect_automation" "stock" {
  provider = prefect

  config {
    tags = ["stock"]
  }
}
