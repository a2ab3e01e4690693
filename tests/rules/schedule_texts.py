"""Cron expressions and recurrence rules by chance, the same ones each time: whole ones, odd ones and broken ones."""

from __future__ import annotations

from random import Random

__all__ = ["cron_expressions", "recurrence_rules"]

_LEAST = (0, 0, 1, 1, 0, 0, 1970)
_MOST = (59, 23, 31, 12, 6, 59, 2099)
_NAMES = (
    *((), (), ("l", "L")),
    ("jan", "FEB", "dec"),
    ("sun", "MON", "tue", "fri", "sat"),
    *((), ()),
)
_JUNK = (
    "",
    "-",
    "/",
    "#",
    "L",
    "l5",
    "L7",
    "l8",
    "mon#1",
    "5#5",
    "7#2",
    "mon-fri#2",
    "jan#2",
    "0#6",
    "1#0",
    "x",
    "-1",
    "1.5",
    "*/",
    "/5",
    "*-5",
    "*/0",
    "5/0",
    "**",
    "+1",
    "?",
    "1-2-3",
    "1/2/3",
    "\N{ARABIC-INDIC DIGIT FIVE}",
    "h",
    "1-L",
    "LW",
    "15W",
)


def cron_expressions(count: int, seed: int) -> list[str]:
    """Expressions of mostly five fields, most of them near the limits of what is valid."""
    random = Random(seed)  # noqa: S311 - the same ones each time
    return [_expression(random) for _ in range(count)]


def _expression(random: Random) -> str:
    fields = random.choices((5, 6, 7, 4, 8), (70, 15, 13, 1, 1))[0]
    return " ".join(_field(random, min(index, 6)) for index in range(fields))


def _field(random: Random, index: int) -> str:
    if random.random() < 0.35:
        return "*"
    return ",".join(_element(random, index) for _ in range(random.choices((1, 2, 3), (80, 15, 5))[0]))


def _element(random: Random, index: int) -> str:
    form = random.choices(("value", "range", "step", "range step", "junk"), (45, 22, 12, 14, 7))[0]
    low, high = _value(random, index), _value(random, index)
    step = str(random.choice((1, 2, 3, 5, 7, 24, 31, 70)))
    match form:
        case "value":
            return low
        case "range":
            return f"{low}-{low if random.random() < 0.1 else high}"
        case "step":
            return f"{random.choice(('*', low))}/{step}"
        case "range step":
            return f"{low}-{high}/{step}"
    return random.choice(_JUNK)


def _value(random: Random, index: int) -> str:
    if _NAMES[index] and random.random() < 0.2:
        return random.choice(_NAMES[index])
    least, most = _LEAST[index], _MOST[index]
    if index == 2 and random.random() < 0.4:
        return random.choice(("29", "30", "31"))
    if index == 6 and random.random() < 0.6:
        return str(random.randint(2024, 2080))
    inside = random.random() < 0.93
    number = random.randint(least, most) if inside else random.choice((least - 1, most + 1, 0, 7))
    return f"0{number}" if 0 <= number < 10 and random.random() < 0.1 else str(number)


def recurrence_rules(count: int, seed: int) -> list[str]:
    """Rules of one to three properties, some with parts that dateutil refuses or that no date fits."""
    random = Random(seed)  # noqa: S311 - the same ones each time
    return [_recurrence(random) for _ in range(count)]


def _recurrence(random: Random) -> str:
    lines = []
    if random.random() < 0.4:
        lines.append(
            f"DTSTART{random.choices(('', ';TZID=Europe/Paris', ';FOO=1'), (90, 8, 2))[0]}:{_moment(random)}"
        )
    for _ in range(random.choices((1, 2, 0), (85, 10, 5))[0]):
        prefix = random.choices(("", "RRULE:", "RULE:"), (50, 48, 2))[0]
        lines.append(prefix + _rule(random))
    if random.random() < 0.12:
        lines.append(f"{random.choice(('RDATE', 'EXDATE'))}:{_moment(random)}")
    random.shuffle(lines)
    text = random.choice(("\n", "\r\n")).join(lines)
    return text.lower() if random.random() < 0.05 else text


def _moment(random: Random) -> str:
    year, month, day = random.choice((2019, 2024, 2030)), random.randint(1, 12), random.randint(1, 28)
    forms = ("{d}T093000", "{d}T093000Z", "{d}", "{d}T0930", "{y}-01-02T03:04:05", "{d}T253000", "soon")
    form = random.choices(forms, (50, 25, 10, 5, 5, 3, 2))[0]
    return form.format(d=f"{year}{month:02}{day:02}", y=year)


def _rule(random: Random) -> str:
    frequency = random.choices(
        ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY", "NEVERLY"),
        (20, 20, 20, 18, 10, 6, 4, 2),
    )[0]
    parts = [f"FREQ={frequency}"] if random.random() < 0.98 else []
    parts += [_part(random) for _ in range(random.choices((0, 1, 2, 3), (15, 40, 30, 15))[0])]
    if random.random() < 0.15:
        parts.append(f"UNTIL={_moment(random)}")
    random.shuffle(parts)
    return ";".join(parts) + (";" if random.random() < 0.02 else "")


def _part(random: Random) -> str:
    key = random.choice(
        (
            "INTERVAL",
            "COUNT",
            "WKST",
            "BYDAY",
            "BYDAY",
            "BYMONTH",
            "BYMONTHDAY",
            "BYYEARDAY",
            "BYWEEKNO",
            "BYHOUR",
            "BYMINUTE",
            "BYSECOND",
            "BYSETPOS",
            "BYEASTER",
            "BYWEEKDAY",
            "BYFOO",
        )
    )
    day = random.choice(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))
    match key:
        case "INTERVAL" | "COUNT":
            value = random.choices(("1", "2", "3", "13", "0", "-1", "x"), (20, 30, 20, 10, 3, 3, 2))[0]
        case "WKST":
            value = random.choices((day, f"1{day}", "XX"), (80, 10, 10))[0]
        case "BYDAY" | "BYWEEKDAY":
            forms = (
                day,
                f"+1{day}",
                f"-1{day}",
                f"5{day}",
                f"{day}(+2)",
                f"0{day}",
                f"{day},FR",
                "XX",
                "",
                f"9{day}",
            )
            value = random.choices(forms, (40, 10, 10, 6, 5, 3, 15, 2, 1, 3))[0]
        case _:
            value = ",".join(str(_number(random, key)) for _ in range(random.choices((1, 2), (75, 25))[0]))
    return f"{key}={value}"


def _number(random: Random, key: str) -> int:
    least, most = {
        "BYMONTH": (1, 12),
        "BYMONTHDAY": (-31, 31),
        "BYYEARDAY": (-366, 366),
        "BYWEEKNO": (-53, 53),
        "BYHOUR": (0, 23),
        "BYMINUTE": (0, 59),
        "BYSECOND": (0, 59),
        "BYSETPOS": (-3, 3),
        "BYEASTER": (-10, 60),
    }.get(key, (0, 9))
    return random.choice((least - 1, most + 1, 0)) if random.random() < 0.06 else random.randint(least, most)
