import {
  to = prefect_global_concurrency_limit.database
  id = "database-connections"
}
