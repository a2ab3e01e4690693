# Three flow runs of one work queue crash within five minutes: the queue is paused, and with it whatever waits
# in it. Which queue it is follows from the event.

resource "prefect_work_pool" "batch" {
  name = "batch"
  type = "process"
}

resource "prefect_work_queue" "nightly" {
  work_pool_name = prefect_work_pool.batch.name
  name           = "nightly"
}

resource "prefect_automation" "breaker" {
  name = "pause-queue-of-crashes"
  trigger = {
    event = {
      posture   = "Reactive"
      match     = jsonencode({ "prefect.resource.id" = "prefect.flow-run.*" })
      expect    = ["prefect.flow-run.Crashed"]
      for_each  = ["related:work-queue:prefect.resource.id"]
      threshold = 3
      within    = 300
      match_related = jsonencode({
        "prefect.resource.role" = "work-queue"
        "prefect.resource.id"   = "prefect.work-queue.${prefect_work_queue.nightly.id}"
      })
    }
  }
  actions = [{ type = "pause-work-queue", source = "inferred" }]
}
