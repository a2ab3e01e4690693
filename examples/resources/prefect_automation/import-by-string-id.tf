import {
  to = prefect_automation.stock_changed
  id = "stock-changed"
}
