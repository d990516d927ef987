#!/usr/bin/python3
"""A second reader of Airlock archives, written from docs/archive-format.md, whose sections and steps it names.
Without --into it only verifies. It opens all or nothing. Exit status: 0 sound, 2 wrong usage, 3 refused, with the class
of the failure in front, 4 a file that cannot be read or written. Needs Python 3.11, python3-nacl, python3-zstandard."""
import argparse, base64, datetime, hashlib, hmac, json, os, pathlib, re, shutil, sys, tempfile
try:
    import nacl.bindings as sodium, nacl.exceptions, zstandard
except ImportError as error:
    sys.exit(print(f"{error.name} is missing: apt-get install python3-nacl python3-zstandard", file=sys.stderr) or 2)
WORDS = {"archive": "FILE.sealed", "card": "of the sender", "--after": "SEQUENCE:DIGEST of the last archive accepted, 0 if none",
    "--kind": "what it must be; to open: mts-request if nothing is said", "--into": "new or empty folder",
    "--identity": "file of your own keys", "--passphrase-file": "its first line unlocks them"}

class Refused(Exception): """A fact, and the class of the failure, if it is not that of the step."""

def require(holds, fact, failure=None):
    if not holds:
        raise Refused(fact, failure)

b2 = lambda data=b"", size=32, key=b"": hashlib.blake2b(data, digest_size=size, key=key)

def unbase64(text, size=32):
    raw = base64.b64decode(text)
    return require(len(raw) == size and base64.b64encode(raw).decode() == text, f"not {size} bytes in base64") or raw

def unique(pairs):
    return require(len(dict(pairs)) == len(pairs), "a key stands twice") or dict(pairs)

def whole(digits):
    return require(-2**63 <= int(digits) < 2**63, "a number that does not fit") or int(digits)

def fraction(text):
    raise Refused("a number with a fraction, or none", None)

def depth(value):
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(depth, inner), default=0)

def canonical(value):
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    named = lambda odd: f"\\u{ord(ESCAPED.get(odd[0], odd[0])):04x}" if odd[0] in ESCAPED or len(odd[0]) == 1 else odd[0]
    return re.sub(rf"\\.|[\x7f{ODD}]", named, text).encode()

def parsed(data, levels):
    """Section 2: an object in canonical form."""
    numbers = dict(parse_int=whole, parse_float=fraction, parse_constant=fraction)
    value = json.loads(data.decode(), object_pairs_hook=unique, **numbers)
    require(isinstance(value, dict) and canonical(value) == data and depth(value) <= levels, "not an object in canonical form")
    return value

MAGIC, CHUNK, OVER, LARGEST, BLOCK = b"airlock archive v2\n", 65536, 17, 64 << 30, 512
ODD, ESCAPED = "\x80-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff", {"\\b": "\b", "\\f": "\f"}
PARTY, LABEL, DIGEST = r"[a-z0-9][a-z0-9_-]{0,63}", r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", r"[0-9a-f]{64}"
TIME = lambda text: re.fullmatch(r"(19[7-9]|[2-9]\d\d)\d-..-..T..:..:..Z", text) and datetime.datetime.fromisoformat(text[:-1])
DROP = r"(?!(?i:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,198}[A-Za-z0-9_-])?"
DROPS = {"snapshot": "snapshot", "job": "manifest"}  # and which digest is that of the file inside
USES = {"mts-request": "archives", "registry-patch": "archives", "mts-results": "results", "snapshot": "snapshots", "job": "jobs"}
HEADER = {  # a pattern; a range of integers; a test; None or a rule; a list's lengths and its items; an object's members
    "airlock": "archive", "version": range(2, 3), "kind": "[a-z-]+", "stream": LABEL, "job": LABEL, "created": TIME,
    "sender": {"name": PARTY, "key_id": "[0-9A-F]{16}"}, "previous": (None, DIGEST), "sequence": range(1, 2**53 + 1),
    "recipients": (range(1, 65), {"name": PARTY, "fingerprint": DIGEST, "key": lambda text: unbase64(text, 80)}),
    "next_key": (None, {"fingerprint": DIGEST, "sealing": unbase64, "signing": unbase64, "from": TIME}),
    "fields": (range(1001), r"[A-Za-z0-9_.\-/:]{1,128}"), "records": range(2**40 + 1), "batches": range(10**6),
    "digests": dict.fromkeys(("snapshot", "manifest", "policy"), (None, DIGEST)), "commitment": DIGEST,
    "payload_bytes": range(4096, 2**48 + 1)}
ANSWERS = {"stream": LABEL, "sequence": HEADER["sequence"], "digest": DIGEST}
CARD = {"airlock": "card", "version": range(1, 2), "name": PARTY, "sealing": unbase64, "signing": unbase64,
    "key_id": HEADER["sender"]["key_id"], "fingerprint": "(?:[0-9a-f]{4} ){15}[0-9a-f]{4}"}
TERMS = {"usage": (range(1, 7), "seal|archives|snapshots|jobs|results|receipts"), "not_before": TIME, "expires": TIME,
    "replaces": CARD["fingerprint"]}

def fits(rule, value):
    if isinstance(rule, dict):
        return isinstance(value, dict) and set(value) == set(rule) and all(fits(rule[key], value[key]) for key in rule)
    if isinstance(rule, tuple):
        items = [value][value is None:] if rule[0] is None else value
        return isinstance(items, list) and len(items) in (rule[0] or (0, 1)) and all(fits(rule[1], item) for item in items)
    if isinstance(rule, range):
        return type(value) is int and value in rule
    return isinstance(value, str) and (rule(value) if callable(rule) else re.fullmatch(rule, value, re.ASCII))

key_id = lambda signing: b2(signing).digest()[7::-1].hex().upper()

def padded(count):
    """Section 4: the size class."""
    exponent = max(count, 4096).bit_length() - 1
    loose = (1 << exponent - exponent.bit_length()) - 1
    return max(count, 4096) + loose & ~loose

def agree(header, kind, digests, key):
    """Of step 3: what the members say together."""
    for names in (header["fields"], [entry["fingerprint"] for entry in header["recipients"]]):
        require(len(set(names)) == len(names), "a name stands twice")
    require(padded(header["payload_bytes"]) == header["payload_bytes"], "not the length of a size class")
    if kind in DROPS:
        counted = [header[name] for name in ("previous", "next_key", "fields", "records", "batches")]
        return not any(counted) and [name for name in digests if digests[name]] == [DROPS[kind]]
    if key:
        sealing, signing = unbase64(key["sealing"]), unbase64(key["signing"])
        safe = sodium.crypto_scalarmult(b"\1" * 32, sealing) and sodium.crypto_core_ed25519_is_valid_point(signing)
        require(safe and int.from_bytes(sealing, "little") < 2**255 - 19, "the next key is not safe")
        require(b2(sealing + signing).hexdigest() == key["fingerprint"], "not the next key's fingerprint")
        require(key_id(signing) != header["sender"]["key_id"], "the next key is the one in force")
    require((header["sequence"] == 1) == (header["previous"] is None), "only the first archive follows none")
    return all(digests.values()) if kind == "mts-request" else kind == "mts-results" or not header["batches"]

def read_preamble(file, size):
    """Steps 1 to 4."""
    magic, line = file.read(len(MAGIC)), file.readline(65537)
    require(magic != b"airlock archive v1\n", "of version 1, which is not read any more: have it sealed anew")
    short = not line.endswith(b"\n") and len(line) <= 65536 if magic == MAGIC else MAGIC.startswith(magic)
    require(not short, "cut before the end of its header", "truncation")
    require(magic == MAGIC and line.endswith(b"\n"), "this is no archive of version 2")
    header = parsed(line[:-1], 4)
    require(fits(HEADER["airlock"], header["airlock"]) and fits(HEADER["version"], header["version"]), "not version 2's header")
    require(not isinstance(header["kind"], str) or header["kind"] in USES, "of a kind that is not known", "type")
    require(fits(HEADER, header), "a value has not its form")
    require(agree(header, header["kind"], header["digests"], header["next_key"]), "the members do not go together")
    wanted = len(MAGIC + line) + 24 + header["payload_bytes"] + OVER * -(-header["payload_bytes"] // CHUNK)
    require(size >= wanted, "shorter than its header says", "truncation")
    require(size == wanted, "longer than its header says", "trailing_data")
    return header, MAGIC + line

def verify(file, beside, header, preamble, card):
    """Steps 5 and 6, what needs no byte of the payload first; gives what was signed: BLAKE2b-512 of the file."""
    public = unbase64(card["signing"])
    require(header["sender"] == dict(name=card["name"], key_id=key_id(public)), "not from this sender")
    require(USES[header["kind"]] in card.get("usage", USES.values()), "the sender's key is not for this")
    clock = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    require(card.get("not_before", "") <= min(header["created"], clock), "the sender's key was not valid yet")
    require(header["created"] < card.get("expires", "~"), "the sender's key had expired")
    require(beside.is_file() and beside.stat().st_size <= 12288, "there is none beside it")
    text = beside.read_bytes().decode()
    lines = re.fullmatch(rf"untrusted comment: ([^\0-\x08\n-\x1f\x7f{ODD}]*)\n(.*)\ntrusted comment: ([ -~]*)\n(.*)\n", text)
    first, second = unbase64(lines[2], 74), unbase64(lines[4], 64)
    require(first[:2] == b"ED" and first[2:10] == b2(public).digest()[:8], "that of another key")
    sodium.crypto_sign_open(second + first[10:] + lines[3].encode(), public)
    comment = "airlock {kind} stream={stream} seq={sequence} job={job} sender={0} records={records} header={1}"
    require(lines[3] == comment.format(card["name"], b2(preamble).hexdigest(), **header), "that of another archive")
    place, hole = (os.lseek(file.fileno(), 0, how) for how in (os.SEEK_CUR, os.SEEK_HOLE))
    require(hole == os.fstat(file.fileno()).st_size, "the archive has holes")
    os.lseek(file.fileno(), place, os.SEEK_SET)
    signed = file.seek(0) or hashlib.file_digest(file, lambda: b2(size=64)).digest()
    sodium.crypto_sign_open(first[10:] + signed, public)
    return signed

def file_key(header, identity, passphrase_file):
    """Step 8."""
    public, signing, lock = unbase64(identity["sealing"]), unbase64(identity["signing"]), identity.get("locked")
    secret = base64.b64decode(identity.get("secret", "")[len("AIRLOCK-SECRET-"):])
    if lock:
        phrase = pathlib.Path(passphrase_file).read_bytes().split(b"\n")[0].rstrip(b"\r")
        salt, nonce, box = (base64.b64decode(lock[name]) for name in ("salt", "nonce", "box"))
        key = sodium.crypto_pwhash_alg(32, phrase, salt, lock["passes"], lock["memory"], sodium.crypto_pwhash_ALG_ARGON2ID13)
        bound = canonical({name: identity[name] for name in set(identity) - {"locked"}})
        secret = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(box, bound, nonce, key)
    sealed = {entry["fingerprint"]: entry["key"] for entry in header["recipients"]}[b2(public + signing).hexdigest()]
    key = sodium.crypto_box_seal_open(base64.b64decode(sealed), public, secret[:32])
    own = b2(b"airlock archive v2 file key", key=key).hexdigest()
    return require(hmac.compare_digest(own, header["commitment"]), "not the key that the header commits to") or key

def decrypted(file, header, preamble, key, signed):
    """Steps 9 and 10: the payload, chunk by chunk."""
    bound, digest, left = b2(preamble).digest(), b2(preamble, 64), header["payload_bytes"]
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    digest.update(start := file.seek(len(preamble)) and file.read(24))
    sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, start, key)
    while left > 0:
        digest.update(chunk := file.read(min(left, CHUNK) + OVER))
        piece, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(state, chunk, bound)
        left -= CHUNK
        require(left <= 0 or tag == 0, "a chunk before the last is marked", "trailing_data")
        require(left > 0 or tag == 3, "the last chunk is not marked as such", "truncation")
        yield piece
    require(not file.read(1) and digest.digest() == signed, "the file changed while it was read", "signature")

def expanded(pieces, size):
    """Of step 11, zstd: one frame, and zeros up to its size class. A few bytes at a time: they may become very many."""
    frame, packed, count = zstandard.ZstdDecompressor(max_window_size=2**27).decompressobj(), 0, 0
    for piece in pieces:
        require(packed or piece[:4] == b"\x28\xb5\x2f\xfd" and not piece[4] & 0b11011, "not a frame of zstd like ours")
        while piece and not frame.eof:
            out, packed, piece = frame.decompress(piece[:BLOCK]), packed + len(piece[:BLOCK]), piece[BLOCK:]
            count += len(out)
            require(count <= min(LARGEST, max(1 << 26, 1000 * size)), "it expands too far")
            yield memoryview(out)
        require(not any(piece), "something else than zeros behind the frame")
    require(frame.eof and not any(frame.unused_data), "not one whole frame of zstd, and zeros")
    require(padded(packed - len(frame.unused_data)) == size, "filled up to another length than the frame's")

class Tar:
    """Of step 11, tar: what the pieces hold."""
    def __init__(self, pieces):
        self.pieces, self.rest = pieces, b""

    def parts(self, count):
        while count:
            while not self.rest:
                self.rest = next(self.pieces, None)
                require(self.rest is not None, "the tar ends too early")
            part, self.rest = self.rest[:count], self.rest[count:]
            count -= len(part)
            yield part

    def take(self, count):
        return b"".join(self.parts(count))

def blocks(name, size):
    """Section 5: what stands before a file of that name and size."""
    def block(name, size, kind):
        start = name[:100].ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2 + b"%011o\0%011o\0" % (size, 0)
        end = kind + bytes(100) + b"ustar\x0000" + bytes(247)
        return start + b"%06o\0 " % sum(start + b" " * 8 + end) + end
    def record(key, value):
        rest = b" " + key + b"=" + value + b"\n"
        return next(b"%d" % length + rest for length in range(len(rest), 999) if len(b"%d" % length + rest) == length)
    long, large = len(name) > 100, size >= 1 << 33
    records = record(b"path", name) * long + record(b"size", b"%d" % size) * large
    extra = block(b"pax", len(records), b"x") + records.ljust(BLOCK, b"\0") if records else b""
    return extra + block(name, 0 if large else size, b"0")

def names(header, said):
    """Section 5: the names that a file may have, one file after the other, and whether it must be there."""
    kind, numbers = header["kind"], range(1, header["batches"] + 1)
    if kind == "mts-request":
        yield from (({f"requests/{number:06}.json"}, True) for number in numbers)
        yield {"rejects.ndjson"}, False
    yield {"manifest.json"}, True
    if kind == "mts-results":
        yield from (({f"results/{number:06}.json", f"results/{number:06}.csv"}, True) for number in numbers)
    if kind == "registry-patch":
        yield from (({"operations.ndjson"}, True), ({"reg_ids.csv"}, True), ({"reg_ids.external.csv"}, False))
    if kind in DROPS:
        yield {f"drop/{said['file']}"}, True

def judge(text, header):
    """Section 5: manifest.json."""
    require(text.endswith(b"\n"), "manifest.json has no newline at its end")
    said = parsed(text.removesuffix(b"\n"), 16)
    require(said.get("airlock") == header["kind"], "manifest.json is that of another kind")
    for name in ("stream", "sequence", "job", "records", "batches"):
        require(canonical(said.get(name, header[name])) == canonical(header[name]), f"another {name} in manifest.json")
    require(header["kind"] != "mts-results" or fits(ANSWERS, said.get("answers")), "results that answer nothing")
    require(header["kind"] not in DROPS or fits(DROP, said.get("file")), "a drop without the name of its file")
    require(header["kind"] not in DROPS or fits(DIGEST, said.get("salt")), "a drop without its salt")
    return said

def unpack(tar, header, folder):
    """Of step 11: the files into `folder`, each judged as it comes."""
    said, digest = {}, b2()
    order = names(header, said)
    while any(start := tar.take(BLOCK)):
        start += tar.take(2 * BLOCK) if start[156:157] == b"x" else b""
        records = dict(re.findall(rb" (path|size)=(.*)\n", start[BLOCK:2 * BLOCK]))
        name = records.get(b"path") or start[-BLOCK:][:100].rstrip(b"\0")
        size = int(records[b"size"] if b"size" in records else int(start[-BLOCK:][124:135], 8))
        require(size >= 0 and start == blocks(name, size), "a header that is not the one of its file")
        for free, must in order:
            if name.decode() in free:
                break
            require(not must, "a file that does not belong there")
        else:
            raise Refused("a file too many", None)
        require(name != b"manifest.json" or size <= 1 << 20, "manifest.json is too long")
        (path := folder / name.decode()).parent.mkdir(exist_ok=True)
        with open(path, "xb") as out:
            for part in tar.parts(size):
                out.write(part)
                digest.update(part) if said else None
        require(not any(tar.take(-size % BLOCK)), "a block is filled with something else than zeros")
        said.update(judge(path.read_bytes(), header) if name == b"manifest.json" else {})
    require(not any(must for free, must in order), "a file is missing")
    require(not any(tar.take(BLOCK)), "a single block of zeros")
    require(not tar.rest and not any(map(len, tar.pieces)), "something behind the tar")
    drop = DROPS.get(header["kind"])
    salted = lambda salt: b2(b"airlock salted digest v1\n%s\n%s" % (drop.encode(), digest.digest()), key=bytes.fromhex(salt)).hexdigest()
    require(not drop or salted(said["salt"]) == header["digests"][drop], "not the file that the header says")

def keys_of(words, path, kind):
    """Section 14."""
    try:
        keys = json.loads(path.read_bytes().decode(), object_pairs_hook=unique)
        if kind == keys["airlock"] == "identity":
            return keys | {name: keys[name] for name in ("name", "sealing", "signing")}
        terms = {name: rule for name, rule in TERMS.items() if name in keys}
        signature = {"signature": lambda text: unbase64(text, 64)} if terms else {}
        require(kind == "card" and path.stat().st_size <= 16384 and fits(CARD | terms | signature, keys), "not a card's members")
        require(len(set(keys.get("usage", ()))) == len(keys.get("usage", ())), "a use stands twice")
        require(keys.get("not_before", "") < keys.get("expires", "~"), "it ends before it begins")
        print_ = b2(unbase64(keys["sealing"]) + unbase64(keys["signing"])).hexdigest()
        require(keys["key_id"] == key_id(unbase64(keys["signing"])), "not the id of these keys")
        require(keys["fingerprint"] == " ".join(re.findall("....", print_)), "not the fingerprint of these keys")
        if terms:
            signed = canonical({name: keys[name] for name in keys if name != "signature"})
            sodium.crypto_sign_open(unbase64(keys["signature"], 64) + signed, unbase64(keys["signing"]))
        return keys
    except (OSError, ValueError, LookupError, TypeError, Refused, nacl.exceptions.CryptoError) as error:
        words.error(f"{path}: {getattr(error, 'strerror', None) or 'this is no card, and no identity'}")

def main(arguments=None):
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, what in WORDS.items():
        words.add_argument(name, type=str if name in ("--after", "--kind") else pathlib.Path, help=what)
    asked, step, staged, _ = words.parse_args(arguments), "header", None, os.umask(0o077)
    asked.into and not asked.identity and words.error("--into needs --identity")
    card, identity = keys_of(words, asked.card, "card"), asked.identity and keys_of(words, asked.identity, "identity")
    "locked" in (identity or ()) and not asked.passphrase_file and words.error("the identity is locked: --passphrase-file")
    try:
        file = open(asked.archive, "rb")
        (header, preamble), step = read_preamble(file, os.fstat(file.fileno()).st_size), "signature"
        signed = verify(file, asked.archive.with_name(asked.archive.name + ".minisig"), header, preamble, card)
        wanted, step = asked.kind or asked.into and "mts-request", "type"
        require(wanted in (None, header["kind"]), f"not of the kind {wanted}, which is expected")
        ordered, step = header["kind"] in ("mts-request", "registry-patch"), "replay"
        asked.after and not ordered and words.error(f"--after: archives of the kind {header['kind']} stand in no order")
        after = f"{header['sequence'] - 1}:{header['previous'] or ''}".rstrip(":")
        require(asked.after in (None, after), "not the next of its stream")
        if into := asked.into:
            step = "no_matching_key"
            key = file_key(header, identity, asked.passphrase_file)
            free = into.is_dir() and not into.is_symlink() and not list(into.iterdir())
            require(free or not os.path.lexists(into), "it is there, and is not an empty folder", "destination")
            staged, step = pathlib.Path(tempfile.mkdtemp(".tmp", f".{into.name}.", into.parent)), "payload"
            pieces = decrypted(file, header, preamble, key, signed)
            unpack(Tar(expanded(pieces, header["payload_bytes"])), header, staged)
            os.sync()
            staged.rename(into)
        print("{kind} {sequence} of stream {stream}".format(**header))
    except OSError as error:
        words.exit(4, f"{error.filename or 'the disk'}: {error.strerror}\n")
    except Exception as error:  # whatever does not fit ends here
        fact, failure = error.args if isinstance(error, Refused) else (error, None)
        sys.exit(print(f"{failure or step}: {fact}", file=sys.stderr) or 3)
    finally:
        staged and shutil.rmtree(staged, ignore_errors=True)

if __name__ == "__main__":
    main()
