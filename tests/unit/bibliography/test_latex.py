"""LaTeX in bibliographic fields: accents and markup become text, what only looks like LaTeX stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiry_service.bibliography.latex import plain, to_unicode


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"Trag{\" o}die", "Tragödie"),
        (r"Aks{\i}n, {\"O}zge and {\c{C}}etinkaya", "Aksın, Özge and Çetinkaya"),
        (r"D\'{\i}az, \v{S}krabal, \~n, \H{o}, \k{a}, \aa", "Díaz, Škrabal, ñ, ő, ą, å"),
        (r"{\O}stergaard, \L{}ukasz, gro\ss", "Østergaard, Łukasz, groß"),
        (r"a\&b\%c\$d\#e\_f\textasciitilde{}", "a&b%c$d#e_f~"),
        (r"TNF-$\alpha$, CO$_2$, 10$^{5}$ cells, 100 mg/m$^2$, $p<0.05$", "TNF-α, CO₂, 10⁵ cells, 100 mg/m², p<0.05"),
        (r"\textit{In vitro} \emph{and} {\bf in} \textsuperscript{14}C", "In vitro and in ¹⁴C"),
        (r"``quoted'' text --- and 1--2", "“quoted” text — and 1–2"),
        (r"see \url{https://example.org/a} or \href{https://example.org}{here}", "see https://example.org/a or here"),
        (r"$\geq$65 years $\pm$ 3", "≥65 years ± 3"),
    ],
)  # fmt: skip
def test_accents_symbols_and_markup_become_unicode(written: str, read: str) -> None:
    assert to_unicode(written) == read


@pytest.mark.parametrize(
    "text",
    [
        "It costs $100 in one arm and $200 in the other, 5% less",
        "100% of patients were seen",
        "C:\\unknown stays",
        "n = 5 (p < 0.05) & more",
    ],
)
def test_what_only_looks_like_latex_stays_as_it_is(text: str) -> None:
    assert to_unicode(text) == text


def test_locators_lose_their_escapes_and_keep_their_tildes() -> None:
    assert plain(r"{https://example.org/\~{}name/a\_b}") == "https://example.org/~name/a_b"
    assert plain(r"10.1000/foo\_bar") == "10.1000/foo_bar"


def test_nesting_without_end_is_read_without_recursion_error() -> None:
    assert to_unicode("{" * 5_000 + "x" + "}" * 5_000) == "x"
    assert to_unicode(r"\'" * 500 + "e").startswith("é")


@given(st.text(alphabet="\\{}$^_~%'\"`-abc ", max_size=80))
def test_no_text_makes_the_reading_fail(text: str) -> None:
    assert isinstance(to_unicode(text), str)
