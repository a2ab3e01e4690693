list "prefect_webhook" "orders" {
  provider = prefect

  # With their attributes, not the identities alone.
  include_resource = true

  config {
    names = ["orders"]
  }
}
