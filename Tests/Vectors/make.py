"""Makes the vectors of docs/archive-format.md, section 11, anew, in the folder of this file: one for each rule and for each
check of a reader. The codes that Airlock gives them are noted by scripts/make-vectors. Sealing is random, so all bytes
differ each time; the classes do not."""
import base64, json, os, pathlib, sys

from sealer import *

FOLDER = pathlib.Path(__file__).parent
ROWS, CARDS = [], []
ORDER = 2**252 + 27742317777372353535851937790883648493  # of the group of Ed25519


def text(value):
    return canonical(value) + b"\n"


def manifest(kind="mts-request", **members):
    return ("manifest.json", text({"airlock": kind, "version": 1} | members))


REQUESTS = [("requests/000001.json", b'{"canary":"VID-1"}'), ("requests/000002.json", b'{"canary":"VID-2"}')]
REJECTS = ("rejects.ndjson", b'{"id":7}\n')
FILES = REQUESTS + [REJECTS, manifest(records=2, batches=2)]
ANSWERS = {"digest": "ab" * 32, "sequence": 4, "stream": "mts"}
RESULTS = [manifest("mts-results", answers=ANSWERS), ("results/000001.json", b'{"canary":1}'), ("results/000002.json", b"{}")]
PATCH = [manifest("registry-patch"), ("operations.ndjson", b'{"canary":1}\n'), ("reg_ids.csv", b"reg_id\n1\n")]
EXTERNAL = ("reg_ids.external.csv", b"partner_id/id,id_type,value\r\n")


def drop(kind, name="canary.json", data=b"[]", **members):
    return [manifest(kind, file=name, **{"salt": SALT.hex()} | members), (f"drop/{name}", data)]


CONTENT = {"mts-request": FILES, "mts-results": RESULTS, "registry-patch": PATCH, "snapshot": drop("snapshot"), "job": drop("job")}


def save(name, rule, archive, step=None, minisig=b"", **row):
    """A vector; `minisig` is made unless it is there, or None."""
    made = sign(archive) if minisig == b"" else minisig
    (FOLDER / f"{name}.sealed").write_bytes(archive)
    if made is not None:
        (FOLDER / f"{name}.sealed.minisig").write_bytes(made)
    ROWS.append({"file": f"{name}.sealed", "class": name.partition("-")[0], "code": None, "step": step, "rule": rule} | row)


def kinds(kind):
    return {} if kind == "mts-request" else {"kind": kind}


def content(name, rule, files, kind="mts-request", **members):
    """A payload of these files."""
    payload(name, rule, zstd(tar(files)), kind, **members)


def payload(name, rule, packed, kind="mts-request", fill=True, **members):
    step = None if name.startswith("ok") else 11
    save(name, rule, seal(header(kind, **members), packed, fill=fill), step, **kinds(kind))


SOUND = seal(header(), zstd(tar(FILES)))


def good():
    save("ok-small", "1.1", SOUND)
    save("ok-several-recipients", "3.1", seal(header(), zstd(tar(FILES)), to=(AUDIT, MTS)))
    save("ok-next-key", "2.9", seal(header(next_key=next_key()), zstd(tar(FILES))))
    fields = [f"{number:04}" + "x" * 58 for number in range(994)] + ["f"]
    longest = seal(header(fields=fields), zstd(tar(FILES)))
    fields[-1] *= 1 + 65536 - (len(preamble_of(longest)) - 20)
    assert len(fields[-1]) <= 128
    save("ok-longest-header", "2.1", seal(header(fields=fields), zstd(tar(FILES))))
    names = dict(stream="s" * 100, job="9" + "._-Z" * 24 + "abc", sequence=2**53, previous="0" * 64, records=2**40, created="9999-12-31T23:59:59Z")
    content("ok-longest-words", "2.4", REQUESTS + [REJECTS, manifest()], **names)
    content("ok-first-second-of-all", "2.4", FILES, created="1970-01-01T00:00:00Z")
    content("ok-leap-day", "2.4", FILES, created="2024-02-29T00:00:00Z")
    content("ok-no-batches", "5.7", [manifest()], batches=0, records=0)
    for kind in list(CONTENT)[1:]:
        content(f"ok-{kind}", "5.7", CONTENT[kind], kind)
    content("ok-mts-results-csv", "5.7", [RESULTS[0], ("results/000001.csv", b"id\n"), RESULTS[2]], "mts-results")
    content("ok-registry-patch-external", "5.7", PATCH + [EXTERNAL], "registry-patch")
    content("ok-drop-longest-name", "5.12", drop("job", "n" * 200), "job")
    content("ok-drop-console", "5.12", drop("job", "_console.con"), "job")
    for name, count in [("4096", 4096), ("chunk", 65536), ("2-chunks", 131072), ("3-chunks", 135168)]:
        payload(f"ok-{name}", "4.1", packed_to(count))
    payload("ok-frame-of-one-segment", "5.1", zstd(tar(FILES), size=True, checksum=True))
    payload("ok-frame-of-raw-blocks", "5.1", raw_zstd(tar(FILES)))
    levels = {"a": 1}
    for _ in range(13):
        levels = {"a": levels}
    content("ok-manifest-of-16-levels", "5.8", FILES[:3] + [manifest(deep=levels)])
    odd = "\b\f\x1f\x7f\x9f\u061c\u200e\u2028\u202e\u2066\ufeff\u00e9\u4e2d\U0001f600\\b\\\"\n\t\r"
    content("ok-manifest-of-odd-letters", "5.8", FILES[:3] + [manifest(**{odd: [odd, -(2**63), 2**63 - 1, None, True, [], {}]})])
    content("ok-manifest-of-1-mib", "5.8", FILES[:3] + [large_manifest(1 << 20)])
    save("ok-signature-of-odd-letters", "6.1", SOUND, minisig=sign(SOUND, untrusted="\ue000\u00ad\u200b\U000e0001 \\ \" \U0010fffd"))
    untrusted = "it's M\u00fcller's,\twith a tab " + "x" * (12288 - len(sign(SOUND, untrusted="")) - len("it's M\u00fcller's,\twith a tab ") - 1)
    save("ok-signature-of-12-kib", "6.1", SOUND, minisig=sign(SOUND, untrusted=untrusted))


def packed_to(count):
    """A sound payload whose frame has exactly so many bytes: noise cannot be packed, so its length counts."""
    noise = os.urandom(count)
    for digits in range(100):
        last = manifest(noise=noise.hex()[:digits])
        for less in range(count):
            made = zstd(tar(REQUESTS + [("rejects.ndjson", noise[less:]), last]))
            if len(made) <= count:
                break
        if len(made) == count:
            return made
    raise ValueError(count)


def large_manifest(size):
    less = len(manifest(noise="")[1])
    return manifest(noise="n" * (size - less))


def next_key(**members):
    sealing, signing = base64text(AUDIT.sealing), base64text(AUDIT.signing)
    return {"fingerprint": AUDIT.fingerprint, "sealing": sealing, "signing": signing, "from": "2025-06-01T00:00:00Z"} | members


def head(name, rule, step=3, kind="mts-request", minisig=b"", **how):
    """A header that is wrong, and sealed and signed as it is."""
    members = how.pop("members", {})
    archive = seal(header(kind, **members), zstd(tar(CONTENT[kind])), **how)
    try:
        made = sign(archive) if minisig == b"" else minisig
    except (ValueError, LookupError, TypeError):
        made = sign(archive, comment=comment_of(SOUND))
    save(name, rule, archive, step, made, **kinds(kind))


def edited(name, rule, old, new, **how):
    def raw(data):
        assert old in data, old
        return data.replace(old, new, 1)

    head(f"header-{name}", rule, raw=raw, **how)


def with_members(name, rule, kind="mts-request", **members):
    head(f"header-{name}", rule, members=members, kind=kind)


def headers():
    head("header-magic", "1.1", step=1, magic=b"airlock-archive v2\n")
    head("header-magic-of-version-1", "1.1", step=1, magic=b"airlock archive v1\n")
    head("header-magic-of-version-3", "1.1", step=1, magic=b"airlock archive v3\n")
    head("header-too-long", "2.1", step=2, edit=lambda made: made | {"job": "m" * 65536})
    by_one = seal(header(job=""), zstd(tar(FILES)))
    spaces = b" " * (65537 - (len(preamble_of(by_one)) - 20))
    edited("too-long-by-1", "2.1", b'"job":""', b'"job":"%s"' % spaces.replace(b" ", b"m"), step=2, members={"job": ""})
    edited("space", "2.2", b'"batches":2', b'"batches": 2')
    edited("escape", "2.2", b'"job":"monthly"', b'"job":"month\\u006cy"')
    edited("unsorted", "2.2", b'{"airlock":"archive","batches":2', b'{"batches":2,"airlock":"archive"')
    edited("fraction", "2.2", b'"batches":2', b'"batches":2.0')
    edited("exponent", "2.2", b'"batches":2', b'"batches":2e0')
    edited("minus-0", "2.2", b'"batches":2', b'"batches":-0', members={"batches": 2})
    edited("2-63", "2.2", b'"payload_bytes":4096', b'"payload_bytes":9223372036854775808')
    edited("two-headers", "2.2", b"{", b"\n{")
    edited("not-utf-8", "2.2", b'"monthly"', b'"monthl\xff"')
    edited("list", "2.2", b"{", b"[{")
    edited("duplicate-key", "2.2", b'"batches":2', b'"batches":2,"batches":2')
    edited("duplicate-key-inside", "2.2", b'"name":"registry"', b'"name":"registry","name":"registry"')
    for name, change in {
        "unknown-key": lambda made: made | {"aaa": 1}, "missing-key": lambda made: made.pop("batches") and None,
        "no-next-key": lambda made: made.pop("next_key"), "no-commitment": lambda made: made.pop("commitment") and None,
        "sender-more": lambda made: made["sender"].update(x=1), "sender-less": lambda made: made["sender"].pop("name") and None,
        "recipient-more": lambda made: made["recipients"][0].update(x=1),
        "recipient-less": lambda made: made["recipients"][0].pop("name") and None,
        "digests-more": lambda made: made["digests"].update(x=None), "digests-less": lambda made: made["digests"].pop("policy") and None,
        "next-key-more": lambda made: made.update(next_key=next_key(x=1)),
        "next-key-less": lambda made: made.update(next_key={k: v for k, v in next_key().items() if k != "from"}),
    }.items():  # fmt: skip
        head(f"header-{name}", "2.3", edit=change)


FORMS = {  # of each member, values that have not its form
    "airlock": ["card", 1], "version": [1, 3, True, "2"], "kind": [None],
    "stream": ["../mts", "m\x1b[31m", "", "m" * 101, ".mts", "mts\n", "m\u00fc", 1],
    "job": ["../mts", "", "m" * 101, "-mts", "m ts", "m\u0661", None],
    "created": ["2025-02-30T12:00:00Z", "2025-03-01T12:00:60Z", "2025-03-01T24:00:00Z", "1969-12-31T23:59:59Z", "2025-03-01T12:00:00+",
                "2025-03-01 12:00:00Z", "2025-3-01T12:00:00Z", "10000-01-01T00:00:00Z", 0],
    "previous": ["EE" * 32, "ee" * 31, 0], "sequence": [0, -1, 2**53 + 1, "1", True, None],
    "fields": [["a b"], ["x" * 129], [""], [1], ["\u0660"], "abc", None, [str(number) for number in range(1001)]],
    "records": [-1, 2**40 + 1, "2", True], "batches": [-1, 10**6, "2", True],
    "commitment": ["EE" * 32, "ee" * 31, None], "payload_bytes": [2**49, "4096", True],
    "recipients": [[], {}, None], "sender": [None, "registry"], "digests": [[], None], "next_key": [{}, [], False],
}  # fmt: skip
INNER = {
    ("sender", "name"): ["Registry", "r" * 65, "-registry", "", 1], ("sender", "key_id"): ["4e8844c15f898cfc", "4E8844C15F898CF", None],
    ("recipients", "name"): ["Mts", "m" * 65, "", None], ("recipients", "fingerprint"): ["EE" * 32, "ee" * 31, None],
    ("digests", "snapshot"): ["EE" * 32, "ee" * 33], ("digests", "manifest"): ["EE" * 32, 1], ("digests", "policy"): ["EE" * 32, ""],
    ("next_key", "fingerprint"): ["EE" * 32, None], ("next_key", "from"): ["soon", None],
    ("next_key", "sealing"): [base64text(AUDIT.sealing[:31]), None], ("next_key", "signing"): [base64text(AUDIT.signing[:31]), None],
}  # fmt: skip


def forms():
    for member, values in FORMS.items():
        for number, value in enumerate(values, 1):
            also = {"previous": {"sequence": 2}, "sequence": {"previous": "ee" * 32}}.get(member, {})
            head(f"header-{member}-{number}", "2.4", edit=lambda made: made | also | {member: value})
    for (outer, member), values in INNER.items():
        for number, value in enumerate(values, 1):

            def edit(made):
                if outer == "next_key":
                    made["next_key"] = next_key()
                place = made["recipients"][0] if outer == "recipients" else made[outer]
                place[member] = value

            head(f"header-{outer}-{member}-{number}", "2.4", edit=edit)
    good = seal(header(), zstd(tar(FILES)))
    sealed = json.loads(preamble_of(good)[19:])["recipients"][0]["key"]
    for name, key in {
        "short": base64text(base64.b64decode(sealed)[:-1]), "long": base64text(base64.b64decode(sealed) + b"\0"),
        "loose-bits": sealed.rstrip("=")[:-1] + ("B" if sealed.rstrip("=")[-1] != "B" else "C") + "=", "space": sealed + " ",
    }.items():  # fmt: skip
        head(f"header-key-{name}", "2.4", edit=lambda made: made["recipients"][0].update(key=key))
    head("header-65-recipients", "2.4", to=[Party(f"p{number}", number, number) for number in range(1, 66)])
    head("type-unknown", "2.5", edit=lambda made: made | {"kind": "mts-reqvest"})
    head("header-airlock-before-kind", "7.1", edit=lambda made: made | {"airlock": "card", "kind": "x"})
    head("header-version-before-kind", "7.1", edit=lambda made: made | {"version": 3, "kind": "x"})
    head("type-receipt", "2.5", edit=lambda made: {"airlock": "archive", "version": 2, "kind": "receipt", "other": []})


def together():
    with_members("field-twice", "2.6", fields=["birthdate", "birthdate"])
    head("header-2-recipients", "2.6", to=(MTS, MTS))
    with_members("first-with-previous", "2.7", previous="ee" * 32)
    with_members("second-without-previous", "2.7", sequence=2)
    for name in ("snapshot", "manifest", "policy"):
        with_members(f"no-{name}", "2.8", digests=header()["digests"] | {name: None})
    zero = base64text(bytes(32))
    for name, sealing, signing in [
        ("low-order", bytes(32), AUDIT.signing), ("not-canonical", b"\xf6" + b"\xff" * 30 + b"\x7f", AUDIT.signing),
        ("high-bit", AUDIT.sealing[:31] + bytes([AUDIT.sealing[31] | 0x80]), AUDIT.signing),
        ("small-order-signing", AUDIT.sealing, b"\1" + bytes(31)), ("in-force", AUDIT.sealing, REGISTRY.signing),
    ]:  # fmt: skip
        key = next_key(sealing=base64text(sealing), signing=base64text(signing), fingerprint=digest(sealing + signing).hexdigest())
        with_members(f"next-key-{name}", "2.9", next_key=key)
    with_members("next-key-fingerprint-of-another", "2.9", next_key=next_key(fingerprint=MTS.fingerprint))
    own = header("job")["digests"]
    for name, members in {
        "previous": {"previous": "ee" * 32}, "next-key": {"next_key": next_key()}, "fields": {"fields": ["name"]},
        "records": {"records": 1}, "batches": {"batches": 1}, "no-digest": {"digests": own | {"manifest": None}},
        "two-digests": {"digests": own | {"snapshot": "ee" * 32}}, "policy": {"digests": own | {"policy": "ee" * 32}},
        "other-digest": {"digests": own | {"manifest": None, "snapshot": own["manifest"]}},
    }.items():  # fmt: skip
        with_members(f"drop-{name}", "2.10", "job", **members)
    head("header-patch-with-batches", "2.11", kind="registry-patch", members={"batches": 1})
    least, odd = zstd(tar(FILES)), zstd(tar(FILES)) + bytes(4097)
    save("header-payload-below-4096", "2.12", seal(header(), least, fill=False), 3)
    save("header-payload-of-no-class", "2.12", seal(header(), odd[:4097], fill=False), 3)


def lengths():
    end = len(preamble_of(SOUND))
    save("truncation-nothing", "1.1", b"", 1, sign(SOUND))
    save("truncation-magic", "1.1", SOUND[:10], 1, sign(SOUND))
    save("truncation-header", "2.1", SOUND[: end - 1], 2, sign(SOUND))
    save("truncation-no-header", "2.1", SOUND[:19], 2, sign(SOUND))
    for name, archive in [("stream", SOUND[: end + 24]), ("tag", SOUND[:-1])]:
        save(f"truncation-{name}", "1.2", archive, 4)
    for name, archive in [("byte", SOUND + b"\0"), ("archive", SOUND + SOUND), ("chunk", SOUND + bytes(65553))]:
        save(f"trailing_data-{name}", "1.2", archive, 4)


def signatures():
    lines = sign(SOUND).split(b"\n")
    first, second = base64.b64decode(lines[1]), base64.b64decode(lines[3])

    def save_lines(name, rule, change):
        made = list(lines)
        changed = change(made)
        save(f"signature-{name}", rule, SOUND, 6, b"\n".join(changed or made))

    def put(at, value):
        return lambda made: made.__setitem__(at, value)

    def added(packet):
        number = int.from_bytes(packet[-32:], "little") + ORDER
        return base64.b64encode(packet[:-32] + number.to_bytes(32, "little"))

    def loose(line):
        return line[:-2] + bytes([line[-2] + 1]) + b"=" if line.endswith(b"=") and line[-2:-1] != b"=" else line[:-3] + bytes([line[-3] + 1]) + b"=="

    def flipped(packet, at):
        return base64.b64encode(packet[:at] + bytes([packet[at] ^ 1]) + packet[at + 1 :])

    save_lines("crlf", "6.1", lambda made: [line + b"\r" if line else line for line in made])
    save_lines("fifth-line", "6.1", lambda made: made + [b""])
    save_lines("text-behind", "6.1", lambda made: made[:4] + [b"more"])
    save_lines("no-newline", "6.1", lambda made: made[:-1])
    save_lines("three-lines", "6.1", lambda made: made[:3] + [b""])
    save_lines("other-first-word", "6.1", put(0, b"comment: x"))
    save_lines("other-third-word", "6.1", put(2, lines[2].replace(b"trusted comment: ", b"comment: ")))
    save_lines("turned-text", "6.1", put(0, "untrusted comment: \u202ex".encode()))
    save_lines("terminal-codes", "6.1", put(0, b"untrusted comment: \x1b[2J"))
    save_lines("not-utf-8", "6.1", put(0, b"untrusted comment: \xff"))
    save_lines("too-long", "6.1", put(0, b"untrusted comment: " + b"x" * (12289 - len(sign(SOUND, untrusted="")))))
    save_lines("not-prehashed", "6.1", put(1, base64.b64encode(b"Ed" + first[2:])))
    save_lines("packet-short", "6.1", put(1, base64.b64encode(first[:-1])))
    save_lines("loose-bits", "6.1", put(1, loose(lines[1])))
    save_lines("comment-loose-bits", "6.1", put(3, loose(lines[3])))
    save_lines("comment-space", "6.1", put(3, lines[3] + b" "))
    save_lines("key-id", "6.2", put(1, flipped(first, 2)))
    save_lines("malleated", "6.2", put(1, added(first)))
    save_lines("malleated-comment", "6.2", put(3, added(second)))
    save_lines("flipped", "6.2", lambda made: sign_again(flipped(first, 20), comment_of(SOUND)).split(b"\n"))
    save_lines("flipped-comment", "6.2", put(3, flipped(second, 9)))
    save_lines("other-comment", "6.2", put(2, lines[2].replace(b"seq=1", b"seq=2")))
    save("signature-flipped-byte", "6.2", SOUND[:-40] + bytes([SOUND[-40] ^ 1]) + SOUND[-39:], 6, sign(SOUND))
    save("signature-stranger", "6.2", SOUND, 6, sign(SOUND, signer=STRANGER))
    save("signature-missing", "6.1", SOUND, 6, None)
    comment = comment_of(SOUND)
    for word in comment.split(" "):
        key, _, value = word.rpartition("=")
        other = {"airlock": "Airlock", "mts-request": "job", "header": "header=" + "0" * 64}.get(key or value, f"{key}={value}1")
        save(f"signature-of-other-{key or value}", "6.3", SOUND, 6, sign(SOUND, comment.replace(word, other)))
    save("signature-of-more", "6.3", SOUND, 6, sign(SOUND, comment + " x"))
    save("signature-of-a-document", "6.3", SOUND, 6, sign(SOUND, "airlock receipt sender=registry"))


def sign_again(packet, comment):
    """The comment's signature over another packet: sound but for the file."""
    second = REGISTRY.sign(base64.b64decode(packet)[10:] + comment.encode())
    return b"untrusted comment: x\n%s\ntrusted comment: %s\n%s\n" % (packet, comment.encode(), base64.b64encode(second))


def senders():
    def sender(**other):
        return seal(header(sender=header()["sender"] | other), zstd(tar(FILES)))

    save("signature-other-sender", "7.2", sender(name="ministry"), 5)
    save("signature-other-key", "7.2", sender(key_id=STRANGER.key_id), 5)
    made, early = "2025-03-01T12:00:00Z", "2025-03-01T12:00:01Z"
    day = {"from": "2025-03-01T00:00:00Z", "to": "2025-03-02T00:00:00Z"}
    later = "2999-03-01T12:00:00Z"
    for name, kind, created, terms in [
        ("ok-card-fit", "mts-request", made, {"not_before": made, "expires": early, "usage": ["archives"]}),
        ("ok-card-of-results", "mts-results", made, {"usage": ["results", "seal"]}),
        ("ok-card-of-jobs", "job", made, {"usage": ["jobs"]}), ("ok-card-of-snapshots", "snapshot", made, {"usage": ["snapshots"]}),
        ("ok-card-of-patches", "registry-patch", made, {"usage": ["archives"], "replaces": REGISTRY.card()["fingerprint"]}),
        ("signature-card-other-use", "mts-request", made, {"usage": ["seal", "results", "snapshots", "jobs", "receipts"]}),
        ("signature-card-other-use-of-results", "mts-results", made, {"usage": ["archives", "jobs", "snapshots"]}),
        ("signature-card-other-use-of-jobs", "job", made, {"usage": ["archives", "results", "snapshots"]}),
        ("signature-card-other-use-of-snapshots", "snapshot", made, {"usage": ["archives", "results", "jobs"]}),
        ("signature-card-other-use-of-patches", "registry-patch", made, {"usage": ["results", "jobs", "snapshots"]}),
        ("signature-card-not-yet", "mts-request", made, {"not_before": early}),
        ("signature-card-not-yet-by-the-clock", "mts-request", later, {"not_before": "2998-01-01T00:00:00Z"}),
        ("signature-card-expired", "mts-request", made, {"expires": made}),
    ]:  # fmt: skip
        file = f"cards/{name.partition('-')[2]}.json"
        (FOLDER / file).write_text(json.dumps(REGISTRY.card(**terms), indent=2) + "\n")
        step = None if name.startswith("ok") else 5
        save(name, "7.2", seal(header(kind, created=created), zstd(tar(CONTENT[kind]))), step, card=file, **kinds(kind))


def cards():
    own = REGISTRY.card()
    full = dict(usage=["archives", "receipts"], not_before="2025-01-01T00:00:00Z", expires="2030-01-01T00:00:00Z", replaces=MTS.card()["fingerprint"])
    sound = REGISTRY.card(**full)

    def signed(**terms):
        return REGISTRY.card(**full | terms)

    def without(card, name):
        return {key: value for key, value in card.items() if key != name}

    for name, rule, card in [
        ("sound", None, own), ("sound-with-terms", None, sound), ("sound-for-all", None, REGISTRY.card(usage=["seal", "archives", "snapshots", "jobs", "results", "receipts"])),
        ("kind", "14.1", own | {"airlock": "identity"}), ("version", "14.1", own | {"version": 2}), ("version-0", "14.1", own | {"version": 0}), ("version-true", "14.1", own | {"version": True}),
        ("more", "14.1", own | {"x": 1}), ("less", "14.1", without(own, "fingerprint")), ("name", "14.1", own | {"name": "Registry"}),
        ("sealing-short", "14.1", own | {"sealing": base64text(bytes(31))}), ("signing-short", "14.1", own | {"signing": base64text(bytes(31))}),
        ("key-id", "14.2", own | {"key_id": MTS.key_id}), ("fingerprint", "14.2", own | {"fingerprint": MTS.card()["fingerprint"]}),
        ("fingerprint-without-spaces", "14.2", own | {"fingerprint": REGISTRY.fingerprint}),
        ("signature-without-terms", "14.3", own | {"signature": sound["signature"]}), ("terms-without-signature", "14.3", without(sound, "signature")),
        ("signature-of-another", "14.3", sound | {"signature": base64text(MTS.sign(canonical(without(sound, "signature"))))}),
        ("signature-short", "14.3", sound | {"signature": sound["signature"][:-4]}),
        ("usage-changed", "14.3", sound | {"usage": ["archives"]}), ("usage-empty", "14.3", signed(usage=[])),
        ("usage-twice", "14.3", signed(usage=["jobs", "jobs"])), ("usage-unknown", "14.3", signed(usage=["all"])),
        ("not-before", "14.3", signed(not_before="2025-01-01")), ("expires", "14.3", signed(expires="2030-01-01T00:00:00+")),
        ("expires-before", "14.3", signed(expires="2025-01-01T00:00:00Z")), ("replaces", "14.3", signed(replaces=MTS.fingerprint)),
    ]:  # fmt: skip
        CARDS.append({"file": f"cards/{name}.card.json", "sound": rule is None, "rule": rule or "14.1"})
        (FOLDER / CARDS[-1]["file"]).write_text(json.dumps(card, indent=2) + "\n")
    for name, made in [
        ("duplicate-key", '{"airlock":"card",' + json.dumps(own)[1:]), ("list", json.dumps([own])),
        ("too-long", json.dumps(own) + " " * 16384), ("not-utf-8", json.dumps(own)[:-1] + ',"\xff":1}'),
    ]:  # fmt: skip
        CARDS.append({"file": f"cards/{name}.card.json", "sound": False, "rule": "14.1"})
        (FOLDER / CARDS[-1]["file"]).write_bytes(made.encode("latin-1"))


def keys():
    packed = zstd(tar(FILES))
    key, other = os.urandom(32), os.urandom(32)
    save("no_matching_key-other-recipient", "3.1", seal(header(), packed, to=(AUDIT,)), 8)
    save("no_matching_key-name", "3.1", seal(header(), packed, edit=lambda made: made["recipients"][0].update(fingerprint=AUDIT.fingerprint)), 8)

    def crossed(made):
        made["recipients"] = [recipient(AUDIT, key) | {"key": recipient(MTS, key)["key"]}, recipient(MTS, key) | {"key": recipient(AUDIT, key)["key"]}]

    save("no_matching_key-crossed", "3.1", seal(header(), packed, key=key, edit=crossed), 8)

    def flip(made):
        sealed = base64.b64decode(made["recipients"][0]["key"])
        made["recipients"][0]["key"] = base64text(sealed[:-1] + bytes([sealed[-1] ^ 1]))

    save("no_matching_key-flipped", "3.1", seal(header(), packed, edit=flip), 8)
    save("no_matching_key-commitment", "3.2", seal(header(), packed, key=key, edit=lambda made: made | {"commitment": digest(b"airlock archive v2 file key", key=other).hexdigest()}), 8)
    save("no_matching_key-unkeyed-commitment", "3.2", seal(header(), packed, key=key, edit=lambda made: made | {"commitment": digest(key).hexdigest()}), 8)

    def two_keys(made):
        made["recipients"] = [recipient(AUDIT, key), recipient(MTS, other)]

    save("no_matching_key-of-two", "3.2", seal(header(), packed, key=key, edit=two_keys), 8)


def orders():
    first = {"sequence": 1, "digest": digest(SOUND).hexdigest()}
    other = {"sequence": 1, "digest": digest(b"\2").hexdigest()}
    none = {"sequence": 0, "digest": None}

    def second(number, to=(MTS,), kind="mts-request"):
        head = header(kind, sequence=number, previous=first["digest"])
        return seal(head, zstd(tar(CONTENT[kind])), to=to)

    save("ok-first-of-its-stream", "8.1", SOUND, position=none)
    save("ok-next-of-its-stream", "8.2", second(2), position=first)
    save("replay-again", "8.1", SOUND, 7, position=first)
    save("replay-older", "8.1", SOUND, 7, position={"sequence": 7, "digest": other["digest"]})
    save("replay-fork", "8.2", second(2), 7, position=other)
    save("replay-first-is-missing", "8.1", second(2), 7, position=none)
    save("replay-gap", "8.1", second(3), 7, position=first)
    save("replay-patch-gap", "8.1", second(3, kind="registry-patch"), 7, position=first, kind="registry-patch")
    save("type-unexpected", "7.3", seal(header("mts-results"), zstd(tar(RESULTS))), 7)
    save("type-of-what-is-said", "7.3", SOUND, 7, kind="registry-patch")
    # Two faults in one archive: the earlier step's class.
    save("header-before-length", "7.1", seal(header(), zstd(tar(FILES)), raw=lambda data: data.replace(b"{", b"{ ", 1))[:-1], 3, sign(SOUND))
    save("truncation-before-signature", "7.1", SOUND[:-1], 4, sign(SOUND, signer=STRANGER))
    save("signature-before-kind", "7.1", seal(header("job"), zstd(tar(CONTENT["job"]))), 6, sign(SOUND))
    save("type-before-replay", "7.1", second(3), 7, position=first, kind="registry-patch")
    save("replay-before-key", "7.1", second(3, to=(AUDIT,)), 7, position=first)
    other_head = seal(header(), zstd(tar(FILES)), to=(AUDIT,), bound=b"")
    save("no_matching_key-before-payload", "7.1", other_head, 8)
    save("signature-before-key", "7.1", other_head, 6, sign(other_head, signer=STRANGER))


def chunks():
    end = len(preamble_of(SOUND))
    for at in (0, 24, len(SOUND) - end - 1):
        made = SOUND[: end + at] + bytes([SOUND[end + at] ^ 1]) + SOUND[end + at + 1 :]
        save(f"payload-byte-{at}", "4.1", made, 9)
    save("payload-other-header", "4.2", seal(header(), zstd(tar(FILES)), bound=digest(preamble_of(SOUND)).digest()), 9)
    save("payload-unbound", "4.2", seal(header(), zstd(tar(FILES)), bound=b""), 9)
    packed = packed_to(131072)
    for name, tags in {"truncation-no-final": [0, 0], "trailing_data-final-early": [3, 3], "trailing_data-push": [1, 3], "trailing_data-rekey": [2, 3]}.items():
        save(name, "4.3", seal(header(), packed, tags=tags), 9)
    made = seal(header(), packed)
    start = len(preamble_of(made)) + 24
    save("payload-swapped-chunks", "4.1", made[:start] + made[start + 65553 :] + made[start : start + 65553], 9)
    save("payload-chunk-twice", "4.1", made[: start + 65553] + made[start : start + 65553], 9)


def frames():
    plain = tar(FILES)
    packed = zstd(plain)
    payload("payload-zeros", "5.1", bytes(4096))
    payload("payload-not-packed", "5.1", plain)
    payload("payload-gzip", "5.1", b"\x1f\x8b\x08\0" + packed)
    payload("payload-skippable-first", "5.1", b"\x50\x2a\x4d\x18\x04\0\0\0abcd" + packed)
    payload("payload-magic-of-old-zstd", "5.1", b"\x27" + packed[1:])
    payload("payload-frame-dictionary", "5.1", raw_zstd(plain, 0b01, b"\x88\0"))
    payload("payload-frame-unused-bit", "5.1", raw_zstd(plain, 0b10000))
    payload("payload-frame-reserved-bit", "5.1", raw_zstd(plain, 0b1000))
    payload("payload-frame-window", "5.1", raw_zstd(plain, 0, b"\x89"))
    payload("payload-frame-window-2-41", "5.1", raw_zstd(plain, 0, b"\xff"))
    payload("payload-frame-cut", "5.2", packed[:-1])
    raw = raw_zstd(plain)
    payload("payload-frame-without-last-block", "5.2", raw[:6] + bytes([raw[6] & 0xFE]) + raw[7:])
    summed = zstd(plain, checksum=True)
    payload("payload-frame-checksum", "5.2", summed[:-1] + bytes([summed[-1] ^ 1]))
    sized = zstd(plain, size=True)
    payload("payload-frame-other-size", "5.2", sized[:5] + bytes([sized[5] ^ 1]) + sized[6:])
    payload("payload-byte-behind-frame", "5.2", packed + b"\1")
    payload("payload-second-frame", "5.2", packed + zstd(b""))
    payload("payload-skippable-behind", "5.2", packed + b"\x50\x2a\x4d\x18\0\0\0\0")
    payload("payload-far-behind-frame", "5.2", packed + bytes(4095 - len(packed)) + b"\1")
    half = packed_in_two(plain)
    payload("payload-two-frames", "5.2", half)
    payload("payload-filled-too-far", "5.3", packed + bytes(4352 - len(packed)))
    bomb = [file if file[0] != "rejects.ndjson" else (file[0], b"0" * (80 << 20)) for file in FILES]
    content("payload-bomb", "5.4", bomb)


def packed_in_two(plain):
    return zstd(plain[:700]) + zstd(plain[700:])


def tars():
    name, data = REQUESTS[0]
    rest = tar(FILES[1:])

    def first(vector, blocks, files=rest, rule="5.5", **how):
        payload(f"payload-tar-{vector}", rule, zstd(blocks + filled(data) + files), **how)

    def fields(vector, kind=b"0", size=len(data), **made):
        first(vector, block(name.encode(), size, kind, **made))

    for kind, what in [(b"1", "hard-link"), (b"2", "link"), (b"3", "device"), (b"5", "folder"), (b"7", "contiguous"), (b"S", "sparse"),
                       (b"L", "long-name"), (b"\0", "old-type"), (b"D", "dump"), (b"M", "volume"), (b"g", "global")]:  # fmt: skip
        fields(what, kind)
    fields("linkname", at157=b"/etc/passwd")
    fields("checksum", at148=b"000000\0 ")
    fields("checksum-form", at148=b"0%05o \0" % sum(block(name.encode(), len(data), at148=b" " * 8)))
    fields("mode", at100=b"0000755")
    fields("owner", at108=b"0000001")
    fields("group", at116=b"0000001")
    fields("time", at136=b"00000000001")
    fields("size-form", at124=b"%11o " % len(data))
    fields("size-short-form", at124=b"%o\0" % len(data))
    fields("size-binary", at124=b"\x80" + bytes(10) + bytes([len(data)]))
    fields("size-negative", at124=b"-%010o" % len(data))
    fields("gnu", at257=b"ustar  \0")
    fields("no-magic", at257=bytes(8))
    fields("version", at263=b"01")
    fields("owner-name", at265=b"root")
    fields("group-name", at297=b"root")
    fields("device-number", at329=b"0000000")
    fields("prefix", at345=b"requests")
    fields("last-bytes", at500=b"x")
    own = block(name.encode(), len(data))
    for vector, extra in {
        "pax-path-unneeded": pax(record(b"path", name.encode())), "pax-size-unneeded": pax(record(b"size", b"%d" % len(data))),
        "pax-mtime": pax(record(b"mtime", b"0")), "pax-empty": pax(), "pax-comment": pax(record(b"comment", b"x")),
        "pax-sparse": pax(record(b"GNU.sparse.size", b"1000000000"), record(b"GNU.sparse.map", b"0,19")),
        "pax-real-size": pax(record(b"SCHILY.realsize", b"5")), "pax-global": pax(record(b"size", b"5"), kind=b"g"),
        "pax-twice": pax(record(b"comment", b"x")) * 2, "pax-charset": pax(record(b"hdrcharset", b"BINARY")),
    }.items():  # fmt: skip
        first(vector, extra + own)
    first("pax-alone", pax(record(b"path", name.encode())), b"", rule="5.5")
    long = "n" * 101
    packed = lambda extra: zstd(tar([manifest("job", file=long, salt=SALT.hex())], b"") + extra + filled(b"[]") + bytes(1024))
    path, short = record(b"path", f"drop/{long}".encode()), block(f"drop/{long}".encode(), 2)
    for vector, extra in {
        "pax-length": pax(path.replace(b"6 ", b"5 ", 1)) + short, "pax-other-name": pax(path, name=b"PaxHeaders/x") + short,
        "pax-path-twice": pax(path, path) + short, "pax-more": pax(path, record(b"mtime", b"0")) + short,
        "pax-other-short-name": pax(path) + block(b"drop/x", 2), "pax-zeros-in-front": pax(b"0" + path) + short,
        "name-cut": short,
    }.items():  # fmt: skip
        payload(f"payload-tar-{vector}", "5.7" if vector == "name-cut" else "5.5", packed(extra), "job")
    payload("payload-tar-not-utf-8", "5.5", zstd(block(b"requests/00000\xff.json", len(data)) + filled(data) + rest))
    payload("payload-tar-no-name", "5.5", zstd(block(b"", len(data)) + filled(data) + rest))
    payload("payload-tar-filling", "5.6", zstd(own + data + b"\1" * (-len(data) % 512) + rest))
    for count in (0, 1, 3, 20):
        payload(f"payload-{count}-zero-blocks", "5.6", zstd(tar(FILES, bytes(512 * count))))
    payload("payload-half-a-block", "5.6", zstd(tar(FILES, bytes(1000))))
    payload("payload-second-tar", "5.6", zstd(tar(FILES) * 2))
    payload("payload-end-not-zeros", "5.6", zstd(tar(FILES, bytes(1023) + b"\1")))
    payload("payload-file-cut", "5.6", zstd(tar(FILES)[:520]))
    payload("payload-tar-empty", "5.6", zstd(b""))


def contents():
    first, second = REQUESTS
    last = FILES[-1]
    for name, files in {
        "no-manifest": FILES[:3], "no-request": FILES[2:], "a-request-too-few": [first, REJECTS, last], "a-request-missing": [second, REJECTS, last],
        "a-request-too-many": REQUESTS + [("requests/000003.json", b"{}"), REJECTS, last], "nothing": [],
        "request-0": [("requests/000000.json", b"{}"), first, REJECTS, last], "request-csv": [("requests/000001.csv", b""), second, last],
        "five-digits": [("requests/00001.json", b""), second, last], "requests-swapped": [second, first, REJECTS, last],
        "another-name": FILES + [("run.sh", b"#!/bin/sh")], "another-name-first": [("run.sh", b"")] + FILES,
        "a-name-that-leads-out": [("../../evil", b"")] + FILES, "an-absolute-name": [("/tmp/evil", b"")] + FILES,
        "a-name-with-a-dot": [("./requests/000001.json", b"")] + FILES[1:], "upper-case": FILES[:3] + [("MANIFEST.JSON", last[1])],
        "a-request-twice": [first, first, second, REJECTS, last], "rejects-twice": REQUESTS + [REJECTS, REJECTS, last],
        "manifest-twice": FILES + [last], "rejects-behind": REQUESTS + [last, REJECTS], "manifest-first": [last] + FILES[:3],
        "a-hidden-name": [("requests/.000001.json.00000000.tmp", b"")] + FILES, "a-drop": FILES + [("drop/x", b"")],
    }.items():  # fmt: skip
        content(f"payload-{name}", "5.7", files)
    one, two, three = RESULTS
    for name, files in {
        "one-number-twice": [one, two, ("results/000001.csv", b"")], "of-requests": [one, two, ("requests/000002.json", b"")],
        "rejects": RESULTS + [REJECTS], "manifest-behind": [two, three, one], "text": [one, two, ("results/000002.txt", b"")], "missing": [one, two],
    }.items():  # fmt: skip
        content(f"payload-mts-results-{name}", "5.7", files, "mts-results")
    one, two, three = PATCH
    for name, files in {
        "no-operations": [one, three], "no-ids": [one, two], "swapped": [one, three, two], "a-batch": PATCH + [("results/000001.json", b"")],
        "no-manifest": [two, three], "operations-twice": [one, two, two, three], "external-alone": [one, two, EXTERNAL],
        "external-first": [one, two, EXTERNAL, three], "external-twice": PATCH + [EXTERNAL, EXTERNAL],
    }.items():  # fmt: skip
        content(f"payload-registry-patch-{name}", "5.7", files, "registry-patch")
    one, two = drop("job")
    for name, files in {"two-files": [one, two, ("drop/other.json", b"[]")], "no-file": [one], "no-manifest": [two], "file-first": [two, one]}.items():
        content(f"payload-job-{name}", "5.7", files, "job")


def manifests():
    def save_text(name, rule, data):
        content(f"payload-manifest-{name}", rule, FILES[:3] + [("manifest.json", data)])

    good = manifest(records=2)[1]
    for name, data in {
        "no-json": b"{\n", "a-list": b"[]\n", "no-newline": good[:-1], "two-newlines": good + b"\n", "space": good.replace(b":2", b": 2"),
        "a-key-twice": b'{"airlock":"mts-request","airlock":"mts-request"}\n', "a-key-twice-inside": good.replace(b'"records":2', b'"a":{"b":1,"b":1}'),
        "fraction": good.replace(b'"version":1', b'"x":2.5'), "exponent": good.replace(b'"version":1', b'"x":1e300'),
        "no-number": good.replace(b'"version":1', b'"x":NaN'), "2-63": good.replace(b'"version":1', b'"x":9223372036854775808'),
        "below-minus-2-63": good.replace(b'"version":1', b'"x":-9223372036854775809'),
        "short-escape": good.replace(b'"version":1', b'"x":"\\b"'), "turned-text": good.replace(b'"version":1', '"x":"\u202e"'.encode()),
        "delete": good.replace(b'"version":1', b'"x":"\x7f"'), "control": good.replace(b'"version":1', b'"x":"\x01"'),
        "upper-case-escape": good.replace(b'"version":1', b'"x":"\\u001F"'), "c1": good.replace(b'"version":1', '"x":"\x9b"'.encode()),
        "half-a-letter": good.replace(b'"version":1', b'"x":"\\ud800"'), "byte-order-mark": b"\xef\xbb\xbf" + good,
        "not-utf-8": good.replace(b'"version":1', b'"x":"\xff"'), "unsorted": b'{"version":1,"airlock":"mts-request"}\n',
        "of-17-levels": b'{"airlock":"mts-request","x":' + b"[" * 16 + b"]" * 16 + b"}\n", "empty": b"", "too-long": large_manifest((1 << 20) + 1)[1],
    }.items():  # fmt: skip
        save_text(name, "5.8", data)
    save_text("of-another-kind", "5.9", manifest("job")[1])
    save_text("of-no-kind", "5.9", text({"version": 1}))
    save_text("of-kind-null", "5.9", text({"airlock": None}))
    for member, values in {"stream": ["x", 1], "sequence": [2, "1", True], "job": ["x", None], "records": [3, "2", None], "batches": [3, "2"]}.items():
        for number, value in enumerate(values, 1):
            save_text(f"{member}-{number}", "5.10", manifest(**{member: value})[1])
    for name, answers in {
        "nothing": None, "more": ANSWERS | {"job": "x"}, "less": {"stream": "mts", "sequence": 4}, "number-0": ANSWERS | {"sequence": 0},
        "stream": ANSWERS | {"stream": "../x"}, "digest": ANSWERS | {"digest": "AB" * 32}, "list": [ANSWERS], "number-true": ANSWERS | {"sequence": True},
    }.items():  # fmt: skip
        made = manifest("mts-results", **({} if answers is None else {"answers": answers}))
        content(f"payload-answers-{name}", "5.11", [made] + RESULTS[1:], "mts-results")
    content("payload-drop-other-file", "5.12", [drop("job")[0], ("drop/other.json", b"[]")], "job")
    content("payload-drop-unnamed", "5.12", [manifest("job", salt=SALT.hex()), drop("job")[1]], "job")
    content("payload-drop-number", "5.12", drop("job", 1), "job")
    for name in ["CON.json", "nul", "lpt1.x", "Com9", "-x", ".x", "x.", "x y", "a/b", "\u00fc", "n" * 201, "..", ""]:
        number = sum("payload-drop-name" in row["file"] for row in ROWS) + 1
        content(f"payload-drop-name-{number}", "5.12", drop("job", name), "job")
    content("payload-snapshot-other-bytes", "5.13", drop("snapshot", data=b"{}"), "snapshot")
    content("payload-job-other-bytes", "5.13", drop("job", data=b"{}"), "job")
    content("payload-job-other-salt", "5.13", drop("job", salt="ce" * 32), "job")
    none, short = {"snapshot": None, "manifest": None, "policy": None}, SALT[:31]
    for name, said in {"plain-digest": digest(b"[]").hexdigest(), "other-word": salted("snapshot", b"[]")}.items():
        content(f"payload-job-{name}", "5.13", drop("job"), "job", digests=none | {"manifest": said})
    content("payload-job-no-salt", "5.14", [manifest("job", file="canary.json"), drop("job")[1]], "job")
    content("payload-job-salt-null", "5.14", drop("job", salt=None), "job")
    content("payload-job-salt-upper-case", "5.14", drop("job", salt=SALT.hex().upper()), "job")
    said = salted("manifest", b"[]", short)
    content("payload-job-salt-short", "5.14", drop("job", salt=short.hex()), "job", digests=none | {"manifest": said})


def main():
    for old in [*FOLDER.glob("*.sealed*"), *FOLDER.glob("cards/*")]:
        old.unlink()
    (FOLDER / "cards").mkdir(exist_ok=True)
    for part in (good, headers, forms, together, lengths, signatures, senders, cards, keys, orders, chunks, frames, tars, contents, manifests):
        part()
    for name, rows in (("vectors.json", ROWS), ("cards.json", CARDS)):
        rows.sort(key=lambda row: row["file"])
        twice = {row["file"] for row in rows if [other["file"] for other in rows].count(row["file"]) > 1}
        assert not twice, f"stand twice: {twice}"
        (FOLDER / name).write_text(json.dumps(rows, indent=2, sort_keys=True) + "\n")
    print(f"{len(ROWS)} archives, {len(CARDS)} cards")


if __name__ == "__main__":
    main()
