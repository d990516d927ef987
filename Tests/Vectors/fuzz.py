"""Changes archives at random, at each of their layers, signs most of them anew as a broken or dishonest sender would, and opens them
with Airlock and with contrib/open_archive.py: both must say the same, class by class and byte by byte.

    fuzz.py ARCHIVEPROBE [COUNT [SEED]]

What they differ in is kept as Tests/Fuzz/found-archive-*."""
import collections, copy, json, pathlib, random, shutil, sys

from sealer import *  # first: `entry` here is a reader's

from make import CONTENT, EXTERNAL, next_key
from probe import Probe
from reading import FOLDER, READER, Bench, entry

KINDS = list(CONTENT)
FOUND = FOLDER.parent / "Fuzz"
EDGES = [None, True, 0, 1, -1, 2, 2**53, 2**53 + 1, 2**63 - 1, "", "x", "mts", "../x", "\u202e", [], {}, ["a", "a"], "ee" * 32, "2025-02-30T00:00:00Z"]


def changed(draw, data):
    """Bytes with one to three small changes."""
    data = bytearray(data)
    for _ in range(draw.choice((1, 1, 1, 2, 3))):
        at = draw.randrange(len(data) + 1)
        to = min(len(data), at + draw.choice((1, 1, 2, 8, 64, 512)))
        how = draw.randrange(8)
        if how == 0:
            data[at:at] = bytes(draw.randrange(256) for _ in range(draw.choice((1, 2, 512))))
        elif how == 1:
            del data[at:to]
        elif how == 2:
            data[at:at] = data[at:to]
        elif how == 3:
            data[at:to] = bytes(to - at)
        elif how == 4 and at < len(data):
            data[at] = draw.choice(b'0123456789"{}[],:\\ \n\0\xff')
        elif at < len(data):
            data[at] ^= 1 << draw.randrange(8)
    return bytes(data)


def members_of(value):
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from members_of(value[key])


def with_other_member(draw, value):
    places = list(members_of(value))
    if places:
        place, key = draw.choice(places)
        if isinstance(place, dict) and draw.random() < 0.2:
            place.pop(key) if draw.random() < 0.5 else place.update({draw.choice(("x", "kind", "zz")): copy.deepcopy(draw.choice(EDGES))})
        else:
            other, name = draw.choice(places)
            place[key] = copy.deepcopy(draw.choice(EDGES + [other[name]])) if key in place or isinstance(place, list) else None
    return value


def mutant(draw):
    """An archive, its signature, and the layer that was changed."""
    kind = draw.choice(KINDS)
    head = header(kind, **draw.choice(({}, {}, {"sequence": 2, "previous": "ee" * 32}) if kind not in ("job", "snapshot") else ({},)))
    if draw.random() < 0.2 and kind not in ("job", "snapshot"):
        head["next_key"] = next_key()
    files, how, layer = list(CONTENT[kind]), {}, draw.choice("file file minisig text text member tar tar tar files manifest manifest frame behind tags whole".split())
    if kind == "registry-patch" and draw.random() < 0.3:
        files.append(EXTERNAL)
    if layer == "files":
        change = draw.randrange(4)
        at, other = draw.randrange(len(files)), draw.randrange(len(files))
        if change == 0:
            files[at], files[other] = files[other], files[at]
        elif change == 1:
            files.pop(at)
        elif change == 2:
            files.insert(other, files[at])
        else:
            files[at] = (changed(draw, files[at][0].encode()).decode("latin-1").replace("\0", "0") or "x", files[at][1])
    if layer == "manifest":
        at = next(index for index, file in enumerate(files) if file[0] == "manifest.json")
        value = with_other_member(draw, json.loads(files[at][1]))
        made = canonical(value) + b"\n" if draw.random() < 0.5 else changed(draw, files[at][1])
        files[at] = ("manifest.json", made)
    plain = tar(files)
    plain = changed(draw, plain) if layer == "tar" else plain
    packed = draw.choice((zstd, raw_zstd, lambda data: zstd(data, size=True, checksum=True)))(plain)
    packed = changed(draw, packed) if layer == "frame" else packed
    if layer == "behind":
        filled_up = packed + bytes(padded(len(packed)) - len(packed))
        packed = filled_up[: len(packed)] + changed(draw, filled_up[len(packed) :])
        packed += bytes(draw.choice((0, 0, 256, 4096)))
    if layer == "tags":
        how["tags"] = [draw.randrange(4)]
    if layer == "text":
        how["raw"] = lambda text: changed(draw, text)
    if layer == "member":
        how["edit"] = lambda made: with_other_member(draw, made)
    archive = seal(head, packed, **how)
    try:
        minisig = sign(archive)
    except (ValueError, LookupError, TypeError, AttributeError):
        minisig = sign(archive, comment=comment_of(seal(header(kind), packed)))
    if layer == "file":
        archive = changed(draw, archive)
    if layer == "minisig":
        minisig = changed(draw, minisig)
    row = {"file": "x.sealed"} | ({} if kind == "mts-request" else {"kind": kind})
    if draw.random() < 0.1 and kind in ("mts-request", "registry-patch"):
        row["position"] = draw.choice(({"sequence": 0, "digest": None}, {"sequence": 1, "digest": "ee" * 32}))
    return row, archive, minisig, layer


def main():
    program, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(2**32)
    print(f"{count} archives from seed {seed}")
    draw, bench = random.Random(seed), Bench()
    reader, probe = entry(compile(READER.read_text(), "reader", "exec")), Probe(program, bench.root)
    folder = bench.root.with_name(bench.root.name + "-archives")
    folder.mkdir()
    classes, layers, differences = collections.Counter(), collections.Counter(), 0
    for number in range(count):
        row, archive, minisig, layer = mutant(draw)
        (folder / "x.sealed").write_bytes(archive)
        (folder / "x.sealed.minisig").write_bytes(minisig)
        theirs, made = bench.outcome(reader, row, folder)
        ours, code, opened = probe.outcome(row, folder)
        classes[ours], layers[layer] = classes[ours] + 1, layers[layer] + 1
        if (theirs, made) != (ours, opened) or ours in ("left behind", "error"):
            differences += 1
            print(f"number {number}, {layer}, {row}: Airlock says {ours} ({code}), contrib {theirs}")
            for ending in ("", ".minisig"):
                shutil.copy(folder / f"x.sealed{ending}", FOUND / f"found-archive-{seed}-{number}.sealed{ending}")
    shutil.rmtree(folder)
    bench.close()
    print(", ".join(f"{name} {number}" for name, number in sorted(classes.items())))
    print(f"both readers agree on {count - differences} of {count}; by layer: " + ", ".join(f"{name} {number}" for name, number in sorted(layers.items())))
    sys.exit(bool(differences) or min(len(classes), 8) < 8)


if __name__ == "__main__":
    main()
