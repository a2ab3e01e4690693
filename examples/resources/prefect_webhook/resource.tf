# curl "$(terraform output -raw address_of_orders)" --json '{"state": "complete", "id": 17, "customer": "Ada"}'
resource "prefect_webhook" "orders" {
  name        = "orders"
  description = "The shop tells what happens to its orders."
  template    = <<-EOT
    {
      "event": "order.{{ body.state }}",
      "resource": {
        "prefect.resource.id": "order.{{ body.id }}",
        "prefect.resource.name": {{ body.customer | default("somebody") | tojson }}
      },
      "payload": {{ body | tojson }}
    }
  EOT
}

# Whoever knows the address can send events.
output "address_of_orders" {
  value     = prefect_webhook.orders.endpoint
  sensitive = true
}
