import {
  to = prefect_webhook.orders
  id = "orders"
}
