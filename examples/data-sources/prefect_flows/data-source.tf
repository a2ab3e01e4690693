resource "prefect_flow" "ingest" {
  for_each = toset(["ingest-orders", "ingest-returns"])

  name = each.key
  tags = ["ingest"]
}

data "prefect_flows" "ingest" {
  tags       = ["ingest"]
  depends_on = [prefect_flow.ingest]
}

output "names" {
  value = data.prefect_flows.ingest.flows[*].name
}
