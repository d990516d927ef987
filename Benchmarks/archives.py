"""Measures archives beside the stock tools, in one run on one machine.

    scripts/bench-archives [REGISTRANTS] [PAYLOAD_GB]

`verify` beside `b2sum`, `seal` beside `zstd -3 | age`, `open` beside `age -d | zstd -d`, over the synthetic registry; then the
same with a payload of many gigabytes that hardly packs, for the memory that it takes. The best of three runs counts,
since what is slower is the machine's doing; ratios are to the stock tool of the same run.
"""
import os
import shutil
import subprocess
import sys

from bench import RELEASE, WORK, Step, snapshot

AIRLOCK = os.path.join(RELEASE, "airlock")


def keys():
    """Two parties that know each other, and a key for age."""
    def quiet(*argv):
        subprocess.run(argv, check=True, capture_output=True, cwd=WORK)

    for name in ("registry", "mts"):
        quiet(AIRLOCK, "keys", "new", name, "--keys", name)
    for name, other in (("registry", "mts"), ("mts", "registry")):
        quiet(AIRLOCK, "keys", "add", f"{other}/{other}.card.json", "--keys", name)
    quiet("age-keygen", "-o", "age.key")
    with open(os.path.join(WORK, "age.pub"), "w") as out:
        subprocess.run(["age-keygen", "-y", "age.key"], check=True, stdout=out, cwd=WORK)


def shell(line):
    return ["bash", "-c", "set -o pipefail; " + line]


def sealed():
    return next(name for name in os.listdir(os.path.join(WORK, "out")) if name.endswith(".sealed"))


def emptied(*names):
    def clean():
        for name in names:
            path = os.path.join(WORK, name)
            shutil.rmtree(path, ignore_errors=True)
            if name == "out":
                os.makedirs(path)
    return clean


def pairs(path):
    """Each with the stock tool first."""
    order = ["--order", "warn"] if "--order" in subprocess.run([AIRLOCK, "open", "--help"], capture_output=True,
                                                               text=True).stdout else []
    yield ("seal",
           lambda: Step("zstd -3 | age", shell(f"zstd -q -3 -c {path} | age -R age.pub > stock.age && sync stock.age")),
           lambda: Step("airlock seal", [AIRLOCK, "seal", path, "--kind", "snapshot", "--to", "mts/mts.card.json",
                                         "--into", "out", "--identity", "registry/identity.json"],
                        before=emptied("out")))
    yield ("verify",
           lambda: Step("b2sum", ["b2sum", f"out/{sealed()}"]),
           lambda: Step("airlock verify", [AIRLOCK, "verify", f"out/{sealed()}", "--sender", "registry/registry.card.json"]))
    yield ("open",
           lambda: Step("age -d | zstd -d", shell("age -d -i age.key stock.age | zstd -q -d -c > stock.out && sync stock.out")),
           lambda: Step("airlock open", [AIRLOCK, "open", f"out/{sealed()}", "--into", "opened", "--identity",
                                         "mts/identity.json", *order], before=emptied("opened")))


def best(make, runs):
    steps = []
    for _ in range(runs):
        step = make()
        step.run()
        if step.missing:
            sys.exit(f"{step.name}: {step.missing}")
        steps.append(step)
    return min(steps, key=lambda step: step.wall)


def measure(title, path, runs):
    print(f"\n{title}: {os.path.getsize(path) / 1e6:,.0f} MB\n{'':22}{'wall s':>8}{'cpu s':>8}{'peak MB':>9}{'to stock':>10}", flush=True)
    for _, stock, ours in pairs(path):
        stock, ours = best(stock, runs), best(ours, runs)
        print(f"{stock.name:22}{stock.wall:8.2f}{stock.cpu:8.2f}{stock.peak:9d}")
        print(f"{ours.name:22}{ours.wall:8.2f}{ours.cpu:8.2f}{ours.peak:9d}{ours.wall / stock.wall:9.2f}x", flush=True)


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    gigabytes = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    shutil.rmtree(WORK, ignore_errors=True)
    os.makedirs(WORK)
    try:
        keys()
        measure("the synthetic registry", snapshot(count), 3)
        large = os.path.join(WORK, "large.bin")
        with open(large, "wb") as out:
            for _ in range(gigabytes):
                subprocess.run(["openssl", "rand", str(1 << 30)], check=True, stdout=out)
        measure("random bytes", large, 1)
    finally:
        shutil.rmtree(WORK, ignore_errors=True)


if __name__ == "__main__":
    main()
