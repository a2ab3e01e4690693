list "prefect_variable" "reports" {
  provider = prefect

  # With their attributes, not the identities alone.
  include_resource = true

  config {
    tags = ["reports"]
  }
}
