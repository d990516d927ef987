"""Measures the way back, in one run on one machine: results of the MTS taken in, and VIDs deleted with erasure.

    scripts/bench-results [REGISTRANTS]

A site takes in the synthetic registry and sends whoever the default domain of g2p_mts picks (300,395 of 1,000,000, all of whom
are given a gender and a birth date, without which the MTS takes nobody); the MTS answers every VID with a token; the registry is
told of the tokens; then a policy deletes those VIDs, and the files of the site are searched for them. The aims are for 1,000,000
registrants: 6 s for the result, 5 s for the deletion.
"""
import hashlib
import json
import os
import shutil
import sys

from bench import DEFAULT_DOMAIN, RELEASE, WORK, Step, snapshot

AIRLOCK = os.path.join(RELEASE, "airlock")
SITE = os.path.join(WORK, "way-back")


def write(path, document):
    with open(os.path.join(SITE, path), "w") as out:
        json.dump(document, out)


def fill(path):
    """The snapshot into the inbox, with nothing blank that the MTS asks for."""
    with open(path, "rb") as lines, open(os.path.join(SITE, "inbox", "s.ndjson"), "wb") as out:
        for line in lines:
            out.write(line.replace(b'"gender":false', b'"gender":"Female"')
                      .replace(b'"birthdate":false', b'"birthdate":"1980-01-31"'))


def policy(tells):
    path = os.path.join(SITE, "policies", "site.json")
    with open(path) as text:
        site = json.load(text)
    site["trust"] = {"result": {"signature": "optional", "signers": []}}
    if tells:
        site["registry_patch"] = {"stream": "registry", "recipients": ["ministry"]}
    write("policies/site.json", site)


def job():
    return {"airlock": "job", "version": 1, "name": "vids", "recipient": "mts", "input": {"type": "registry"},
            "filter": DEFAULT_DOMAIN, "fields": ["name", "gender", "birthdate", "address", "phone", "email"],
            "mts": {"output": "json", "lang": "eng", "batch_size": 1000, "mapping": {
                "vid": "vid", "name": ["name"], "gender": "gender", "dob": "birthdate", "fullAddress": ["address"],
                "phoneNumber": "phone", "emailId": "email"}}}


def vids(path):
    """Of those whom the domain picks."""
    with open(path, "rb") as lines:
        for line in lines:
            record = json.loads(line)
            own = {row["id_type"][1]: row["value"] for row in record["reg_ids"]}
            if record["is_registrant"] and record["active"] and "MOSIP VID" in own and "MOSIP UIN TOKEN" not in own:
                yield own["MOSIP VID"]


def answer(path):
    """As the MTS writes it: one line, in the order sent."""
    with open(os.path.join(WORK, "result.json"), "w") as out:
        for number, vid in enumerate(vids(path)):
            token = str(int(hashlib.sha256(vid.encode()).hexdigest(), 16))[:36] if vid else None
            row = {"vid": vid or None, "token": token, "status": "processed" if vid else "invalid", "errorCode": None,
                   "errorMessage": None}
            out.write(("[" if number == 0 else ", ") + json.dumps(row))
        out.write("]")
    shutil.copy(os.path.join(WORK, "result.json"), os.path.join(SITE, "inbox", "result.json"))


def step(name, *arguments, before=None):
    made = Step(name, [AIRLOCK, *arguments], before=before)
    made.run()
    if made.missing:
        sys.exit(f"{name}: {made.missing}")
    print(f"{name:34} {made.wall:6.2f} s wall, {made.cpu:6.2f} s processor, {made.peak:5} MB", flush=True)
    return made


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    path = snapshot(count)
    os.makedirs(WORK, exist_ok=True)
    shutil.rmtree(SITE, ignore_errors=True)
    for name in ("mts", "ministry"):
        shutil.rmtree(os.path.join(WORK, name), ignore_errors=True)
        Step("keys", [AIRLOCK, "keys", "new", name, "--keys", name]).run()
    Step("init", [AIRLOCK, "init", "--root", SITE]).run()
    for name in ("mts", "ministry"):
        Step("add", [AIRLOCK, "keys", "add", f"{name}/{name}.card.json", "--root", SITE]).run()
    policy(tells=False)
    run = ["run", "--root", SITE, "--quiet", "0s"]
    step("snapshot", *run, before=lambda: fill(path))
    step("job", *run, before=lambda: write("inbox/job.json", job()))
    step("result", *run, before=lambda: answer(path))
    step("the registry's patch", *run, before=lambda: policy(tells=True))
    write("policies/vids.json", {"airlock": "vid-deletion", "version": 1, "domain": [["is_registrant", "=", True]],
                                 "token": {"from": "result"}, "at_most": {"percent": 100}})
    step("prune --dry-run", "prune", "--root", SITE, "--dry-run", "--json")
    step("prune", "prune", "--root", SITE, "--json")
    step("prune --verify", "prune", "--root", SITE, "--verify")
    shutil.rmtree(SITE)


main()
