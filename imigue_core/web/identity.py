"""Who asks: the signed cookie that carries an annotator's id, and the secret that signs it.

No password stands behind it, since the studio answers on this computer only; the
signature keeps the id from being made up by a script. Choosing a person is people_api.py.
"""

from __future__ import annotations

import hashlib
import secrets

from itsdangerous import BadSignature, Signer

from imigue_core.errors import StorageError
from imigue_core.files import write_once
from imigue_core.ids import AnnotatorId
from imigue_core.settings import Settings

COOKIE_AGE_S = 365 * 24 * 3600
SECRET_BYTES = 32


def load_secret(settings: Settings) -> bytes:
    """The project's secret, made on first use: 32 random bytes readable by their owner only.

    Raises:
        StorageError: ``SECRET_INVALID`` when the file holds anything else.
    """
    path = settings.data / "secret"
    if not path.exists():
        write_once(path, secrets.token_bytes(SECRET_BYTES))
    secret = path.read_bytes()
    if len(secret) != SECRET_BYTES:
        raise StorageError(
            "SECRET_INVALID",
            f"expected {SECRET_BYTES} bytes, got {len(secret)}.",
            hint="Delete the file; everybody picks their name again.",
            where=str(path),
        )
    return secret


def name_cookie(secret: bytes) -> str:
    """The cookie's name: browsers share cookies between ports, so each project has its own."""
    return "imigue_annotator_" + hashlib.sha256(b"cookie name" + secret).hexdigest()[:12]


def sign_annotator(secret: bytes, annotator_id: int) -> str:
    """The cookie's value for a person."""
    return _make_signer(secret).sign(str(int(annotator_id))).decode("ascii")


def read_cookie(value: str, secret: bytes) -> AnnotatorId | None:
    """The annotator's id in a cookie of ours, else None."""
    try:
        text = _make_signer(secret).unsign(value.encode("ascii", "replace")).decode("ascii")
    except BadSignature:
        return None
    return AnnotatorId(int(text))


def _make_signer(secret: bytes) -> Signer:
    return Signer(secret, salt=b"imigue.annotator", key_derivation="hmac", digest_method=_sha256)


def _sha256(data: bytes = b"") -> hashlib._Hash:
    return hashlib.sha256(data)
