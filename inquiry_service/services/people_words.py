"""How people are named in letters."""

from __future__ import annotations

from inquiry_service.models.inquiries import Person


def salutation(person: Person) -> str:
    """Return how a letter begins: by title and family name where they are known."""
    if not person.family_name:
        return "Dear requester,"
    polite = " ".join(part for part in (person.title or person.given_name, person.family_name) if part)
    return f"Dear {polite},"


def address_lines(person: Person) -> list[str]:
    """Return name with credentials, affiliation and postal address, a line each."""
    name = ", ".join(part for part in (person.full_name, person.qualification) if part)
    lines = [name, person.affiliation, *person.address.splitlines()]
    return [line.strip() for line in lines if line.strip()]
