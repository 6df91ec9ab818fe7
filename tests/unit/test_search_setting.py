"""Which literature index an installation uses, and what it says about a setting that cannot work."""

from __future__ import annotations

import pytest

from config import Config, ConfigurationProblem

POSTGRESQL = "postgresql+psycopg://nobody@/nothing"
SECRET = "a secret of the tests, long enough"


def settings(**more: str) -> dict[str, str]:
    return {"EVENHAND_SECRET_KEY": SECRET, "EVENHAND_DATA_DIR": "/nonexistent", **more}


@pytest.mark.parametrize(("more", "words"), [
    ({"EVENHAND_SEARCH": "elastic"}, "whoosh or postgresql, not 'elastic'"),
    ({"EVENHAND_SEARCH": "postgresql"}, "needs a PostgreSQL database; set EVENHAND_DATABASE_URL"),
])
def test_a_search_setting_that_cannot_work_stops_the_start_and_says_what_to_set(
    more: dict[str, str], words: str
) -> None:
    with pytest.raises(ConfigurationProblem, match=words):
        Config.from_env(settings(**more))


def test_the_setting_is_read_from_the_environment() -> None:
    more = {"EVENHAND_SEARCH": "postgresql", "EVENHAND_DATABASE_URL": POSTGRESQL}
    assert Config.from_env(settings(**more)).search == "postgresql"
    assert Config.from_env(settings()).search == "whoosh"
