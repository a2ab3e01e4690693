"""The one-off certificate, as other implementations of TLS see it."""

from __future__ import annotations

import datetime as dt
import ssl
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from prefect_provider.plugin.serving.certificate import Certificate, create_certificate

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(name="certificate", scope="module")
def _certificate() -> Certificate:
    return create_certificate()


def test_a_strict_parser_reads_what_was_meant(certificate: Certificate) -> None:
    """The certificate says P-256, localhost, authority, and client and server use."""
    parsed = x509.load_der_x509_certificate(certificate.der)
    public = parsed.public_key()
    extensions = parsed.extensions

    assert isinstance(public, ec.EllipticCurvePublicKey)
    assert public.curve.name == "secp256r1"
    assert extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    usage = extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.key_cert_sign, usage.crl_sign) == (True, True, False)
    assert set(extensions.get_extension_for_class(x509.ExtendedKeyUsage).value) == {
        x509.oid.ExtendedKeyUsageOID.SERVER_AUTH,
        x509.oid.ExtendedKeyUsageOID.CLIENT_AUTH,
    }
    now = dt.datetime.now(dt.UTC)
    assert parsed.not_valid_before_utc < now - dt.timedelta(minutes=30)
    assert parsed.not_valid_after_utc > now + dt.timedelta(days=300)


def test_it_is_signed_by_the_key_that_comes_with_it(certificate: Certificate) -> None:
    """The signature and the private key belong to the certificate."""
    parsed = x509.load_der_x509_certificate(certificate.der)
    key = load_pem_private_key(certificate.pem, None)

    parsed.verify_directly_issued_by(parsed)
    assert key.public_key() == parsed.public_key()


def test_openssl_takes_key_and_certificate(certificate: Certificate, tmp_path: Path) -> None:
    """The ssl module loads the PEM for use by a server."""
    path = tmp_path / "pem"
    path.write_bytes(certificate.pem)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    context.load_verify_locations(cadata=certificate.der)

    assert context.cert_store_stats()["x509_ca"] == 1


def test_every_process_has_its_own() -> None:
    """Two certificates share neither key nor serial number."""
    first, second = (x509.load_der_x509_certificate(create_certificate().der) for _ in range(2))

    assert first.serial_number != second.serial_number
    assert first.public_key() != second.public_key()


def test_many_are_all_well_formed() -> None:
    """Keys and serial numbers of any shape, short or with a leading bit, make valid DER."""
    for _ in range(300):
        certificate = create_certificate()
        parsed = x509.load_der_x509_certificate(certificate.der)
        parsed.verify_directly_issued_by(parsed)
        assert parsed.serial_number > 0


def test_slow_parts_of_the_library_are_not_imported() -> None:
    """Making a certificate leaves alone the modules that would double the time of a start."""
    code = (
        "import sys; from prefect_provider.plugin.serving.certificate import create_certificate as c; c();"
        "print([m for m in sys.modules if m in ('cryptography.x509',"
        " 'cryptography.hazmat.primitives.serialization', 'asyncio', 'ssl')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
