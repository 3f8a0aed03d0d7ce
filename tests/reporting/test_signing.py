"""A signed report is whole, trusted where its issuer is, and shows any change."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from eightd.reporting.eight_d.audience import Audience
from eightd.reporting.eight_d.render import render
from eightd.reporting.sheet.wording import ReportLanguage
from eightd.reporting.signing import Certificate, UnusableCertificateError, sign
from tests.reporting.case_documents import REPORTS, adapter
from tests.reporting.pdf_text import fonts, pages

NOW = datetime.now(UTC)


@dataclass(frozen=True)
class Signer:
    certificate: Certificate
    root: Any


def trusted(certificate: x509.Certificate) -> Any:
    return next(iter(load_certs_from_pemder_data(certificate.public_bytes(Encoding.PEM))))


def made(name: str, key, issuer_name: str, issuer_key, *, ca: bool):
    def named(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
    )
    return (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(issuer_name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True, content_commitment=not ca, key_cert_sign=ca, crl_sign=ca, **usage
            ),
            critical=True,
        )
        .sign(issuer_key, hashes.SHA256())
    )


@pytest.fixture(scope="module")
def signer() -> Signer:
    root_key, key = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    root = made("Example root", root_key, "Example root", root_key, ca=True)
    leaf = made("示例电子 品质部", key, "Example root", root_key, ca=False)
    content = pkcs12.serialize_key_and_certificates(
        b"plant", key, leaf, [root], BestAvailableEncryption(b"correct horse")
    )
    return Signer(Certificate(content, "correct horse"), trusted(root))


@pytest.fixture(scope="module")
def report() -> bytes:
    return render(
        adapter(), language=ReportLanguage.BOTH, audience=Audience.CUSTOMER, reports=REPORTS, pictures={}
    )


@pytest.fixture(scope="module")
def signed(signer, report) -> bytes:
    return sign(report, signer.certificate, at=NOW, zone="Asia/Shanghai", reports=REPORTS)


def looked_at(pdf: bytes, signer: Signer):
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    return validate_pdf_signature(
        signature, ValidationContext(trust_roots=[signer.root], allow_fetching=False)
    )


def test_a_signed_report_is_intact_trusted_and_covered_as_a_whole(signed, signer, report):
    status = looked_at(signed, signer)
    assert (status.intact, status.valid, status.trusted, status.bottom_line) == (True, True, True, True)
    assert status.coverage.name == "ENTIRE_FILE"
    assert signed.startswith(report)


def test_one_changed_byte_is_noticed(signed, signer):
    for at in (1000, len(signed) // 2):
        changed = signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]
        status = looked_at(changed, signer)
        assert not status.intact
        assert not status.bottom_line


def test_what_is_added_afterwards_is_noticed(signed, signer):
    status = looked_at(signed + b"\n% more\n", signer)
    assert status.coverage.name != "ENTIRE_FILE"


def test_an_unknown_issuer_is_not_trusted(signed):
    other_key = rsa.generate_private_key(65537, 2048)
    other = made("Other", other_key, "Other", other_key, ca=True)
    stranger = Signer(Certificate(b""), trusted(other))
    status = looked_at(signed, stranger)
    assert status.intact
    assert not status.trusted


def test_the_stamp_stands_on_the_last_page_in_embedded_fonts(signed):
    reader = PdfReader(io.BytesIO(signed))
    (field,) = (reader.get_fields() or {}).values()
    assert field["/FT"] == "/Sig"
    (annotation,) = reader.pages[-1]["/Annots"]
    appearance = annotation.get_object()["/AP"]["/N"].get_object()
    found = repr(appearance["/Resources"]["/XObject"])
    assert found
    assert all(fonts(signed).values())
    assert len(pages(signed)) == len(reader.pages)


def test_what_is_no_certificate_is_refused(signer, report):
    for broken in (Certificate(b"nothing"), Certificate(signer.certificate.content, "wrong")):
        with pytest.raises(UnusableCertificateError):
            sign(report, broken, at=NOW, zone="UTC", reports=REPORTS)
    assert "correct horse" not in repr(signer.certificate)


def test_nothing_that_signs_is_loaded_before_it_is_needed():
    script = "import sys, eightd.app; print([one for one in ('pyhanko', 'pypdf') if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"
