# A flow run when an export was started and then finished, in this order and within an hour.

resource "prefect_work_pool" "exports" {
  name = "exports"
  type = "process"
}

resource "prefect_deployment" "load_export" {
  name           = "load-export"
  work_pool_name = prefect_work_pool.exports.name
  path           = abspath("${path.module}/../../flows")
  entrypoint     = "pinged.py:decorated_fn"
}

resource "prefect_automation" "exported" {
  name = "run-when-exported"
  trigger = {
    sequence = {
      within = 3600
      triggers = [
        { event = { posture = "Reactive", expect = ["export.started"] } },
        { event = { posture = "Reactive", expect = ["export.finished"] } },
      ]
    }
  }
  actions = [{
    type          = "run-deployment"
    deployment_id = prefect_deployment.load_export.id
    parameters    = jsonencode({ param_1 = "{{ event }}" })
  }]
}
