# An HTTP request from outside starts a deployment that is not managed here, such as one of `prefect deploy`. In
# Prefect Cloud the request goes to a webhook that makes an event of it; elsewhere to the API itself:
#
#   curl "$PREFECT_API_URL/events" --json '[{"event": "demo.called", "payload": {"run_count": 3},
#     "resource": {"prefect.resource.id": "demo"}, "id": "'$(uuidgen)'", "occurred": "'$(date -u +%FT%TZ)'"}]'

variable "deployment" {
  description = "The deployment to run, as <flow>/<deployment>."
  type        = string
}

data "prefect_deployment" "called" {
  flow_name = split("/", var.deployment)[0]
  name      = split("/", var.deployment)[1]
}

resource "prefect_automation" "called" {
  name = "run-when-called"
  trigger = {
    event = {
      posture = "Reactive"
      match   = jsonencode({ "prefect.resource.id" = "demo" })
      expect  = ["demo.called"]
    }
  }
  actions = [{
    type          = "run-deployment"
    deployment_id = data.prefect_deployment.called.id
    parameters    = jsonencode({ count = "{{ event.payload.run_count }}" })
  }]
}
