"""Every form in which schedules are given."""

from datetime import UTC, datetime, timedelta

from prefect import flow, serve
from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.schedules import CronSchedule, IntervalSchedule
from prefect.schedules import Cron, Interval, RRule


@flow
def clock(x: int = 0) -> int:
    """Tells the time."""
    return x


if __name__ == "__main__":
    serve(
        clock.to_deployment("one-interval", interval=600),
        clock.to_deployment("timedelta", interval=timedelta(hours=1)),
        clock.to_deployment("several-crons", cron=["0 3 * * *", "0 4 * * *"]),
        clock.to_deployment("one-rrule", rrule="FREQ=DAILY"),
        clock.to_deployment("one-schedule", schedule=Cron("0 5 * * *", timezone="Europe/Berlin")),
        clock.to_deployment(
            "all-kinds",
            schedules=[
                Cron("0 1 * * *", timezone="UTC", slug="nightly", active=False, parameters={"x": 1}),
                Interval(
                    timedelta(minutes=90),
                    anchor_date=datetime(2030, 1, 1, tzinfo=UTC),
                    timezone="America/New_York",
                    slug="often",
                ),
                RRule("FREQ=WEEKLY;BYDAY=MO", timezone="Europe/London", slug="weekly"),
                CronSchedule(cron="0 2 * * *"),
                IntervalSchedule(interval=timedelta(days=1), anchor_date="2030-01-01T00:00:00Z"),
                DeploymentScheduleCreate(
                    schedule=CronSchedule(cron="30 6 * * *", day_or=False), slug="entry"
                ),
            ],
        ),
    )
