#!/usr/bin/python3
"""A second reader of Airlock archives, written from docs/archive-format.md, whose sections and steps it names.
Without --into it only verifies. It opens all or nothing. Exit status: 0 sound, 2 wrong usage, 3 refused, with the class
of the failure in front, 4 a file that cannot be read or written. Needs Python 3.11, python3-nacl, python3-zstandard."""
import argparse, base64, datetime, hashlib, json, os, pathlib, re, shutil, sys, tarfile, tempfile
try:
    import nacl.bindings as sodium, nacl.exceptions, zstandard
except ImportError as error:
    sys.exit(print(f"{error.name} is missing: apt-get install python3-nacl python3-zstandard", file=sys.stderr) or 2)
WORDS = {"archive": "FILE.sealed", "card": "of the sender", "--after": "SEQUENCE:DIGEST of the last archive accepted, 0 if none",
    "--into": "new or empty folder", "--identity": "file of your own keys", "--passphrase-file": "its first line unlocks them"}

class Refused(Exception): """A fact, and the class of the failure, if it is not that of the step."""

def require(holds, fact, failure=None):
    if not holds:
        raise Refused(fact, failure)

b2 = lambda data=b"", size=32: hashlib.blake2b(data, digest_size=size)

def unbase64(text, size=32):
    raw = base64.b64decode(text)
    return require(len(raw) == size and base64.b64encode(raw).decode() == text, f"not {size} bytes in base64") or raw

def unique(pairs):
    return require(len(dict(pairs)) == len(pairs), "a key stands twice") or dict(pairs)

MAGIC, CHUNK, OVER, LARGEST = b"airlock archive v1\n", 65536, 17, 1 << 40
PARTY, LABEL, DIGEST = r"[a-z0-9][a-z0-9_-]{0,63}", r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", r"[0-9a-f]{64}"
TIME = lambda text: re.fullmatch(r"(19[7-9]|[2-9]\d\d)\d-..-..T..:..:..Z", text) and datetime.datetime.fromisoformat(text[:-1])
DROP = r"drop/((?!(?i:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,198}[A-Za-z0-9_-])?)"
DROPS = {"snapshot": "snapshot", "job": "manifest"}  # and which digest is that of the file inside
KINDS = {  # of each kind: the files that must be there, those that may, and the pattern of the others
    "mts-request": ({"manifest.json"}, {"rejects.ndjson"}, r"requests/(\d{6})\.json"),
    "mts-results": ({"manifest.json"}, set(), r"results/(\d{6})\.(?:json|csv)"),
    "registry-patch": ({"manifest.json", "operations.ndjson", "reg_ids.csv"}, {"reg_ids.external.csv"}, "(?!)"),
    "snapshot": ({"manifest.json"}, set(), DROP), "job": ({"manifest.json"}, set(), DROP)}
HEADER = {  # a pattern; a range of integers; a test; None or a rule; a list's lengths and its items; an object's members
    "airlock": "archive", "version": range(1, 2), "kind": "[a-z-]+", "stream": LABEL, "job": LABEL, "created": TIME,
    "sender": {"name": PARTY, "key_id": "[0-9A-F]{16}"}, "previous": (None, DIGEST), "sequence": range(1, 2**53 + 1),
    "recipients": (range(1, 65), {"name": PARTY, "fingerprint": DIGEST, "key": lambda text: unbase64(text, 80)}),
    "next_key": (None, {"fingerprint": DIGEST, "sealing": unbase64, "signing": unbase64, "from": TIME}),
    "fields": (range(1001), r"[A-Za-z0-9_.\-/:]{1,128}"), "records": range(2**40 + 1), "batches": range(10**6),
    "digests": dict.fromkeys(("snapshot", "manifest", "policy"), (None, DIGEST)), "payload_bytes": range(2**48 + 1)}
ANSWERS = {"stream": LABEL, "sequence": HEADER["sequence"], "digest": DIGEST}

def fits(rule, value):
    if isinstance(rule, dict):
        return isinstance(value, dict) and set(value) == set(rule) and all(fits(rule[key], value[key]) for key in rule)
    if isinstance(rule, tuple):
        items = [value][value is None:] if rule[0] is None else value
        return isinstance(items, list) and len(items) in (rule[0] or (0, 1)) and all(fits(rule[1], item) for item in items)
    if isinstance(rule, range):
        return type(value) is int and value in rule
    return isinstance(value, str) and (rule(value) if callable(rule) else re.fullmatch(rule, value, re.ASCII))

def agree(header, kind, digests, key):
    """Of step 3: what the members say together."""
    for names in (header["fields"], [entry["fingerprint"] for entry in header["recipients"]]):
        require(len(set(names)) == len(names), "a name stands twice")
    if kind in DROPS:
        counted = (header[name] for name in ("previous", "next_key", "fields", "records", "batches"))
        return not any(counted) and [name for name in digests if digests[name]] == [DROPS[kind]]
    if key:
        sealing, signing = unbase64(key["sealing"]), unbase64(key["signing"])
        safe = sodium.crypto_scalarmult(b"\1" * 32, sealing) and sodium.crypto_core_ed25519_is_valid_point(signing)
        require(safe and int.from_bytes(sealing, "little") < 2**255 - 19, "the next key is not safe")
        require( b2(sealing + signing).hexdigest() == key["fingerprint"], "not the next key's fingerprint")
        require(b2(signing).digest()[7::-1].hex().upper() != header["sender"]["key_id"], "the next key is the one in force")
    require((header["sequence"] == 1) == (header["previous"] is None), "only the first archive follows none")
    return all(digests.values()) if kind == "mts-request" else kind == "mts-results" or not header["batches"]

def read_preamble(file, size):
    """Steps 1 to 4."""
    magic, line = file.read(len(MAGIC)), file.readline(65537)
    short = not line.endswith(b"\n") and len(line) <= 65536 if magic == MAGIC else MAGIC.startswith(magic)
    require(not short, "cut before the end of its header", "truncation")
    require(magic == MAGIC, "this is no archive of version 1")
    header = json.loads(line.decode(), object_pairs_hook=unique)
    require((header["airlock"], header["version"]) == ("archive", 1), "not the header of an archive of version 1")
    require(not isinstance(header["kind"], str) or header["kind"] in KINDS, "of a kind that is not known", "type")
    text = json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
    require(text == line and fits(HEADER, header), "not canonical, or a value has not its form")
    require(agree(header, header["kind"], header["digests"], header["next_key"]), "the members do not go together")
    wanted = len(MAGIC + line) + 24 + header["payload_bytes"] + OVER * max(1, -(-header["payload_bytes"] // CHUNK))
    require(size >= wanted, "shorter than its header says", "truncation")
    require(size == wanted, "longer than its header says", "trailing_data")
    return header, MAGIC + line

def verify(archive, header, preamble, card):
    """Steps 5 and 6; gives what was signed: BLAKE2b-512 of the file."""
    public, beside = unbase64(card["signing"]), archive.with_name(archive.name + ".minisig")
    require(header["sender"] == dict(name=card["name"], key_id=b2(public).digest()[7::-1].hex().upper()), "not from this sender")
    require(beside.is_file() and beside.stat().st_size <= 12288, "there is none beside it")
    signed = hashlib.file_digest(open(archive, "rb"), lambda: b2(size=64)).digest()
    lines = re.fullmatch(r"untrusted comment: .*\n(.*)\ntrusted comment: ([ -~]*)\n(.*)\n", beside.read_bytes().decode())
    first, second = unbase64(lines[1], 74), unbase64(lines[3], 64)
    sodium.crypto_sign_open(first[10:] + signed, public)
    sodium.crypto_sign_open(second + first[10:] + lines[2].encode(), public)
    comment = "airlock {kind} stream={stream} seq={sequence} job={job} sender={0} records={records} header={1}"
    comment = comment.format(card["name"], b2(preamble).hexdigest(), **header)
    require(first[:10] == b"ED" + b2(public).digest()[:8] and lines[2] == comment, "that of another archive")
    return signed

def file_key(header, identity, passphrase_file):
    """Step 8."""
    public, signing, lock = unbase64(identity["sealing"]), unbase64(identity["signing"]), identity.get("locked")
    secret = base64.b64decode(identity.get("secret", "")[len("AIRLOCK-SECRET-"):])
    if lock:
        phrase = pathlib.Path(passphrase_file).read_bytes().split(b"\n")[0].rstrip(b"\r")
        salt, nonce, box = (base64.b64decode(lock[name]) for name in ("salt", "nonce", "box"))
        key = sodium.crypto_pwhash_alg(32, phrase, salt, lock["passes"], lock["memory"], sodium.crypto_pwhash_ALG_ARGON2ID13)
        bound = json.dumps({name: identity[name] for name in sorted(set(identity) - {"locked"})}, separators=(",", ":")).encode()
        secret = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(box, bound, nonce, key)
    sealed = {entry["fingerprint"]: entry["key"] for entry in header["recipients"]}[b2(public + signing).hexdigest()]
    return sodium.crypto_box_seal_open(base64.b64decode(sealed), public, secret[:32])

def expanded(file, header, preamble, key, signed, out):
    """Steps 9 and 10, and of step 11 zstd, whole frames and nothing else: the tar into `out`."""
    bound, digest, left, last, fresh = b2(preamble).digest(), b2(preamble, 64), header["payload_bytes"], False, False
    state, frame = sodium.crypto_secretstream_xchacha20poly1305_state(), zstandard.ZstdDecompressor().decompressobj()
    digest.update(start := file.seek(len(preamble)) and file.read(24))
    sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, start, key)
    while not last:
        digest.update(chunk := file.read(min(left, CHUNK) + OVER))
        left, last = left - CHUNK, left <= CHUNK
        piece, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(state, chunk, bound)
        require(last or tag == 0, "a chunk before the last is marked", "trailing_data")
        require(not last or tag == 3, "the last chunk is not marked as such", "truncation")
        while piece:
            out.write(frame.decompress(piece[:4096]))
            piece, fresh = frame.unused_data + piece[4096:], frame.eof
            frame = zstandard.ZstdDecompressor().decompressobj() if fresh else frame
            require(out.tell() <= min(LARGEST, max(1 << 26, 1000 * file.tell())), "it expands too far")
    require(not file.read(1) and digest.digest() == signed, "the file changed while it was read", "signature")
    require(fresh and not out.seek(0), "not whole frames of zstd")

def unpack(plain, header, folder):
    """Of step 11: the files into `folder`."""
    (must, may, pattern), names, numbers = KINDS[header["kind"]], set(), []
    for entry in (tar := tarfile.open(fileobj=plain, mode="r:")):
        known = entry.name in must | may or re.fullmatch(pattern, entry.name)
        require(entry.isreg() and known and entry.name not in names, "a file that does not belong there")
        numbers += [] if known is True else [known[1]]
        names.add(entry.name)
        (folder / entry.name).parent.mkdir(exist_ok=True)
        with open(folder / entry.name, "xb") as out:
            shutil.copyfileobj(tar.extractfile(entry), out)
    require(plain.seek(tar.offset) and plain.read(1025) == bytes(1024), "not two zero blocks at the end of the tar")
    require(must <= names and (folder / "manifest.json").stat().st_size <= 1 << 20, "a file is missing, or too large")
    said = json.loads((folder / "manifest.json").read_bytes().decode(), object_pairs_hook=unique)
    require(said.get("airlock") == header["kind"], "manifest.json is that of another kind", "type")
    for name in ("stream", "sequence", "job", "records", "batches"): require(json.dumps(said.get(name, header[name])) == json.dumps(header[name]), f"another {name} in manifest.json")
    require(header["kind"] != "mts-results" or fits(ANSWERS, said.get("answers")), "results that answer nothing")
    wanted = [said.get("file")] if (drop := DROPS.get(header["kind"])) else [f"{number + 1:06}" for number in range(header["batches"])]
    require(sorted(numbers) == wanted, "not the files that the header or manifest.json says")
    text = lambda: f"airlock salted digest v1\n{drop}\n".encode() + hashlib.file_digest(open(folder / "drop" / numbers[0], "rb"), b2).digest()
    salted = lambda salt: fits(DIGEST, salt) and hashlib.blake2b(text(), digest_size=32, key=bytes.fromhex(salt)).hexdigest()
    require(not drop or salted(said.get("salt")) == header["digests"][drop], "not the file that the header says")

def keys_of(words, path):
    try:
        return (keys := json.loads(path.read_bytes())) | {name: keys[name] for name in ("name", "sealing", "signing")}
    except (OSError, ValueError, LookupError, TypeError) as error:
        words.error(f"{path}: {getattr(error, 'strerror', None) or 'this is no card, and no identity'}")

def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, what in WORDS.items():
        words.add_argument(name, type=str if name == "--after" else pathlib.Path, help=what)
    asked, step, staged, _ = words.parse_args(), "header", None, os.umask(0o077)
    asked.into and not asked.identity and words.error("--into needs --identity")
    card, identity = (path and keys_of(words, path) for path in (asked.card, asked.identity))
    "locked" in (identity or ()) and not asked.passphrase_file and words.error("the identity is locked: --passphrase-file")
    try:
        file = open(asked.archive, "rb")
        (header, preamble), step = read_preamble(file, os.fstat(file.fileno()).st_size), "signature"
        signed, step = verify(asked.archive, header, preamble, card), "no_matching_key"
        after = f"{header['sequence'] - 1}:{header['previous'] or ''}".rstrip(":")
        require(asked.after in (None, after), "not the next of its stream", "replay")
        if into := asked.into:
            key = file_key(header, identity, asked.passphrase_file)
            free = into.is_dir() and not into.is_symlink() and not list(into.iterdir())
            require(free or not os.path.lexists(into), "it is there, and is not an empty folder", "destination")
            staged, step = pathlib.Path(tempfile.mkdtemp(".tmp", f".{into.name}.", into.parent)), "payload"
            with tempfile.TemporaryFile(dir=staged) as plain:
                expanded(file, header, preamble, key, signed, plain)
                unpack(plain, header, staged)
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

main()
