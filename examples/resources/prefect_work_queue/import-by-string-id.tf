import {
  to = prefect_work_queue.urgent
  id = "nightly-batch,urgent"
}
