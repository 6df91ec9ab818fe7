"""Every setting is explained in the README, and the README explains no setting that does not exist."""

from __future__ import annotations

import ast
import re
from dataclasses import fields

from config import Config
from tests.architecture.source_files import PACKAGE, ROOT, named, parsed, python_files

SETTING = re.compile(r"EVENHAND_[A-Z0-9_]+|PORT")
README_ROW = re.compile(r"^\|\s*`(EVENHAND_[A-Z0-9_]+|PORT)`\s*\|(.+)\|\s*$", re.MULTILINE)


def settings_read() -> set[str]:
    """Return the names of the environment variables that config.py reads."""
    return {
        node.value
        for node in ast.walk(parsed(ROOT / "config.py"))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SETTING.fullmatch(node.value)
    }


def settings_documented(readme: str) -> dict[str, str]:
    """Return name and explanation of each row of the README's table of settings."""
    return {name: rest.strip() for name, rest in README_ROW.findall(readme)}


def test_the_readme_explains_each_setting_and_no_other() -> None:
    documented = settings_documented((ROOT / "README.md").read_text(encoding="utf-8"))
    assert set(documented) == settings_read()
    assert all(documented.values())


def test_each_setting_has_its_field() -> None:
    names = {name.removeprefix("EVENHAND_").lower() for name in settings_read()}
    assert names - {field.name for field in fields(Config)} == set()


def test_a_setting_without_its_row_would_be_found() -> None:
    assert settings_documented("| `PORT` | 8000 | where it listens |\ntext about `EVENHAND_DEMO`") == {
        "PORT": "8000 | where it listens"
    }


def test_only_the_configuration_reads_the_environment() -> None:
    readers = [
        named(path)
        for path in python_files()
        if path.is_relative_to(PACKAGE)
        and any(
            isinstance(node, ast.Attribute) and node.attr in {"environ", "environb", "getenv"}
            for node in ast.walk(parsed(path))
        )
    ]
    assert readers == []
