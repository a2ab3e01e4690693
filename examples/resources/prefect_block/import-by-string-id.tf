import {
  to = prefect_block.results
  id = "local-file-system/results"
}
