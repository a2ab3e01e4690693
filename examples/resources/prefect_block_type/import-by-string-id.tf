import {
  to = prefect_block_type.feature_store
  id = "feature-store"
}
