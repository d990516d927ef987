"""Turns the benchmark's NDJSON into the CSV forms of the same registrants.

    make_csv.py copy snapshot.ndjson > res_partner.csv         as PostgreSQL's COPY gives the table
    make_csv.py export snapshot.ndjson > res.partner.csv       as Odoo's export dialogue gives it, ids and all
"""
import csv
import json
import sys

PLAIN = ["id", "name", "given_name", "family_name", "addl_name", "birthdate", "birthdate_not_exact", "gender", "address",
         "email", "phone", "is_registrant", "is_group", "active", "disabled", "registration_date", "income"]
BOOLEANS = {"birthdate_not_exact", "is_registrant", "is_group", "active"}
LINES = ["id", "id_type", "value", "status", "expiry_date"]


def copied(name, value):
    if name in BOOLEANS:
        return "t" if value else "f"
    return "" if value is False else value


def copy(records, out):
    out.writerow(PLAIN + ["district"])
    for record in records:
        out.writerow([copied(name, record[name]) for name in PLAIN] + [record["district"][0]])


def exported(value):
    if value is False:
        return ""
    return "'" + value if isinstance(value, str) and value[:1] in "=+-" and value else value


def export(records, out):
    out.writerow([".id"] + PLAIN[1:] + ["district", "district/.id", "tags_ids/.id", "reg_ids/.id", "reg_ids/id_type",
                                        "reg_ids/id_type/.id", "reg_ids/value", "reg_ids/status", "reg_ids/expiry_date"])
    for record in records:
        own = [exported(record[name]) for name in PLAIN]
        own += [record["district"][1], record["district"][0], ",".join(map(str, record["tags_ids"]))]
        for line in record["reg_ids"] or [None]:
            ids = [""] * 6
            if line:
                status = line["status"].capitalize() if line["status"] else ""
                ids = [line["id"], line["id_type"][1], line["id_type"][0], line["value"], status, exported(line["expiry_date"])]
            out.writerow(own + ids)
            own = [""] * len(own)


def main(form, path):
    with open(path, encoding="utf-8") as lines:
        records = map(json.loads, lines)
        if form == "copy":
            copy(records, csv.writer(sys.stdout, lineterminator="\n"))
        else:
            export(records, csv.writer(sys.stdout, quoting=csv.QUOTE_ALL))


if __name__ == "__main__":
    main(*sys.argv[1:])
