"""Deterministic synthetic registry snapshot, NDJSON: one registrant a line with nested reg ids, as search_read has them.

    make_snapshot.py 1000000 > snapshot.ndjson

640 bytes a registrant; of 1,000,000, 300,395 match the default domain (VID, no UIN token). Nobody in it is real.
"""
import datetime
import json
import random
import sys

GIVEN = ["Amina", "Joseph", "Maria", "Sok", "Fatou", "Nimal", "Ibrahim", "Lucia", "Chea", "Tigist", "Ruth", "Kofi", "Aye",
         "Jamal", "Zainab", "Élodie", "Miguel", "Ngozi", "Sunita", "Pedro"]
FAMILY = ["Okafor", "Perera", "Santos", "Diallo", "Kebede", "Chan", "Rahman", "Mensah", "Silva", "Haddad", "Núñez",
          "Traoré", "Sharma", "Phiri", "Khan", "Cruz"]
DISTRICTS = ["Colombo", "Kandy", "Lagos", "Bo", "Makati", "Adama", "Kampot", "Dhaka", "Tema", "Harar"]
BORN_FROM = datetime.date(1935, 1, 1)


def reg_ids(i, r):
    x = r.random()
    ids = []
    if x < 0.80:
        ids.append({"id": 3 * i, "id_type": [1, "MOSIP VID"], "value": "%016d" % r.randrange(10**16),
                    "status": "valid", "expiry_date": False})
    if x < 0.50 or x > 0.9:
        ids.append({"id": 3 * i + 1, "id_type": [2, "MOSIP UIN TOKEN"], "value": "%036d" % r.randrange(10**36),
                    "status": "valid", "expiry_date": False})
    if r.random() < 0.4:
        ids.append({"id": 3 * i + 2, "id_type": [3, "National ID"], "value": "N%09d" % r.randrange(10**9),
                    "status": False, "expiry_date": "2030-01-01"})
    return ids


def registrant(i, r):
    """The order of the random numbers is part of the data: do not change it."""
    given, family = r.choice(GIVEN), r.choice(FAMILY)
    ids = reg_ids(i, r)
    born = BORN_FROM + datetime.timedelta(days=r.randrange(30000))
    return {
        "id": i, "name": f"{family.upper()}, {given.upper()}", "given_name": given, "family_name": family,
        "addl_name": False, "birthdate": born.isoformat() if r.random() < .97 else False,
        "birthdate_not_exact": False, "gender": r.choice(["Male", "Female", False]),
        "address": f"{r.randrange(999)} {r.choice(FAMILY)} Street, {r.choice(DISTRICTS)}",
        "email": f"{given}.{family}{i}@example.org".lower() if r.random() < .3 else False,
        "phone": "+94%09d" % r.randrange(10**9) if r.random() < .7 else False,
        "is_registrant": True, "is_group": r.random() < .1, "active": True, "disabled": False,
        "registration_date": "2024-%02d-%02d" % (r.randrange(1, 13), r.randrange(1, 29)),
        "income": round(r.random() * 1000, 2), "district": [1 + r.randrange(10), r.choice(DISTRICTS)],
        "tags_ids": [r.randrange(1, 6)] if r.random() < .2 else [], "reg_ids": ids, "phone_number_ids": [],
    }


def main(count):
    r = random.Random(7)
    out = sys.stdout.buffer
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    for first in range(1, count + 1, 5000):
        lines = [encode(registrant(i, r)) for i in range(first, min(first + 5000, count + 1))]
        out.write(("\n".join(lines) + "\n").encode())


if __name__ == "__main__":
    main(int(sys.argv[1]))
