# Without a server: what is planned, and what is refused.

mock_provider "prefect" {}

run "queues" {
  command = plan

  variables {
    name              = "etl"
    type              = "process"
    concurrency_limit = 10
    queues = {
      urgent  = { priority = 1 }
      nightly = { priority = 2, concurrency_limit = 4, paused = true, description = "at night" }
    }
  }

  assert {
    condition     = prefect_work_pool.this.concurrency_limit == 10 && prefect_work_pool.this.type == "process"
    error_message = "The pool is not as it was given."
  }

  assert {
    condition = (
      prefect_work_queue.this["nightly"].work_pool_name == "etl" &&
      prefect_work_queue.this["nightly"].priority == 2 &&
      prefect_work_queue.this["nightly"].concurrency_limit == 4 &&
      prefect_work_queue.this["nightly"].is_paused
    )
    error_message = "The queue is not as it was given."
  }

  assert {
    condition     = prefect_work_queue.this["urgent"].concurrency_limit == null && !prefect_work_queue.this["urgent"].is_paused
    error_message = "A queue of which little is said has a limit, or is paused."
  }
}

run "no_queues" {
  command = plan

  variables {
    name = "etl"
    type = "docker"
  }

  assert {
    condition     = length(prefect_work_queue.this) == 0
    error_message = "There are queues that nobody asked for."
  }
}

run "reserved_name" {
  command = plan

  variables {
    name = "prefect-etl"
    type = "process"
  }

  expect_failures = [var.name]
}

run "same_priority" {
  command = plan

  variables {
    name = "etl"
    type = "process"
    queues = {
      one = { priority = 1 }
      two = { priority = 1 }
    }
  }

  expect_failures = [var.queues]
}
