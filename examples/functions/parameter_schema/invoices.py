"""A flow with parameters."""

from prefect import flow


@flow
def send_invoice(customer: str, days: int = 30) -> None:
    """Send an invoice.

    Args:
        customer: Who pays.
        days: In how many days.
    """
    print(f"{customer}: {days} days")
