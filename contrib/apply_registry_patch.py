"""Applies a registry patch of Airlock in Odoo 17 (docs/registry-patch.md):

    AIRLOCK_PATCH=work/patch-7 odoo shell -d DB --no-http < apply_registry_patch.py

AIRLOCK_PATCH is the folder that `airlock open` made. The archive's digest is read from the receipt that lies beside
it, or made of the archive that AIRLOCK_ARCHIVE names. With AIRLOCK_DRY_RUN=1 all is tried and nothing is kept.

Each operation says what it expects to find; where that is not so, nothing is done and it counts as stale. All or
nothing is committed, once; doing it again changes nothing. What is printed and written has numbers only, no value.
"""
import collections
import hashlib
import json
import logging
import os
import pathlib
import tempfile

MODEL, SHAPES = "g2p.reg.id", {
    "add": {"operation", "do", "model", "values"},
    "unlink": {"operation", "do", "model", "id", "expect", "with"}}
ROW = {"partner_id": int, "id_type": str, "value": str}

def refusals():
    """What says that the registry will not have one operation; any other error ends the run."""
    from odoo.exceptions import UserError
    from psycopg2 import IntegrityError
    return UserError, IntegrityError

def add(env, row):
    """Gives why it is stale, or None. The row may be there already."""
    partner = env["res.partner"].browse(row["partner_id"]).exists()
    types = env["g2p.id.type"].search([("name", "=", row["id_type"])])
    if not partner or not types:
        return "id_type_missing" if partner else "partner_missing"
    known = env[MODEL].search([("partner_id", "=", partner.id), ("id_type", "in", types.ids)])
    values = {record.value for record in known if (record.value or "").strip()}
    if row["value"] in values:
        return None
    if values or len(types) > 1:
        return "other_value" if values else "id_type_ambiguous"
    env[MODEL].create({"partner_id": partner.id, "id_type": types.id, "value": row["value"]})

def unlink(env, number, expected, token):
    """The VID goes only from who has the token."""
    record = env[MODEL].browse(number).exists()
    if not record:  # it may stand there again, as another record
        same = env[MODEL].search([("partner_id", "=", expected["partner_id"]), ("value", "=", expected["value"])])
        return "changed" if any(row.id_type.name == expected["id_type"] for row in same) else None
    if (record.partner_id.id, record.id_type.name, record.value) != tuple(expected[name] for name in ROW):
        return "changed"
    held = env[MODEL].search([("partner_id", "=", record.partner_id.id), ("value", "=", token["value"])])
    if all(row.id_type.name != token["id_type"] for row in held):
        return "token_missing"
    record.unlink()

def perform(env, operation):
    try:
        with env.cr.savepoint():
            if operation["do"] == "add":
                return add(env, operation["values"])
            return unlink(env, operation["id"], operation["expect"], operation["with"])
    except refusals():
        return "refused"

def read(line, number):
    operation = json.loads(line)
    row = operation.get("values", operation.get("expect"))
    sound = operation["operation"] == number and operation["model"] == MODEL and set(operation) == SHAPES[operation["do"]]
    token = operation.get("with", {"id_type": "", "value": ""})
    if not sound or {name: type(value) for name, value in row.items()} != ROW \
            or {name: type(value) for name, value in token.items()} != {"id_type": str, "value": str}:
        raise ValueError("this is no operation of a patch")
    return operation

def digest(folder, manifest, archive):
    if archive:
        return hashlib.blake2b(pathlib.Path(archive).read_bytes(), digest_size=32).hexdigest()
    receipt = folder.with_name("{stream}-{sequence:08}.opened.receipt.json".format(**manifest))
    said = json.loads(receipt.read_bytes())
    if (said["stream"], said["sequence"]) != (manifest["stream"], manifest["sequence"]):
        raise ValueError("the receipt beside the folder is of another archive")
    return said["archive"]

def write(report, path):
    file = tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.", suffix=".tmp", delete=False)
    with file:
        json.dump(report, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(file.name, path)

def apply(env, folder, archive=None, dry_run=False):
    """Gives the report, which stands in FOLDER.applied.json then."""
    folder = pathlib.Path(folder).absolute()
    manifest = json.loads((folder / "manifest.json").read_bytes())
    if (manifest["airlock"], manifest["version"]) != ("registry-patch", 1):
        raise ValueError("this is no registry patch of version 1")
    report = {"airlock": "patch-report", "version": 1, "stream": manifest["stream"], "sequence": manifest["sequence"],
              "archive": digest(folder, manifest, archive)}
    env, stale, number = env(context=dict(env.context, active_test=False)), {}, 0
    queries = logging.getLogger("odoo.sql_db")  # it would log the values of a query that fails
    silent, queries.disabled = queries.disabled, True
    try:
        with open(folder / "operations.ndjson", encoding="utf-8", newline="\n") as lines:
            for number, line in enumerate(lines, 1):
                if reason := perform(env, read(line, number)):
                    stale[number] = reason
                if number % 1000 == 0:
                    env.invalidate_all()
        if number != manifest["records"]:
            raise ValueError("operations.ndjson is not whole")
        env.cr.rollback() if dry_run else env.cr.commit()
    except BaseException as error:  # its text may hold values
        env.cr.rollback()
        raise RuntimeError(f"operation {number}: {type(error).__name__}; nothing was changed") from None
    finally:
        queries.disabled = silent
    report.update(done=number - len(stale), stale=[{"operation": at, "reason": stale[at]} for at in stale])
    if not dry_run:
        write(report, folder.with_name(folder.name + ".applied.json"))
    counts = ", ".join(f"{count} {reason}" for reason, count in sorted(collections.Counter(stale.values()).items()))
    print(f"{'would be ' if dry_run else ''}done {report['done']}, stale {len(stale)}" + (counts and f": {counts}"))
    return report

if "AIRLOCK_PATCH" in os.environ and "env" in globals():
    apply(env, os.environ["AIRLOCK_PATCH"], os.environ.get("AIRLOCK_ARCHIVE"), os.environ.get("AIRLOCK_DRY_RUN") == "1")  # noqa: F821
