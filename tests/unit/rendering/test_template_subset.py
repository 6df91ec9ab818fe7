"""Staff templates: what they can do, and that hostile ones can do nothing."""

from __future__ import annotations

import time
from datetime import date

import pytest
from jinja2 import Environment

from inquiry_service.errors import InvalidInput, RenderingFailed
from inquiry_service.rendering.template_subset import FieldType, MarkdownText, problems, render, undeclared

FIELDS = {
    "product.name": FieldType.TEXT, "product.label_text": FieldType.MARKDOWN, "inquiry.number": FieldType.TEXT,
    "inquiry.requested": FieldType.DATE, "patient_count": FieldType.NUMBER, "off_label": FieldType.BOOLEAN,
}
LISTS = {"studies": {"title": FieldType.TEXT, "n": FieldType.NUMBER}, "indications": FieldType.TEXT}
VALUES = {
    "product.name": "Sumatriptan", "product.label_text": MarkdownText("**Boxed**"),
    "inquiry.number": "MI-2026-000123", "inquiry.requested": date(2026, 11, 16), "patient_count": 23,
    "off_label": True, "studies": [{"title": "Winner 2000", "n": 653}, {"title": "Linder 1996", "n": 50}],
    "indications": ["migraine with aura", "migraine without aura"],
}

HOSTILE = [
    "{{ ''.__class__ }}", "{{ ''.__class__.__mro__[1].__subclasses__() }}", "{{ ''['__class__'] }}",
    "{{ ''|attr('__class__') }}", "{{ ()|attr('__class__')|attr('__base__') }}", "{{ self }}",
    "{{ self._TemplateReference__context }}",
    "{{ config }}", "{{ request.application.__globals__ }}", "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}", "{{ joiner.__init__.__globals__ }}",
    "{{ namespace.__init__.__globals__ }}", "{{ range(1000000000) }}", "{{ dict(a=1) }}", "{{ lipsum(n=100000) }}",
    "{{ url_for.__globals__ }}", "{{ get_flashed_messages.__globals__ }}", "{{ product.name.__class__ }}",
    "{{ product.name.upper() }}", "{{ product.__class__ }}", "{{ product._sa_instance_state }}",
    "{{ product.registry.dispose() }}", "{{ product.metadata.clear() }}", "{{ product['name'] }}",
    "{{ product.name[0] }}", "{{ product.name[::-1] }}", "{{ '%1000000000d' % 1 }}",
    "{{ '{:>1000000000}'.format(1) }}",
    "{{ '%1000000000d'|format(1) }}", "{{ product.name|format(1) }}", "{{ 'a' * 1000000000 }}", "{{ 9 ** 9999999 }}",
    "{{ product.name ~ product.name }}", "{{ product.name|center(1000000000) }}",
    "{{ product.name|indent(1000000000) }}",
    "{{ product.name|replace('S', 'SSSSSSSS') }}", "{{ product.name|wordwrap(1) }}", "{{ product.name|list }}",
    "{{ studies|map(attribute='__class__')|list }}", "{{ studies|map('upper') }}", "{{ studies|selectattr('n') }}",
    "{{ studies|groupby('title') }}", "{{ studies|tojson }}", "{{ studies|pprint }}", "{{ studies|xmlattr }}",
    "{{ studies|sort(attribute='title.__class__') }}", "{{ studies|sum(attribute='n') }}", "{{ studies|batch(2) }}",
    "{{ studies }}", "{{ studies|first }}", "{{ studies|join }}", "{{ product }}", "{{ product.name|safe }}",
    "{{ product.name|striptags }}", "{{ product.name|urlize }}", "{{ product.name|default(product.name()) }}",
    "{{ product.name|join(attribute='x') }}", "{{ (product.name, 1) }}", "{{ [1, 2] }}", "{{ {'a': 1} }}",
    "{{ 1 if off_label else 2 }}", "{{ -patient_count }}", "{{ patient_count + 1 }}", "{{ product.name is string }}",
    "{{ product.name is sameas true }}", "{{ product.name is divisibleby(0) }}", "{{ 'a' in product.name }}",
    "{% set x = 1 %}", "{% set x %}a{% endset %}", "{% with a = 1 %}{% endwith %}", "{% macro f() %}{% endmacro %}",
    "{% call f() %}{% endcall %}", "{% include '/etc/passwd' %}", "{% import 'x' as y %}", "{% from 'x' import y %}",
    "{% extends 'x' %}", "{% block a %}{% endblock %}", "{% filter upper %}a{% endfilter %}", "{% raw %}{% endraw",
    "{% autoescape false %}{% endautoescape %}", "{% do studies.append(1) %}", "{% for x in range(9) %}{% endfor %}",
    "{% for x in 'abc' %}{{ x }}{% endfor %}", "{% for x in product.name %}{{ x }}{% endfor %}",
    "{% for x in studies if x.n > 1 %}{% endfor %}", "{% for x in studies recursive %}{{ loop(x) }}{% endfor %}",
    "{% for a, b in studies %}{% endfor %}", "{% for x in studies %}{{ x }}{% endfor %}",
    "{% for x in studies %}{{ x.__class__ }}{% endfor %}", "{% for x in studies %}{{ loop.changed(x) }}{% endfor %}",
    "{% for x in studies %}{{ loop.cycle('a', 'b') }}{% endfor %}",
    "{% for x in studies %}{{ loop.previtem }}{% endfor %}",
    "{% for x in studies %}{% for y in studies %}{% for z in studies %}{% endfor %}{% endfor %}{% endfor %}",
    "{% for x in studies %}{% endfor %}" * 21, "{% if off_label %}" * 13 + "{% endif %}" * 13,
    "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", "{{ " + "9" * 5000 + " }}", "{{ '" + "a" * 2001 + "' }}",
    "x" * 100_001, "{{ product.name", "{% if %}{% endif %}", "{{ }}", "{% endfor %}", "{{ product.name|nosuch }}",
    "{{ product.name > 3 }}", "{{ unknown }}", "{{ unknown.field }}", "{{ _ }}", "{% trans %}x{% endtrans %}",
    "{{ ''.join(['a']) }}", "{{ product.name.format.__globals__ }}", "{% debug %}", "{% break %}", "{{ [].append }}",
]


@pytest.mark.parametrize("source", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_template_is_refused_before_it_runs(source: str) -> None:
    started = time.perf_counter()
    assert problems(source, FIELDS, LISTS), "nothing was refused"
    with pytest.raises(RenderingFailed):
        render(source, VALUES, FIELDS, LISTS)
    assert time.perf_counter() - started < 1.0


@pytest.mark.parametrize(("source", "leak"), [
    ("{{ ''.__class__.__mro__ }}", "<class 'str'>"),
    ("{{ lipsum.__globals__['os'].name }}", "posix"),
    ("{{ product.registry.dispose() }}", "disposed"),
    ("{{ '%30d'|format(1) }}", " " * 29 + "1"),
])
def test_plain_jinja_lets_the_same_templates_through(source: str, leak: str) -> None:
    """Negative control: without the whitelist these templates reach the interpreter."""
    class Registry:
        def dispose(self) -> str:
            return "disposed"

    plain = Environment(autoescape=False).from_string(source)  # noqa: S701 - this is the unprotected case
    assert leak in plain.render(product={"registry": Registry()})
    assert problems(source, FIELDS, LISTS)


def test_a_template_uses_fields_conditions_loops_and_filters() -> None:
    source = (
        "## Summary {q=1}\n"
        "{{ product.name|upper }}, asked on {{ inquiry.requested }}{% if patient_count >= 20 and off_label %} (large)"
        "{% elif patient_count == 0 %} (none){% else %} (small){% endif %}:\n"
        "{% for study in studies %}{{ loop.index }}. {{ study.title }}, n = {{ study.n }}\n{% endfor %}"
        "{{ indications|join(', ') }}; {{ studies|length }} [@winner2001]\n"
    )
    assert problems(source, FIELDS, LISTS) == []
    assert render(source, VALUES, FIELDS, LISTS) == (
        "## Summary {q=1}\n"
        "SUMATRIPTAN, asked on 16 November 2026 (large):\n"
        "1. Winner 2000, n = 653\n2. Linder 1996, n = 50\n"
        "migraine with aura, migraine without aura; 2 [@winner2001]\n"
    )


def test_every_problem_is_reported_with_its_line() -> None:
    found = problems("ok\n{{ wrong.name }}\n\n{% set x = 1 %}\n{{ product.name() }}", FIELDS, LISTS)
    assert [(each.line, each.reason) for each in found] == [
        (2, "there is no field wrong.name"), (4, "values cannot be set"), (5, "calls are not allowed")]


def test_names_outside_the_catalogue_are_listed_once_and_sorted() -> None:
    source = "{{ b.c }} {{ a }} {{ a }} {{ product.name }} {% if z.q %}{% endif %}"
    assert undeclared(source, FIELDS) == ("a", "b.c", "z.q")


def test_a_text_value_cannot_become_markup_or_a_citation_or_a_field() -> None:
    values = {"name": "*x* [l](http://e) <b> `c` {{ y }} [@newman1998]", "head": "# not a head", "item": "1. no list"}
    text = render("{{ name }}\n{{ head }}\n{{ item }}\n", values)
    assert text.splitlines() == [
        r"\*x\* \[l\](http://e) \<b\> \`c\` \{\{ y \}\} \[@newman1998\]", r"\# not a head", r"\1. no list"]


def test_markdown_values_are_inserted_as_they_are() -> None:
    assert render("{{ product.label_text }}", VALUES, FIELDS, LISTS) == "**Boxed**"


def test_a_field_without_value_is_named() -> None:
    with pytest.raises(RenderingFailed, match="no value"):
        render("{{ product.name }}", {"patient_count": 1}, FIELDS, LISTS)


def test_a_template_may_ask_whether_a_field_has_a_value() -> None:
    source = "{% if product.name is defined %}{{ product.name }}{% else %}no product{% endif %}"
    assert render(source, {"patient_count": 1}, FIELDS, LISTS) == "no product"


class _OrmLike:
    metadata = "reachable"


@pytest.mark.parametrize("value", [_OrmLike(), object(), len, {"a": {"b": {"c": {}}}}, b"bytes", {1, 2},
                                   type("Sub", (str,), {})("x"), ["x"] * 201])
def test_only_plain_values_enter_a_template(value: object) -> None:
    with pytest.raises(InvalidInput):
        render("text", {"field": value})


@pytest.mark.parametrize("name", ["items", "product.keys", "_private", "a.__class__"])
def test_a_field_cannot_hide_behind_a_method_of_dict(name: str) -> None:
    with pytest.raises(InvalidInput, match="another word"):
        render("text", {name: "x"})


def test_the_output_is_bounded() -> None:
    source = "{% for a in l %}{% for b in l %}{{ t }}{% endfor %}{% endfor %}"
    with pytest.raises(RenderingFailed, match="more than 200,000"):
        render(source, {"l": ["x"] * 200, "t": "word " * 50})
