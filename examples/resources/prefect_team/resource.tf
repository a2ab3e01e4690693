resource "prefect_team" "data_engineering" {
  name        = "data-engineering"
  description = "Owns the nightly loads."
}
