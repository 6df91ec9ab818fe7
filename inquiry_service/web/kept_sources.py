"""Files that came with an attempt to save which failed: kept, so that nobody has to choose them again.

A browser forgets chosen files when a form comes back. So the bytes go to the store of attachments at once,
and the form carries their names and hashes in a hidden field, signed for this person: a hash alone would
otherwise let anybody attach, and then read, any stored file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import BadRequest

from inquiry_service.errors import InvalidInput
from inquiry_service.services import attachments
from inquiry_service.services.attachments import Upload
from inquiry_service.services.blobs import BlobStore

_VALID_FOR = 7 * 24 * 3600


@dataclass(frozen=True)
class KeptFile:
    """A stored file that belongs to the form at hand; ``size`` in bytes."""

    name: str
    sha256: str
    size: int

    @property
    def size_words(self) -> str:
        """The size as people read it."""
        return f"{self.size / 1024:.0f} KiB" if self.size >= 1024 else f"{self.size} bytes"


def _serializer(user_id: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"kept sources of {user_id}")


def sealed(files: Iterable[KeptFile], user_id: str) -> str:
    """Return the hidden field's value for these files of this person."""
    return str(_serializer(user_id).dumps([astuple(file) for file in files]))


def opened(seal: str | None, user_id: str) -> list[KeptFile]:
    """Return the files named in a hidden field.

    Raises:
        BadRequest: it was not made here, not for this person, or a week ago.
    """
    if not seal:
        return []
    try:
        return [KeptFile(*values) for values in _serializer(user_id).loads(seal, max_age=_VALID_FOR)]
    except BadSignature:
        raise BadRequest("The list of files is not valid any more. Open the form anew and attach them again.") from None


def keep(files: Iterable[FileStorage], blobs: BlobStore) -> tuple[list[KeptFile], list[str]]:
    """Store the files that came with this request; return them, and what is wrong with the others."""
    kept, problems = [], []
    for file in files:
        if not file or not file.filename:
            continue
        upload = Upload(file.filename, file.read())
        try:
            attachments.media_type(upload)
        except InvalidInput as refusal:
            problems.append(refusal.message)
        else:
            kept.append(KeptFile(attachments.shown_name(upload.file_name), blobs.put(upload.data), len(upload.data)))
    return kept, problems


def uploads(files: Iterable[KeptFile], blobs: BlobStore) -> tuple[Upload, ...]:
    """Return the files as the service takes them."""
    return tuple(Upload(file.name, blobs.get(file.sha256)) for file in files)
