list "prefect_flow" "reports" {
  provider = prefect

  config {
    tags = ["reports"]
  }
}
