terraform import prefect_webhook.orders orders
