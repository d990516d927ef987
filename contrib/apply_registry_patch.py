"""Applies a registry patch of Airlock in Odoo 17 (docs/registry-patch.md):

    AIRLOCK_PATCH=work/patch-7 odoo shell -d DB --no-http < apply_registry_patch.py

AIRLOCK_PATCH is the folder that `airlock open` made. The archive's digest is read from the receipt that lies beside
it, or made of the archive that AIRLOCK_ARCHIVE names. With AIRLOCK_DRY_RUN=1 all is tried and nothing is kept.

Each operation says what it expects to find, and what proves whose record it is; where that is not so, nothing is done
and it counts as stale. All or
nothing is committed, once; doing it again changes nothing. What is printed and written has numbers only, no value.
"""
import collections
import hashlib
import json
import logging
import os
import pathlib
import re
import tempfile

MODEL = "g2p.reg.id"
MUST = {"add": {"values", "expect"}, "set": {"values", "id", "expect"}, "unlink": {"expect", "with"}}  # beside those that all have
MAY = {"add": set(), "set": set(), "unlink": {"id"}}

def refusals():
    """What says that the registry will not have one operation; any other error ends the run."""
    from odoo.exceptions import UserError
    from psycopg2 import IntegrityError
    return UserError, IntegrityError

def find(env, row):
    """The partner that a row names, by the database's id or by an external id; none if that is no partner's."""
    if "partner_id" in row:
        return env["res.partner"].browse(row["partner_id"]).exists()
    external = row["partner_id/id"]
    names = {("", external), tuple(external.split(".", 1)) if "." in external else ("__import__", external)}
    found = {data.res_id for module, name in names for data in env["ir.model.data"].search(
        [("module", "=", module), ("name", "=", name), ("model", "=", "res.partner")])}
    return env["res.partner"].browse(found.pop() if len(found) == 1 else 0).exists()

# What nobody sees, as `BlankText` of Airlock lists it (docs/registry-patch.md)
BLANK = re.compile("[\0-\x20\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f"
                   "\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
                   "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]*")

def is_blank(value):
    return BLANK.fullmatch(value or "") is not None

def rows(env, partner, id_type, value=None):
    """The partner's rows of a type by name: those with a value, or with that very one."""
    held = env[MODEL].search([("partner_id", "=", partner)])
    return [row for row in held if row.id_type.name == id_type and not is_blank(row.value) and value in (None, row.value)]

def add(env, operation):
    """Gives why it is stale, or None. The row may be there already, and one without a value is filled."""
    row = operation["values"]
    partner, types = find(env, row), env["g2p.id.type"].search([("name", "=", row["id_type"])])
    if not partner or not types:
        return "id_type_missing" if partner else "partner_missing"
    known = env[MODEL].search([("partner_id", "=", partner.id), ("id_type", "in", types.ids)])
    values = {record.value for record in known if not is_blank(record.value)}
    if row["value"] in values:
        return None
    if not rows(env, partner.id, **operation["expect"]):  # whose VID was answered, and nobody else
        return "other_person"
    if values or len(types) > 1:
        return "other_value" if values else "id_type_ambiguous"
    if operation["do"] == "set" and operation["id"] not in known.ids:
        blank = env[MODEL].browse(operation["id"]).exists()
        return "other_person" if blank and blank.partner_id.id != partner.id else "changed"
    if known:
        env[MODEL].browse(operation.get("id", known.ids[0])).write({"value": row["value"]})
    else:
        env[MODEL].create({"partner_id": partner.id, "id_type": types.id, "value": row["value"]})

def unlink(env, operation):
    """The VID goes only from who has the token."""
    expected, token = operation["expect"], operation["with"]
    partner = expected.get("partner_id") or find(env, expected).id
    if not partner:
        return "partner_missing"
    record = env[MODEL].browse(operation.get("id", 0)).exists()
    same = rows(env, partner, expected["id_type"], expected["value"])
    if not record and not same:  # gone, unless somebody else has it by now
        others = env[MODEL].search([("value", "=", expected["value"])])
        return "other_person" if any(row.id_type.name == expected["id_type"] for row in others) else None
    if record and record.id not in [row.id for row in same]:
        return "changed"
    if not rows(env, partner, token["id_type"], token["value"]):
        return "token_missing"
    for row in [record] if record else same:
        row.unlink()

def perform(env, operation):
    try:
        with env.cr.savepoint():
            return unlink(env, operation) if operation["do"] == "unlink" else add(env, operation)
    except refusals():
        return "refused"

def is_row(row, *keys):
    """Whether it is an object of texts and numbers with one of these for its person, if any, beside type and value."""
    kinds = {name: type(value) for name, value in row.items()}
    return kinds in [{**key, "id_type": str, "value": str} for key in keys]

def read(line, number):
    operation = json.loads(line)
    keys, people = set(operation) - {"operation", "do", "model"}, ({"partner_id": int}, {"partner_id/id": str})
    sound = operation["operation"] == number and operation["model"] == MODEL and type(operation.get("id", 1)) is int
    sound = sound and MUST[operation["do"]] <= keys <= MUST[operation["do"]] | MAY[operation["do"]]
    if sound and operation["do"] == "unlink":
        sound = is_row(operation["expect"], *people) and is_row(operation["with"], {})
    elif sound:
        sound = is_row(operation["values"], *people) and is_row(operation["expect"], {})
    if not sound:
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
