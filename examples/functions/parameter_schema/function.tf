resource "prefect_deployment" "send_invoice" {
  name       = "send-invoice"
  entrypoint = "invoices.py:send_invoice"

  # Parameters are held against it in the plan, by the server, and in the form of Prefect's pages.
  parameter_openapi_schema = provider::prefect::parameter_schema("${path.module}/invoices.py:send_invoice")
  parameters               = jsonencode({ customer = "c-17", days = 14 })
}
