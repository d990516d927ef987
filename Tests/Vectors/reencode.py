"""Decrypts a vector, encrypts it again with the same file key and stream header, and signs it again: all bytes must be the same."""
import base64, hashlib, json, sys
import nacl.bindings as sodium

path, chunk = sys.argv[1], 65536
archive = open(path, "rb").read()
end = archive.index(b"\n", 19) + 1
preamble, start, sealed = archive[:end], archive[end : end + 24], archive[end + 24 :]
header = json.loads(preamble[19:])

secret = bytes([0x33]) * 32
public = sodium.crypto_scalarmult_base(secret)
own = hashlib.blake2b(public + sodium.crypto_sign_seed_keypair(bytes([0x44]) * 32)[0], digest_size=32).hexdigest()
key = next(entry["key"] for entry in header["recipients"] if entry["fingerprint"] == own)
key = sodium.crypto_box_seal_open(base64.b64decode(key), public, secret)

reading, writing = (sodium.crypto_secretstream_xchacha20poly1305_state() for _ in range(2))
for state in (reading, writing):
    sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, start, key)
bound = hashlib.blake2b(preamble, digest_size=32).digest()
again = b"airlock archive v2\n" + json.dumps(header, sort_keys=True, separators=(",", ":")).encode() + b"\n" + start
for offset in range(0, len(sealed), chunk + 17):
    plain, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(reading, sealed[offset : offset + chunk + 17], bound)
    again += sodium.crypto_secretstream_xchacha20poly1305_push(writing, plain, bound, tag)
assert again == archive, "another archive"

seed = bytes([0x22]) * 32
signer, pair = sodium.crypto_sign_seed_keypair(seed)
sign = lambda data: sodium.crypto_sign(data, pair)[:64]
name = hashlib.blake2b(signer, digest_size=32).digest()[:8]
first = sign(hashlib.blake2b(again).digest())
comment = (
    f"airlock {header['kind']} stream={header['stream']} seq={header['sequence']} job={header['job']}"
    f" sender={header['sender']['name']} records={header['records']} header={bound.hex()}"
)
text = "\n" + base64.b64encode(b"ED" + name + first).decode() + f"\ntrusted comment: {comment}\n"
text += base64.b64encode(sign(first + comment.encode())).decode() + "\n"
beside = open(path + ".minisig").read()
assert text == beside[beside.index("\n") :], "another signature"  # but for the first line, which says what its signer likes
