"""Templates are checked as the server does, with line numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefect_provider.rules.templates import MAX_LOOP_DEPTH, MAX_LOOPS, faults, is_template

LOOP = "{% for e in events %}{{ e.id }}{% endfor %}"


@pytest.mark.parametrize(
    "template",
    [
        "",
        "plain { text }",
        "{{ event.resource.name | upper }}",
        "{{ flow_run | ui_url }} {{ event.occurred | humanize_naturaltime }}",
        "{% set n = 3 %}{{ n }}",
        "{% for i in range(100) %}{{ i }}{% endfor %}",
        "{% for i in range(event.n) %}{{ loop.index }}{% endfor %}",
        "{% for i in range(9**9**9) %}{{ 9**9**9 }}{% endfor %}",
        "{% for i in range(0) %}{% endfor %}{% for i in range(5, -100) %}{% endfor %}",
        LOOP * MAX_LOOPS,
        "{% for a in events %}{% for b in a.related %}{{ b }}{% endfor %}{% endfor %}",
    ],
)
def test_a_template_that_works_has_no_faults(template: str) -> None:
    """Known variables, filters, loops and ranges within the limits pass."""
    assert faults(template) == []


@pytest.mark.parametrize(
    ("template", "line", "severity", "words"),
    [
        ("a\nb {{ x", 2, "error", "unexpected end"),
        ("{% for x in y %}", 1, "error", "endfor"),
        ("{{ a }}\n\n{% if %}", 3, "error", "Jinja"),
        (LOOP * (MAX_LOOPS + 1), 1, "error", "10 for loops or fewer, got 11"),
        (
            "{% for a in events %}" * (MAX_LOOP_DEPTH + 1) + "{% endfor %}" * (MAX_LOOP_DEPTH + 1),
            1,
            "error",
            "2 deep or less, got 3",
        ),
        ("{% for i in range(101) %}{% endfor %}", 1, "error", "100 or fewer, got 101"),
        ("\n{% for i in range(1, 900, 2) %}{% endfor %}", 2, "error", "got 450"),
        ("{% for i in range(0, 3, 0) %}{% endfor %}", 1, "error", "step of 0"),
        (
            "{% for i in range(9, 0, -2) %}{% endfor %}{% for i in range(-200) %}{% endfor %}{{ x",
            1,
            "error",
            "unexpected",
        ),
        ("{% for i in range(500, 0, -2) %}{% endfor %}", 1, "error", "got 250"),
        ("{% for i in range(1000000000000000000000000000000) %}{% endfor %}", 1, "error", "100 or fewer"),
        ("{{" * 100_000, 1, "error", "nested too deeply"),
        ("{{ " + "(" * 2000 + "1" + ")" * 2000 + " }}", 1, "error", "nested too deeply"),
        ("\n{{ event.name }} \ud800", 2, "error", "half character \\ud800"),
        ("{{ event | shout }}", 1, "warning", "no filter `shout`"),
        ("{% if event is shiny %}{% endif %}", 1, "warning", "no test `shiny`"),
        ("{% block a %}{% endblock %}\n{% block a %}{% endblock %}", 2, "warning", "block 'a' defined twice"),
        ("x\n{{ flow_rn.name }}", 2, "warning", "no variable `flow_rn`"),
    ],
)
def test_a_fault_has_its_line(template: str, line: int, severity: str, words: str) -> None:
    """Each fault is reported once, with its line, and as an error only if it can never work."""
    found = faults(template)
    assert [(fault.line, fault.severity) for fault in found] == [(line, severity)]
    assert words in found[0].message


def test_only_braces_make_a_template() -> None:
    """Text without {{ and {% is sent as it is."""
    assert is_template("{{ a }}")
    assert is_template("{% if a %}")
    assert not is_template("{a}")


PARTS = (
    *(
        "{{ event }}",
        "{{event.id}}",
        "{{ flow_run.name }}",
        "{{ eventx }}",
        "{{ event",
        "}}",
        "{",
        "}",
        "%",
        "{%",
        "{#",
    ),
    *(
        " ",
        "a",
        "\n",
        "{{ event.in }}",
        "{{ event.1 }}",
        "{{ event.é }}",
        "{{ event . id }}",
        "{{ event.if }}",
    ),
    *("{{\nevent\n}}", "{{-event}}", "{{ event.not }}", "#}", "{{ in }}", "{{{ event }}", "{{ event }}}"),
)


@given(st.lists(st.sampled_from(PARTS), max_size=6).map("".join))
def test_simple_templates_are_judged_as_all_are(template: str) -> None:
    """Most templates need no parser to be found right; a comment makes it a case for the parser, and nothing else."""
    if not faults(template):
        assert faults(f"{template} {{# #}}") == []
