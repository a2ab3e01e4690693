import {
  to = prefect_block_access.warehouse
  id = "secret/warehouse-password"
}
