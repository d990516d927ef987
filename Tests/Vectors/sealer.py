"""A writer of Airlock archives, from docs/archive-format.md alone. Each step can be done wrong on purpose."""
import base64, hashlib, json, os, re
import nacl.bindings as sodium
import zstandard

MAGIC, CHUNK = b"airlock archive v2\n", 65536
MEANS_TEXT = re.compile("\\\\.|[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def digest(data, size=32, key=b""):
    return hashlib.blake2b(data, digest_size=size, key=key)


SALT = b"\xcd" * 32  # of the digest of a sealed drop's file


def salted(word, data, salt=SALT):
    """Section 2: what stands in the open for the digest of these bytes."""
    return digest(b"airlock salted digest v1\n%s\n%s" % (word.encode(), digest(data).digest()), key=salt).hexdigest()


def base64text(data):
    return base64.b64encode(data).decode()


def canonical(value):
    def escaped(odd):
        short = {"\\b": "\\u0008", "\\f": "\\u000c"}
        return f"\\u{ord(odd[0]):04x}" if len(odd[0]) == 1 else short.get(odd[0], odd[0])

    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return MEANS_TEXT.sub(escaped, text).encode()


class Party:
    """Keys that are secret to nobody: of bytes that are all the same."""

    def __init__(self, name, sealing, signing):
        self.name, self.secret = name, bytes([sealing]) * 32
        self.sealing = sodium.crypto_scalarmult_base(self.secret)
        self.signing, self.pair = sodium.crypto_sign_seed_keypair(bytes([signing]) * 32)
        self.id = digest(self.signing).digest()[:8]
        self.key_id = self.id[::-1].hex().upper()
        self.fingerprint = digest(self.sealing + self.signing).hexdigest()

    def sign(self, data):
        return sodium.crypto_sign(data, self.pair)[:64]

    def card(self, **terms):
        members = {
            "airlock": "card", "version": 1, "name": self.name, "sealing": base64text(self.sealing),
            "signing": base64text(self.signing), "key_id": self.key_id,
            "fingerprint": " ".join(re.findall("....", self.fingerprint)), **terms,
        }  # fmt: skip
        return members | ({"signature": base64text(self.sign(canonical(members)))} if terms else {})

    def identity(self):
        seed = sodium.crypto_sign_ed25519_sk_to_seed(self.pair)
        return {
            "airlock": "identity", "version": 1, "name": self.name, "sealing": base64text(self.sealing),
            "signing": base64text(self.signing), "secret": "AIRLOCK-SECRET-" + base64text(self.secret + seed),
        }  # fmt: skip


REGISTRY, MTS, AUDIT = Party("registry", 0x11, 0x22), Party("mts", 0x33, 0x44), Party("audit", 0x55, 0x66)
STRANGER = Party("registry", 0x77, 0x88)


# The payload, section 5.


def block(name, size=0, kind=b"0", **fields):
    """One block of ustar; `fields` are bytes by their offset, as at124=b"...", put in before the checksum is made."""
    made = bytearray(512)
    for at, value in [(0, name[:100]), (100, b"0000644"), (108, b"0000000"), (116, b"0000000"), (124, b"%011o" % size),
                      (136, b"00000000000"), (148, b" " * 8), (156, kind), (257, b"ustar\x0000")]:  # fmt: skip
        made[at : at + len(value)] = value
    for at, value in fields.items():
        made[int(at[2:]) : int(at[2:]) + len(value)] = value
    if "at148" not in fields:
        made[148:156] = b"%06o\0 " % sum(made)
    return bytes(made)


def record(key, value):
    rest = b" " + key + b"=" + value + b"\n"
    length = len(rest)
    while len(b"%d" % length) + len(rest) != length:
        length += 1
    return b"%d" % length + rest


def filled(data):
    return data + bytes(-len(data) % 512)


def pax(*records, name=b"pax", kind=b"x"):
    return block(name, len(b"".join(records)), kind) + filled(b"".join(records))


def entry(name, data):
    name = name.encode()
    long = pax(record(b"path", name)) if len(name) > 100 else b""
    return long + block(name, len(data)) + filled(data)


def tar(files, end=bytes(1024)):
    return b"".join(entry(name, data) for name, data in files) + end


def zstd(data, level=3, size=False, checksum=False):
    options = dict(write_content_size=size, write_checksum=checksum)
    return zstandard.ZstdCompressor(level=level, **options).compress(data)


def raw_zstd(data, descriptor=0, head=b"\x88"):
    """A frame of blocks that are not compressed; by itself one with a window of 2^27."""
    pieces = [data[at : at + 65536] for at in range(0, len(data), 65536)]
    made = b"\x28\xb5\x2f\xfd" + bytes([descriptor]) + head
    for index, piece in enumerate(pieces):
        made += (len(piece) << 3 | (index == len(pieces) - 1)).to_bytes(3, "little") + piece
    return made


def padded(count):
    if count <= 4096:
        return 4096
    exponent = count.bit_length() - 1
    loose = (1 << exponent - exponent.bit_length()) - 1
    return count + loose & ~loose


# The archive, sections 1 to 4.


def header(kind="mts-request", **members):
    """A sound one, without recipients, commitment and length."""
    some = digest(b"\1").hexdigest()
    made = {
        "airlock": "archive", "version": 2, "kind": kind, "sender": {"name": "registry", "key_id": REGISTRY.key_id},
        "stream": "mts", "sequence": 1, "previous": None, "created": "2025-03-01T12:00:00Z", "job": "monthly",
        "fields": ["given_name", "birthdate"], "records": 2, "batches": 2,
        "digests": {"snapshot": some, "manifest": some, "policy": some}, "next_key": None,
    }  # fmt: skip
    none = {"snapshot": None, "manifest": None, "policy": None}
    if kind == "mts-results":
        made |= {"digests": none}
    if kind == "registry-patch":
        made |= {"batches": 0, "fields": ["reg_ids"]}
    if kind in ("snapshot", "job"):
        word = "snapshot" if kind == "snapshot" else "manifest"
        made |= {"digests": none | {word: salted(word, b"[]")}, "records": 0, "batches": 0, "fields": [], "job": kind, "sequence": 1741000000000}
    return made | members


def recipient(party, key, **members):
    sealed = base64text(sodium.crypto_box_seal(key, party.sealing))
    return {"name": party.name, "fingerprint": party.fingerprint, "key": sealed} | members


def seal(
    head, payload, to=(MTS,), key=None, fill=True, edit=None, raw=None, magic=MAGIC, pieces=None, tags=None, bound=None
):
    """`fill` with zeros up to the size class; `edit` the header as an object, `raw` as bytes; the chunks, their tags and
    what they are bound to as one likes them."""
    key = key or os.urandom(32)
    payload += bytes(padded(len(payload)) - len(payload)) if fill else b""
    head = {
        "recipients": [recipient(party, key) for party in to],
        "commitment": digest(b"airlock archive v2 file key", key=key).hexdigest(), "payload_bytes": len(payload),
    } | head  # fmt: skip
    head = edit(head) or head if edit else head
    text = canonical(head)
    preamble = magic + (raw(text) if raw else text) + b"\n"
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    made = preamble + sodium.crypto_secretstream_xchacha20poly1305_init_push(state, key)
    pieces = pieces or [payload[at : at + CHUNK] for at in range(0, len(payload), CHUNK)]
    tags = tags or [0] * (len(pieces) - 1) + [3]
    bound = digest(preamble).digest() if bound is None else bound
    for piece, tag in zip(pieces, tags):
        made += sodium.crypto_secretstream_xchacha20poly1305_push(state, piece, bound, tag)
    return made


# The signature, section 6.


def preamble_of(archive):
    return archive[: archive.index(b"\n", len(MAGIC)) + 1]


def comment_of(archive):
    preamble = preamble_of(archive)
    head = json.loads(preamble[len(MAGIC) :])
    words = "airlock {kind} stream={stream} seq={sequence} job={job} sender={0} records={records} header={1}"
    return words.format(head["sender"]["name"], digest(preamble).hexdigest(), **head)


def sign(archive, comment=None, signer=REGISTRY, untrusted=None, algorithm=b"ED"):
    comment = (comment_of(archive) if comment is None else comment).encode()
    first = signer.sign(digest(archive, 64).digest())
    untrusted = f"signature by minisign key {signer.key_id}" if untrusted is None else untrusted
    packet, second = algorithm + signer.id + first, signer.sign(first + comment)
    return b"untrusted comment: %s\n%s\ntrusted comment: %s\n%s\n" % (
        untrusted.encode(), base64text(packet).encode(), comment, base64text(second).encode(),
    )  # fmt: skip
