"""Sign a finished PDF with the plant's certificate, with a stamp that can be seen on its last page.

A PKCS#12 file holds key and certificate. The signature certifies the document: nothing may be changed or
added afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID


class UnusableCertificateError(ValueError):
    """The certificate cannot be read: not PKCS#12, a wrong password, or without key or certificate."""


class SigningNotInstalledError(RuntimeError):
    """A certificate is configured, but what signs is not installed (``eightd[signing]``)."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Key and certificate to sign with: the bytes of a PKCS#12 file, and its password."""

    content: bytes = field(repr=False)
    password: str = field(default="", repr=False)

    def name(self) -> str:
        """Return who signs, as the certificate says; raises UnusableCertificateError."""
        try:
            key, certificate, _ = pkcs12.load_key_and_certificates(self.content, self.password.encode())
        except ValueError as error:
            raise UnusableCertificateError("no PKCS#12 file, or a wrong password") from error
        if key is None or certificate is None:
            raise UnusableCertificateError("without a key or a certificate")
        named = [one.value for one in certificate.subject]
        common = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return str(common[0].value if common else ", ".join(map(str, named)))


def sign(pdf: bytes, certificate: Certificate, *, at: datetime, zone: str, reports: Path) -> bytes:
    """Return the PDF with a signature over the whole of it and a stamp on its last page.

    ``at`` is printed in the stamp in ``zone``; ``reports`` is the folder that holds ``fonts/``. Raises
    UnusableCertificateError or SigningNotInstalledError.
    """
    name = certificate.name()
    # Start-up saving: what signs takes longer to load than the rest of the program, and few installations sign.
    try:
        from eightd.reporting.pdf.signature import signed  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise SigningNotInstalledError("a certificate is configured: install eightd[signing]") from error

    return signed(
        pdf, certificate.content, certificate.password, name=name, at=at, zone=zone, reports=reports
    )
