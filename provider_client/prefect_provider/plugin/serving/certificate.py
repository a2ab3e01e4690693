"""The certificate of one provider process: made at its start, gone with it.

Terraform and the provider authenticate each other with one-off certificates: the provider's travels to
Terraform on the handshake line, and nothing else vouches for it. The key and the signature are made by
``cryptography``. Only the certificate around them is written here, because that library's ``x509`` and
``serialization`` modules take as long to import as all the rest of a start, at every start.
"""

from __future__ import annotations

import binascii
import os
import time

__all__ = ["Certificate", "create_certificate"]

_BACKDATE_S = 60 * 60
_LIFETIME_S = 365 * 24 * 60 * 60
"""An hour of slack for clocks that step, and a year, because Terraform may reconnect to a process."""

_INTEGER, _BIT_STRING, _OCTET_STRING, _OID, _UTF8_STRING = 0x02, 0x03, 0x04, 0x06, 0x0C
_GENERALIZED_TIME, _SEQUENCE, _SET = 0x18, 0x30, 0x31
_TRUE = b"\x01\x01\xff"

# Object identifiers in DER content form (X.660 arcs, base 128).
_EC_PUBLIC_KEY = bytes.fromhex("2a8648ce3d0201")  # 1.2.840.10045.2.1
_P256 = bytes.fromhex("2a8648ce3d030107")  # 1.2.840.10045.3.1.7
_ECDSA_SHA256 = bytes.fromhex("2a8648ce3d040302")  # 1.2.840.10045.4.3.2
_COMMON_NAME = bytes.fromhex("550403")  # 2.5.4.3
_KEY_USAGE = bytes.fromhex("551d0f")  # 2.5.29.15
_SUBJECT_ALT_NAME = bytes.fromhex("551d11")  # 2.5.29.17
_BASIC_CONSTRAINTS = bytes.fromhex("551d13")  # 2.5.29.19
_EXTENDED_KEY_USAGE = bytes.fromhex("551d25")  # 2.5.29.37
_SERVER_AUTH = bytes.fromhex("2b06010505070301")  # 1.3.6.1.5.5.7.3.1
_CLIENT_AUTH = bytes.fromhex("2b06010505070302")  # 1.3.6.1.5.5.7.3.2


class Certificate:
    """A self-signed certificate with its private key.

    ``der`` is the certificate as it goes on the handshake line; ``pem`` is key and certificate as the
    ``ssl`` module loads them from one file. It is secret.
    """

    __slots__ = ("der", "pem")

    def __init__(self, der: bytes, pem: bytes) -> None:
        self.der = der
        self.pem = pem


def create_certificate() -> Certificate:
    """A new P-256 key and a certificate for ``localhost``, the name that Terraform expects of a plugin.

    It is its own authority (``CA:TRUE``): Terraform trusts it as a root, and nothing but it.
    """
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.hashes import SHA256

    class Ecdsa(ec.ECDSA):
        # Made without ECDSA's own `__init__`, which imports every cipher of the library to check for another variant.
        def __init__(self) -> None:
            pass

        algorithm = SHA256()
        deterministic_signing = False

    key = ec.generate_private_key(ec.SECP256R1())
    numbers = key.private_numbers()
    public = numbers.public_numbers
    point = b"\x04" + public.x.to_bytes(32, "big") + public.y.to_bytes(32, "big")

    body = _certificate_body(point)
    signature = key.sign(body, Ecdsa())
    der = _der(_SEQUENCE, body, _signature_algorithm(), _bits(signature))

    secret = numbers.private_value.to_bytes(32, "big")
    key_der = _der(  # RFC 5915
        _SEQUENCE,
        _der(_INTEGER, b"\x01"),
        _der(_OCTET_STRING, secret),
        _der(0xA0, _der(_OID, _P256)),
        _der(0xA1, _bits(point)),
    )
    return Certificate(der, _pem("EC PRIVATE KEY", key_der) + _pem("CERTIFICATE", der))


def _certificate_body(point: bytes) -> bytes:
    """What is signed: the TBSCertificate of RFC 5280, 4.1."""
    name = _der(
        _SEQUENCE, _der(_SET, _der(_SEQUENCE, _der(_OID, _COMMON_NAME), _der(_UTF8_STRING, b"localhost")))
    )
    now = time.time()
    serial = bytes([0x40 | os.urandom(1)[0] & 0x3F]) + os.urandom(15)  # positive, without a leading zero
    return _der(
        _SEQUENCE,
        _der(0xA0, _der(_INTEGER, b"\x02")),  # version 3
        _der(_INTEGER, serial),
        _signature_algorithm(),
        name,  # issuer
        _der(_SEQUENCE, _instant(now - _BACKDATE_S), _instant(now + _LIFETIME_S)),
        name,  # subject
        _der(_SEQUENCE, _der(_SEQUENCE, _der(_OID, _EC_PUBLIC_KEY), _der(_OID, _P256)), _bits(point)),
        _der(
            0xA3,
            _der(
                _SEQUENCE,
                _extension(_BASIC_CONSTRAINTS, _der(_SEQUENCE, _TRUE), critical=True),
                # digitalSignature and keyCertSign: bits 0 and 5, so two bits of the byte are unused
                _extension(_KEY_USAGE, _der(_BIT_STRING, b"\x02\x84"), critical=True),
                _extension(
                    _EXTENDED_KEY_USAGE, _der(_SEQUENCE, _der(_OID, _SERVER_AUTH), _der(_OID, _CLIENT_AUTH))
                ),
                _extension(_SUBJECT_ALT_NAME, _der(_SEQUENCE, _der(0x82, b"localhost"))),
            ),
        ),
    )


def _signature_algorithm() -> bytes:
    return _der(_SEQUENCE, _der(_OID, _ECDSA_SHA256))


def _extension(name: bytes, value: bytes, *, critical: bool = False) -> bytes:
    return _der(_SEQUENCE, _der(_OID, name), _TRUE if critical else b"", _der(_OCTET_STRING, value))


def _instant(seconds: float) -> bytes:
    # RFC 5280 wants the short form, UTCTime, until 2049.
    moment = time.gmtime(seconds)
    if moment.tm_year < 2050:
        return _der(0x17, time.strftime("%y%m%d%H%M%SZ", moment).encode())
    return _der(_GENERALIZED_TIME, time.strftime("%Y%m%d%H%M%SZ", moment).encode())


def _bits(data: bytes) -> bytes:
    return _der(_BIT_STRING, b"\x00" + data)


def _der(tag: int, *parts: bytes) -> bytes:
    """One element of DER: tag, length, content."""
    content = b"".join(parts)
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(size))) + size + content


def _pem(label: str, der: bytes) -> bytes:
    text = binascii.b2a_base64(der, newline=False)
    lines = b"\n".join(text[start : start + 64] for start in range(0, len(text), 64))
    return b"-----BEGIN %b-----\n%b\n-----END %b-----\n" % (label.encode(), lines, label.encode())
