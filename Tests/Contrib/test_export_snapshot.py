"""contrib/export_snapshot.py and .sh over a real PostgreSQL, and into Airlock. AIRLOCK names the program.
Run: python3 -m unittest discover -p test_export_snapshot.py Tests/Contrib"""
import contextlib
import datetime
import decimal
import importlib.util
import io
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import tarfile
import tempfile
import unittest

import fake_registry
from temporary_postgres import Cluster

ROOT = pathlib.Path(__file__).parents[2]
AIRLOCK = os.environ.get("AIRLOCK", ROOT / ".build/debug/airlock")
spec = importlib.util.spec_from_file_location("export_snapshot", ROOT / "contrib/export_snapshot.py")
script = importlib.util.module_from_spec(spec)
spec.loader.exec_module(script)


def setUpModule():
    global cluster
    cluster = Cluster()
    cluster.call("createdb", "stand_in")
    with contextlib.closing(fake_registry.connector(cluster.environment, "stand_in")()) as connection:
        with connection, connection.cursor() as cr:
            fake_registry.create(cr)
            fake_registry.people(cr)


def tearDownModule():
    cluster.stop()


class Broken(Exception):
    pass


class Case(unittest.TestCase):
    numbers = iter(range(1_000))

    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.folder = pathlib.Path(place.name)
        self.database = f"registry_{next(self.numbers)}"
        cluster.call("createdb", "-T", "stand_in", self.database)
        self.connect = fake_registry.connector(cluster.environment, self.database)
        self.copied, self.hooks = [], {}
        self.registry = fake_registry.Registry(self.connect, self.before)
        self.env = fake_registry.Env(self.registry)
        self.path, self.state = self.folder / "export.tar", self.folder / "registry.state"

    def before(self, cr, query):
        """Runs what is hooked to the copying of a table."""
        table = re.search(r'FROM "(\w+)" t WHERE', query)
        if table and "row_to_json" in query:
            self.copied.append(table[1])
            if hook := self.hooks.pop((table[1], self.copied.count(table[1])), None):
                hook(cr)

    def sql(self, text):
        with contextlib.closing(self.connect()) as connection, connection, connection.cursor() as cr:
            cr.execute(text)
            return cr.fetchall() if cr.description else None

    def export(self, **settings):
        self.copied = []
        out = io.StringIO()
        settings = {"AIRLOCK_EXPORT": str(self.path), **settings}
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            counts = script.run(self.env, settings)
        self.assertFalse([secret for secret in [*fake_registry.SECRETS, "Ana", "VID-1"] if secret in out.getvalue()])
        return counts

    def refused(self, **settings):
        with self.assertRaises(SystemExit) as raised:
            self.export(**settings)
        return str(raised.exception)

    def entries(self, path=None):
        with tarfile.open(path or self.path) as tar:
            return {member.name: tar.extractfile(member).read() for member in tar}

    def records(self, model, path=None):
        """The lines of a model, whatever they are parted in."""
        return b"".join(content for name, content in sorted(self.entries(path).items(), key=lambda one: len(one[0]))
                        if re.fullmatch(re.escape(model) + r"(\.\d+)?\.ndjson", name))

    # Airlock

    def airlock(self, *arguments):
        return subprocess.run([AIRLOCK, *arguments], check=True, capture_output=True, text=True).stdout

    def drop(self, path=None, name="export.tar"):
        """Drops the export, and gives the verdict."""
        site = self.folder / "site"
        if not site.exists():
            self.airlock("init", "--root", str(site))
        (site / "inbox" / name).write_bytes((path or self.path).read_bytes())
        subprocess.run([AIRLOCK, "run", "--root", site, "--quiet", "0s"], capture_output=True, check=False)
        (verdict,) = site.glob(f"inbox/*/{name}.verdict.json")
        return json.loads(verdict.read_text())

    def accepted(self, **options):
        verdict = self.drop(**options)
        self.assertEqual(verdict["outcome"], "accepted", verdict)
        return verdict

    def held(self, table, columns="*"):
        with contextlib.closing(sqlite3.connect(f"file:{self.folder}/site/store/snapshot.sqlite?immutable=1", uri=True)) as db:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute(f'SELECT {columns} FROM "{table}" ORDER BY 1, 2')]

    def compare(self):
        """Each value that Airlock holds against the one in the registry."""
        compared = 0
        for name in fake_registry.EXPORTED:
            model = self.registry[name]
            fields = [field for field in script.kept(model) if field.column]
            wanted = self.sql(f"SELECT {', '.join(field.name for field in fields)} FROM {model._table} ORDER BY id")
            names = ", ".join(f'"{field.name}"' for field in fields)
            held = self.held(name, f"id, {names}")
            self.assertEqual(len(held), len(wanted), name)
            for row, mine in zip(wanted, held):
                for field, value in zip(fields, row):
                    self.assertEqual(as_held(mine[field.name], field), as_wanted(value, field), (name, field.name))
                    compared += 1
            for field in script.kept(model):
                if field.type == "many2many":
                    pairs = self.sql(f"SELECT {field.column1}, {field.column2} FROM {field.relation} ORDER BY 1, 2")
                    held = [tuple(row.values()) for row in self.held(f"{name}/{field.name}")]
                    self.assertEqual(held, pairs, (name, field.name))
        self.assertGreater(compared, 300)


def as_wanted(value, field):
    if isinstance(value, dict) and field.translate:
        return value["en_US"]
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ").rstrip("0") if value.microsecond else value.isoformat(" ")
    return value.isoformat() if isinstance(value, datetime.date) else value


def as_held(value, field):
    return json.loads(value) if field.type == "json" and value is not None else value


class FullTests(Case):
    def test_every_value_of_every_model_arrives(self):
        self.export()
        self.accepted()
        self.compare()
        languages = [row["value"] for row in self.held("airlock_snapshot") if row["key"] == "languages"]
        self.assertEqual(languages, ["en_US fr_FR"])

    def test_unset_zero_and_false_are_told_apart_and_archived_rows_come(self):
        self.export()
        rows = [json.loads(line) for line in self.records("res.partner").splitlines()]
        self.assertEqual([row["income"] for row in rows[:3]], [0, None, 1e-300])
        self.assertEqual([row["is_group"] for row in rows[:3]], [False, None, True])
        self.assertEqual([row["active"] for row in rows[:4]], [True, True, False, None])
        self.assertEqual(rows[0]["disabled"], "2023-06-15T10:00:00.000001")
        self.assertEqual(rows[0]["tags_ids"], [1, 2])
        country, = [json.loads(line) for line in self.records("res.country").splitlines()][:1]
        self.assertEqual(country["name"], {"en_US": "Togo", "fr_FR": "le Togo"})

    def test_what_must_not_leave_stays(self):
        self.export()
        entries = self.entries()
        self.assertEqual(next(iter(entries)), "snapshot.json")
        self.assertEqual({name[:-7] for name in entries if name.endswith(".ndjson")}, fake_registry.EXPORTED)
        everything = self.path.read_bytes()
        self.assertFalse([secret for secret in fake_registry.SECRETS if secret.encode() in everything])
        self.assertIn("never leaves", self.refused(AIRLOCK_MODELS="mail.message"))
        self.assertIn("no such model", self.refused(AIRLOCK_MODELS="res.partnr"))

    def test_what_is_apart_comes_if_it_is_named_and_anything_else_can_be_left_out(self):
        self.assertIn("account.move", self.export(AIRLOCK_MODELS="account.move", AIRLOCK_WITHOUT="g2p.program_membership"))
        self.assertNotIn("g2p.program_membership.ndjson", self.entries())

    def test_what_a_model_is_comes_along(self):
        self.export()
        facts = {name: json.loads(content) for name, content in self.entries().items() if name.endswith(".model.json")}
        self.assertEqual(facts["x_livelihood.model.json"]["_rec_name"], "x_name")
        self.assertEqual(facts["x_livelihood.model.json"]["_active_name"], "x_active")
        self.assertEqual(facts["g2p.program_membership.model.json"]["_inherits"], {"res.partner": "partner_id"})
        self.assertEqual(facts["res.partner.model.json"]["_parent_name"], "parent_id")
        self.assertEqual(facts["res.partner.model.json"]["_rec_names_search"], ["complete_name", "email"])
        self.assertIsNone(facts["g2p.id.type.model.json"]["_parent_name"])

    def test_a_file_that_lost_a_line_is_refused_with_both_numbers(self):
        self.export()
        short = self.folder / "short.tar"
        with tarfile.open(short, "w") as tar:
            for name, content in self.entries().items():
                if name == "g2p.reg.id.ndjson":
                    content = content[content.index(b"\n") + 1:]
                info = tarfile.TarInfo(name)
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
        reason = self.drop(short)["reason"]
        self.assertEqual(reason["code"], "count_differs")
        self.assertIn("11 records of g2p.reg.id, and 10 came", reason["message"])

    def test_one_moment_is_seen_whatever_happens_meanwhile(self):
        self.export()
        before = self.entries()
        self.hooks["g2p_reg_id", 1] = lambda _: self.sql("""
            INSERT INTO g2p_reg_id (partner_id, value) VALUES (1, 'late');
            DELETE FROM res_country WHERE id = 3; UPDATE res_partner SET name = 'changed'""")
        self.export()
        for name in before.keys() - {"snapshot.json"}:
            self.assertEqual(before[name], self.entries()[name], name)

    def test_nothing_of_it_is_left_beside_and_others_cannot_read_it(self):
        self.export(AIRLOCK_STATE=str(self.state))
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["export.tar", "registry.state"])
        self.assertEqual([path.stat().st_mode & 0o777 for path in self.folder.iterdir()], [0o600, 0o600])

    def test_the_registry_is_not_written_to(self):
        self.hooks["res_partner", 1] = lambda cr: cr.execute("DELETE FROM res_partner")
        self.assertIn("ReadOnlySqlTransaction", self.refused())

    def test_more_files_than_airlock_takes_are_not_made(self):
        most, script.FILES = script.FILES, 20
        self.addCleanup(setattr, script, "FILES", most)
        self.assertIn("AIRLOCK_PART", self.refused())

    def test_a_compressed_export_is_the_same(self):
        self.export()
        packed = self.folder / "export.tar.gz"
        self.export(AIRLOCK_EXPORT=str(packed))
        same = [name for name, content in self.entries(packed).items() if self.entries()[name] == content]
        self.assertGreaterEqual(len(same), len(self.entries()) - 1)
        self.assertIn("must end in", self.refused(AIRLOCK_EXPORT=str(self.folder / "export.zip")))


class BrokenOffTests(Case):
    """An export that was broken off goes on: what has not changed since is not read again."""

    def setUp(self):
        super().setUp()
        size, script.PART = script.PART, 3
        self.addCleanup(setattr, script, "PART", size)

    def break_off(self):
        def fail(_):
            raise Broken
        self.hooks["res_partner", 4] = fail
        self.assertIn("Broken", self.refused())
        self.assertFalse(self.path.exists())

    def go_on_after(self, change, *read_again):
        """What is read again, and that the whole is as if nothing had been broken off."""
        self.break_off()
        if change:
            self.sql(change)
        self.export()
        copied = [table for table in self.copied if table == "res_partner"]
        self.assertEqual(len(copied), 1 + len(read_again), (change, self.copied))
        went_on = {model: self.records(model) for model in fake_registry.EXPORTED}
        head = json.loads(self.entries()["snapshot.json"])
        self.export()
        self.assertEqual(went_on, {model: self.records(model) for model in fake_registry.EXPORTED})
        self.assertEqual(head["counts"], {model: went_on[model].count(b"\n") for model in went_on})

    def test_what_is_done_is_kept(self):
        self.go_on_after(None)

    def test_a_record_that_changed_is_read_again(self):
        self.go_on_after("UPDATE res_partner SET name = 'else' WHERE id = 2", 1)

    def test_a_record_that_is_gone_is_seen(self):
        self.go_on_after("DELETE FROM res_partner WHERE id = 9", 3)

    def test_a_record_in_the_place_of_another_is_seen(self):
        self.go_on_after("DELETE FROM res_partner WHERE id = 5; INSERT INTO res_partner (id, name) VALUES (5, 'other')", 2)

    def test_a_link_that_went_is_seen(self):
        self.go_on_after("DELETE FROM g2p_registrant_tags_res_partner_rel WHERE res_partner_id = 3", 1)

    def test_a_link_in_the_place_of_another_is_seen(self):
        self.go_on_after("UPDATE g2p_registrant_tags_res_partner_rel SET g2p_registrant_tags_id = 3 WHERE res_partner_id = 7", 3)

    def test_a_table_that_changed_its_shape_makes_it_begin_anew(self):
        self.break_off()
        self.sql("ALTER TABLE res_partner ADD COLUMN x_new int4")
        self.registry["res.partner"]._fields["x_new"] = fake_registry.Field("x_new", "integer")
        self.export()
        self.assertEqual(self.copied.count("res_partner"), 4)

    def test_a_folder_that_others_could_write_to_is_not_gone_on_with(self):
        self.break_off()
        (self.folder / "export.tar.work").chmod(0o770)
        self.export()
        self.assertEqual(self.copied.count("res_partner"), 4)

    def test_a_file_that_is_not_what_was_written_is_read_again(self):
        self.break_off()
        part = self.folder / "export.tar.work/res.partner.1.ndjson"
        part.write_bytes(part.read_bytes()[:-5])
        self.export()
        self.assertEqual(self.copied.count("res_partner"), 2)

    def test_parts_are_whole(self):
        self.export()
        names = [name for name in self.entries() if name.startswith("res.partner.") and name.endswith(".ndjson")]
        self.assertEqual(names, [f"res.partner.{number}.ndjson" for number in (1, 2, 3, 4)])
        ids = [json.loads(line)["id"] for line in self.records("res.partner").splitlines()]
        self.assertEqual(ids, list(range(1, 11)))
        self.accepted()
        self.compare()


class DeltaTests(Case):
    def begin(self):
        self.export(AIRLOCK_STATE=str(self.state))
        self.accepted()

    def follow(self, name):
        path = self.folder / name
        counts = self.export(AIRLOCK_EXPORT=str(path), AIRLOCK_STATE=str(self.state), AIRLOCK_DELTA="1")
        self.accepted(path=path, name=name)
        self.compare()
        return counts

    def test_a_delta_brings_all_that_changed_and_the_next_follows_it(self):
        self.begin()
        self.sql("""
            UPDATE res_partner SET income = NULL WHERE id = 1;
            DELETE FROM x_livelihood WHERE id = 2;
            DELETE FROM res_partner WHERE id = 9;
            INSERT INTO res_partner (name, active) VALUES ('New', true);
            INSERT INTO g2p_reg_id (partner_id, id_type, value) VALUES (11, 1, 'VID-NEW');""")
        counts = self.follow("delta-1.tar")
        self.assertEqual(counts, {"res.partner": 2, "g2p.reg.id": 1})
        self.sql("""
            DELETE FROM g2p_registrant_tags_res_partner_rel WHERE res_partner_id = 1 AND g2p_registrant_tags_id = 2;
            INSERT INTO g2p_registrant_tags_res_partner_rel VALUES (5, 3);
            UPDATE res_partner SET parent_id = 11 WHERE id = 5;""")
        self.assertEqual(self.follow("delta-2.tar"), {"res.partner": 2})
        self.assertEqual(self.follow("delta-3.tar"), {})

    def test_what_was_written_before_the_export_and_committed_after_it_comes(self):
        with contextlib.closing(self.connect()) as slow:
            with slow.cursor() as cr:
                cr.execute("UPDATE res_partner SET name = 'Slow', write_date = '2020-01-01' WHERE id = 2")
                self.begin()
                slow.commit()
        self.assertEqual(self.follow("delta.tar"), {"res.partner": 1})

    def test_a_delta_that_cannot_be_whole_is_refused(self):
        settings = {"AIRLOCK_STATE": str(self.state), "AIRLOCK_DELTA": "1"}
        self.assertIn("as the export before it left it", self.refused(**settings))
        self.begin()
        other, self.connect = self.connect, fake_registry.connector(cluster.environment, "stand_in")
        self.registry.connect = self.connect
        self.assertIn("restored or copied", self.refused(**settings))
        self.registry.connect = self.connect = other
        self.registry["res.partner"]._fields.pop("color")
        self.assertIn("models or fields have changed", self.refused(**settings))
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["export.tar", "registry.state", "site"])

    def test_a_delta_of_an_export_that_was_packed_otherwise_follows_what_is_told(self):
        self.export(AIRLOCK_STATE=str(self.state))
        subprocess.run(["zstd", "-q", self.path], check=True)
        digest = self.accepted(path=self.folder / "export.tar.zst", name="export.tar.zst")["snapshot"]["digest"]
        self.sql("UPDATE res_partner SET name = 'else' WHERE id = 2")
        path = self.folder / "delta.tar"
        self.export(AIRLOCK_EXPORT=str(path), AIRLOCK_STATE=str(self.state), AIRLOCK_DELTA="1", AIRLOCK_FOLLOWS=digest)
        self.accepted(path=path, name="delta.tar")
        self.compare()

    def test_the_state_holds_no_values(self):
        self.begin()
        state = self.state.read_bytes()
        self.assertFalse([value for value in (b"Ana", b"VID-1", b"Togo", b"PWD") if value in state])


class PsqlTests(Case):
    def test_psql_writes_the_same_records(self):
        self.export()
        path = self.folder / "of a day" / "by psql.tar.gz"
        path.parent.mkdir()
        self.psql(path)
        mine, other = self.entries(), self.entries(path)
        self.assertEqual(mine.keys(), other.keys())
        for name in mine:
            if name.endswith(".ndjson"):
                self.assertEqual(mine[name], other[name], name)
        head, theirs = (json.loads(entries["snapshot.json"]) for entries in (mine, other))
        self.assertEqual((head["counts"], head["languages"]), (theirs["counts"], theirs["languages"]))
        fields = json.loads(other["res.partner.fields_get.json"])
        self.assertEqual(fields["reg_ids"]["relation_field"], "partner_id")
        self.assertEqual(fields["gender"]["selection"], [["male", "Male"], ["female", "Female"]])
        self.assertEqual([fields[name]["searchable"] for name in ("age", "kind_as_str", "name")], [False, True, True])
        self.assertEqual(json.loads(other["g2p.program_membership.model.json"])["_inherits"], {"res.partner": "partner_id"})
        self.accepted(path=path, name="psql.tar.gz")
        self.compare()

    def psql(self, path, *options, check=True):
        return subprocess.run([ROOT / "contrib/export_snapshot.sh", self.database, path, *options], env=cluster.environment,
                              check=check, capture_output=True, text=True)

    def test_psql_takes_and_leaves_what_it_is_told(self):
        path = self.folder / "psql.tar"
        self.psql(path, "--models", "account.move", "--without", "x_visit,g2p.program_membership")
        names = {name[:-7] for name in self.entries(path) if name.endswith(".ndjson")}
        self.assertEqual(names, fake_registry.EXPORTED - {"x_visit", "g2p.program_membership"} | {"account.move"})
        for model in ("mail.message", "res.partnr"):
            path.unlink(missing_ok=True)
            self.assertIn("never leaves", self.psql(path, "--models", model, check=False).stderr)
            self.assertEqual(list(self.folder.iterdir()), [])

    def test_psql_leaves_nothing_half(self):
        self.sql("ALTER TABLE g2p_registrant_tags_res_partner_rel RENAME res_partner_id TO other")
        self.assertNotEqual(self.psql(self.folder / "psql.tar", check=False).returncode, 0)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_both_forms_keep_the_same_back(self):
        shell = (ROOT / "contrib/export_snapshot.sh").read_text()
        for pattern in (script.NEVER, script.APART, script.SECRET, script.OF_USERS):
            self.assertIn(f"='{pattern}'\n", shell)


class RecipeTests(Case):
    def test_the_document_does_what_it_says(self):
        """The first recipes of docs/operations.md, word for word; `odoo` is the stand-in."""
        section = (ROOT / "docs/operations.md").read_text().split("## Making an export")[1]
        recipes = re.findall(r"```sh\n(.*?)```", section, re.S)[:2]
        (self.folder / "contrib").symlink_to(ROOT / "contrib")
        environment = {**cluster.environment, "PATH": f"{pathlib.Path(__file__).parent}:{os.environ['PATH']}"}
        for recipe, files in zip(recipes, ({"export.tar.gz", "delta.tar.gz"}, {"export.tar.gz"}), strict=True):
            for file in files:
                (self.folder / file).unlink(missing_ok=True)
            recipe = re.sub(r"\bregistry\b(?!\.)", self.database, recipe)
            subprocess.run(["bash", "-euc", recipe], cwd=self.folder, env=environment, check=True, capture_output=True)
            for file in sorted(files, reverse=True):
                self.accepted(path=self.folder / file, name=f"{len(list(self.folder.iterdir()))}-{file}")
            self.compare()


if __name__ == "__main__":
    unittest.main()
