list "prefect_team" "data_engineering" {
  provider = prefect

  config {
    names = ["data-engineering"]
  }
}
