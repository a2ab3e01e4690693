"""Two users create an order, and one of them completes it: what order_completed waits for."""

from prefect.events import emit_event

if __name__ == "__main__":
    created = emit_event(event="order.created", resource={"prefect.resource.id": "user_id_1"})
    emit_event(event="order.created", resource={"prefect.resource.id": "user_id_2"})
    # It follows the other, however they travel.
    emit_event(event="order.complete", resource={"prefect.resource.id": "user_id_1"}, follows=created)
