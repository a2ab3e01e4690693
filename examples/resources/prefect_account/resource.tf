resource "prefect_account" "example" {
  name         = "Example"
  handle       = "example"
  link         = "https://example.com"
  domain_names = ["example.com"]

  settings = {
    allow_public_workspaces        = false
    enforce_webhook_authentication = true
  }
}
