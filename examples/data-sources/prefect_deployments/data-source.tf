resource "prefect_deployment" "train" {
  for_each = toset(["eu", "us"])

  name       = each.key
  entrypoint = "flows/train.py:train"
  tags       = ["training"]
}

data "prefect_deployments" "training" {
  tags       = ["training"]
  paused     = false
  depends_on = [prefect_deployment.train]
}

output "ids" {
  value = { for one in data.prefect_deployments.training.deployments : one.name => one.id }
}
