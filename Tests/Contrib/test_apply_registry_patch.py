"""contrib/apply_registry_patch.py against a small registry. Run: python3 -m unittest discover Tests/Contrib"""
import contextlib
import importlib.util
import io
import json
import pathlib
import re
import tempfile
import unittest

import fake_odoo

fake_odoo.install()
SCRIPT = pathlib.Path(__file__).parents[2] / "contrib" / "apply_registry_patch.py"
spec = importlib.util.spec_from_file_location("apply_registry_patch", SCRIPT)
script = importlib.util.module_from_spec(spec)
spec.loader.exec_module(script)

VID, TOKEN = "MOSIP VID", "MOSIP UIN TOKEN"
SECRETS = ["VID-ANA", "VID-BEN", "TOKEN-ANA", "TOKEN-BEN", "OTHER-TOKEN"]


def added(number, partner, value, id_type=TOKEN, **proof):
    row = {"partner_id" if isinstance(partner, int) else "partner_id/id": partner, "id_type": id_type, "value": value}
    proof = proof or {"expect": {"id_type": VID, "value": value.replace("TOKEN", "VID")}}
    proof = {key: found for key, found in proof.items() if found is not None}
    return {"operation": number, "do": "set" if "id" in proof else "add", "model": "g2p.reg.id", "values": row, **proof}


def gone(number, record, partner, value, token):
    row = {"partner_id" if isinstance(partner, int) else "partner_id/id": partner, "id_type": VID, "value": value}
    operation = {"operation": number, "do": "unlink", "model": "g2p.reg.id", "id": record, "expect": row,
                 "with": {"id_type": TOKEN, "value": token}}
    return {key: found for key, found in operation.items() if found is not None}


PATCH = [added(1, 7, "TOKEN-ANA"), added(2, 8, "TOKEN-BEN"), gone(3, 81, 7, "VID-ANA", "TOKEN-ANA"),
         gone(4, 82, 8, "VID-BEN", "TOKEN-BEN")]
XID = "__import__.IND_0001"


class Case(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.addCleanup(self.place.cleanup)
        self.folder = pathlib.Path(self.place.name) / "patch"
        self.folder.mkdir()
        self.env = fake_odoo.Env({
            "res.partner": {7: {"active": True}, 8: {"active": True}},
            "ir.model.data": {},
            "g2p.id.type": {3: {"name": VID}, 4: {"name": TOKEN}},
            "g2p.reg.id": {
                81: {"partner_id": 7, "id_type": 3, "value": "VID-ANA"},
                82: {"partner_id": 8, "id_type": 3, "value": "VID-BEN"}}})

    def write(self, operations):
        manifest = {"airlock": "registry-patch", "version": 1, "stream": "registry", "sequence": 7,
                    "records": len(operations)}
        (self.folder / "manifest.json").write_text(json.dumps(manifest))
        (self.folder / "operations.ndjson").write_text("".join(json.dumps(line) + "\n" for line in operations))
        receipt = {"stream": "registry", "sequence": 7, "archive": "ab" * 32}
        (self.folder.parent / "registry-00000007.opened.receipt.json").write_text(json.dumps(receipt))

    def run_it(self, operations=PATCH, **options):
        self.write(operations)
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            report = script.apply(self.env, self.folder, **options)
        for secret in SECRETS:
            self.assertNotIn(secret, out.getvalue() + json.dumps(report))
        return report["done"], [(item["operation"], item["reason"]) for item in report["stale"]]

    @property
    def rows(self):
        return sorted(((row["partner_id"], row["id_type"], row["value"]) for row in self.env.cr.committed["g2p.reg.id"].values()), key=str)

    @property
    def reported(self):
        path = self.folder.parent / "patch.applied.json"
        return json.loads(path.read_text()) if path.exists() else None

    def set(self, model, number, /, **values):
        self.env.cr.tables[model].setdefault(number, {}).update(values)
        self.env.cr.commit()

    DONE = [(7, 4, "TOKEN-ANA"), (8, 4, "TOKEN-BEN")]
    UNTOUCHED = [(7, 3, "VID-ANA"), (8, 3, "VID-BEN")]

    def test_applied_twice_is_the_same(self):
        self.assertEqual(self.run_it(), (4, []))
        self.assertEqual(self.rows, self.DONE)
        first = self.reported
        self.assertEqual(first, {"airlock": "patch-report", "version": 1, "stream": "registry", "sequence": 7,
                                 "archive": "ab" * 32, "done": 4, "stale": []})
        self.assertEqual(self.run_it(), (4, []))
        self.assertEqual((self.rows, self.reported), (self.DONE, first))

    def test_committed_once(self):
        self.run_it()
        self.assertEqual(self.env.cr.commits, 1)

    def test_value_that_changed_stays(self):
        self.set("g2p.reg.id", 81, value="VID-NEW")
        self.assertEqual(self.run_it(), (2, [(1, "other_person"), (3, "changed")]))
        self.assertIn((7, 3, "VID-NEW"), self.rows)

    def test_record_moved_to_another_partner_stays(self):
        self.set("g2p.reg.id", 81, partner_id=8)
        self.assertEqual(self.run_it(), (2, [(1, "other_person"), (3, "changed")]))
        self.assertIn((8, 3, "VID-ANA"), self.rows)

    def test_record_of_another_type_stays(self):
        self.set("g2p.reg.id", 81, id_type=4, value="VID-ANA")
        self.assertEqual(self.run_it(), (2, [(1, "other_person"), (3, "changed")]))

    def test_two_types_with_one_name(self):
        self.set("g2p.id.type", 5, name=TOKEN)
        self.assertEqual(self.run_it()[1], [(1, "id_type_ambiguous"), (2, "id_type_ambiguous"), (3, "token_missing"),
                                            (4, "token_missing")])
        self.assertEqual(self.rows, self.UNTOUCHED)
        self.set("g2p.reg.id", 90, partner_id=7, id_type=5, value="TOKEN-ANA")
        self.assertEqual(self.run_it()[1], [(2, "id_type_ambiguous"), (4, "token_missing")], "a row that is there is there")

    def test_no_such_type(self):
        del self.env.cr.tables["g2p.id.type"][4]
        self.env.cr.commit()
        self.assertEqual(self.run_it()[0], 0)
        self.assertEqual(self.rows, self.UNTOUCHED)

    def test_deactivated_partner_counts(self):
        self.set("res.partner", 7, active=False)
        self.set("g2p.id.type", 4, active=False)
        self.assertEqual(self.run_it(), (4, []))

    def test_missing_partner(self):
        del self.env.cr.tables["res.partner"][8]
        self.env.cr.commit()
        self.assertEqual(self.run_it(), (2, [(2, "partner_missing"), (4, "token_missing")]))
        self.assertIn((8, 3, "VID-BEN"), self.rows)

    def test_other_token_of_the_partner_is_never_joined_by_ours(self):
        self.set("g2p.reg.id", 90, partner_id=7, id_type=4, value="OTHER-TOKEN")
        self.assertEqual(self.run_it(), (2, [(1, "other_value"), (3, "token_missing")]))

    def test_empty_row_of_the_type_is_no_token(self):
        self.set("g2p.reg.id", 90, partner_id=7, id_type=4, value=False)
        self.assertEqual(self.run_it(), (4, []))

    # Whose record it is

    def test_number_that_is_another_persons_by_now(self):
        """The registry was made anew: Ben is 7, Ana is 8."""
        self.set("g2p.reg.id", 81, value="VID-BEN")
        self.set("g2p.reg.id", 82, value="VID-ANA")
        self.assertEqual(self.run_it(), (0, [(1, "other_person"), (2, "other_person"), (3, "changed"), (4, "changed")]))
        self.assertEqual(self.rows, [(7, 3, "VID-BEN"), (8, 3, "VID-ANA")])

    def test_blanks_are_those_of_the_program(self):
        """One no-break space or character without width in the token's row is no token, and is filled."""
        source = (SCRIPT.parents[1] / "Sources/Store/Selection/BlankText.swift").read_text()
        ranges = [(int(a, 16), int(b, 16)) for a, b in re.findall(r"0x([0-9A-F]+)\.\.\.0x([0-9A-F]+)", source.split("static let ranges")[1].split("]\n")[0])]
        self.assertGreater(len(ranges), 20)
        listed = {number for start, end in ranges for number in range(start, end + 1)}
        self.assertEqual({number for number in range(0x110000) if script.is_blank(chr(number))}, listed)
        self.set("g2p.reg.id", 90, partner_id=7, id_type=4, value="\u200b")
        self.assertEqual(self.run_it(), (4, []))

    def test_vid_that_stands_under_another_number_or_at_another_person(self):
        """Saved anew it is the same VID, and goes; at somebody else it is told, and stays."""
        del self.env.cr.tables["g2p.reg.id"][81]
        self.set("g2p.reg.id", 91, partner_id=7, id_type=3, value="VID-ANA")
        self.assertEqual(self.run_it(), (4, []))
        self.assertEqual(self.rows, self.DONE)
        self.setUp()
        self.set("g2p.reg.id", 81, partner_id=8, id_type=3, value="OTHER")
        self.set("g2p.reg.id", 92, partner_id=8, id_type=3, value="VID-ANA")
        for unlink in [gone(1, None, 7, "VID-ANA", "TOKEN-ANA"), gone(1, 99, 7, "VID-ANA", "TOKEN-ANA")]:
            self.assertEqual(self.run_it([unlink]), (0, [(1, "other_person")]))

    def test_merged_partners_are_followed_by_their_vid_and_their_external_id(self):
        """Odoo's merge: what the one had, and the external ids, is the survivor's; the other is deleted."""
        self.set("ir.model.data", 1, module="__import__", name="IND_0001", model="res.partner", res_id=8)
        self.set("g2p.reg.id", 81, partner_id=8)
        del self.env.cr.tables["res.partner"][7]
        self.env.cr.commit()
        self.assertEqual(self.run_it([added(1, 7, "TOKEN-ANA")]), (0, [(1, "partner_missing")]))
        self.assertEqual(self.run_it([added(1, XID, "TOKEN-ANA"), gone(2, None, XID, "VID-ANA", "TOKEN-ANA")]), (2, []))
        self.assertEqual(self.rows, [(8, 3, "VID-BEN"), (8, 4, "TOKEN-ANA")])

    def test_external_id_of_another_person_by_now(self):
        """After another import the same external id is Ben's."""
        self.set("ir.model.data", 1, module="__import__", name="IND_0001", model="res.partner", res_id=8)
        patch = [added(1, XID, "TOKEN-ANA"), gone(2, 81, XID, "VID-ANA", "TOKEN-ANA"), gone(3, None, XID, "VID-ANA", "TOKEN-ANA")]
        self.assertEqual(self.run_it(patch), (0, [(1, "other_person"), (2, "changed"), (3, "other_person")]))
        self.assertEqual(self.rows, self.UNTOUCHED)

    def test_external_id_says_no_number(self):
        patch = [added(1, "__export__.res_partner_8_9ed14cf5", "TOKEN-ANA"), added(2, "8", "TOKEN-ANA", expect={"id_type": VID, "value": "VID-ANA"}),
                 gone(3, None, "base.partner_8", "VID-BEN", "TOKEN-BEN")]
        self.assertEqual(self.run_it(patch), (0, [(1, "partner_missing"), (2, "partner_missing"), (3, "partner_missing")]))
        self.set("ir.model.data", 1, module="__export__", name="res_partner_8_9ed14cf5", model="res.partner", res_id=7)
        self.assertEqual(self.run_it(patch[:1]), (1, []))
        self.assertEqual(self.rows, [(7, 3, "VID-ANA"), (7, 4, "TOKEN-ANA"), (8, 3, "VID-BEN")])

    def test_external_ids_without_module_with_dots_of_other_models_and_of_two(self):
        self.set("ir.model.data", 1, module="", name="7791", model="res.partner", res_id=7)
        self.set("ir.model.data", 2, module="", name="a.b", model="res.partner", res_id=7)
        self.set("ir.model.data", 3, module="x", name="user", model="res.users", res_id=7)
        rows = [("7791", None), (".7791", None), ("a.b", None), ("x.user", "partner_missing")]
        for external, wanted in rows:
            self.env.cr.tables["g2p.reg.id"].pop(83, None)
            self.env.cr.commit()
            self.assertEqual(self.run_it([added(1, external, "TOKEN-ANA", expect={"id_type": VID, "value": "VID-ANA"})])[1], [(1, wanted)] if wanted else [])
        self.set("ir.model.data", 4, module="a", name="b", model="res.partner", res_id=8)
        self.assertEqual(self.run_it([added(1, "a.b", "TOKEN-ANA", expect={"id_type": VID, "value": "VID-ANA"})])[1], [(1, "partner_missing")])

    def test_unlink_by_type_and_value_where_no_number_is_known(self):
        patch = [added(1, 7, "TOKEN-ANA"), gone(2, None, 7, "VID-ANA", "TOKEN-ANA"), gone(3, None, 8, "VID-BEN", "TOKEN-BEN")]
        self.assertEqual(self.run_it(patch), (2, [(3, "token_missing")]))
        self.assertEqual(self.rows, [(7, 4, "TOKEN-ANA"), (8, 3, "VID-BEN")])
        self.assertEqual(self.run_it(patch), (2, [(3, "token_missing")]), "twice is the same")

    # Rows without a value

    def test_row_without_a_value_is_filled_and_no_second_one_made(self):
        for operation in [added(1, 7, "TOKEN-ANA"), added(1, 7, "TOKEN-ANA", id=90, expect={"id_type": VID, "value": "VID-ANA"})]:
            for blank in [False, "", " \u00a0"]:
                self.setUp()
                self.set("g2p.reg.id", 90, partner_id=7, id_type=4, value=blank)
                for _ in range(2):
                    self.assertEqual(self.run_it([operation] + PATCH[1:]), (4, []))
                    self.assertEqual(self.rows, self.DONE)

    def test_row_to_fill_that_is_not_what_it_was(self):
        fill = [added(1, 7, "TOKEN-ANA", id=90, expect={"id_type": VID, "value": "VID-ANA"})]
        rows = [({"partner_id": 8}, "other_person"), ({"id_type": 3}, "changed"), ({"value": "OTHER-TOKEN"}, "other_value"), (None, "changed")]
        for change, wanted in rows:
            self.setUp()
            if change is not None:
                self.set("g2p.reg.id", 90, **{"partner_id": 7, "id_type": 4, "value": False, **change})
            before = self.rows
            self.assertEqual(self.run_it(fill), (0, [(1, wanted)]))
            self.assertEqual(self.rows, before)

    def test_fake_registry_refuses_a_second_row_of_a_type_as_the_real_one(self):
        with self.assertRaises(fake_odoo.UserError):
            self.env["g2p.reg.id"].create({"partner_id": 7, "id_type": 3, "value": "VID-BEN"})

    def test_killed_in_the_middle_nothing_is_half_done(self):
        for stop in range(4):
            self.setUp()
            calls = iter(range(9))

            def before(*_, stop=stop, calls=calls):
                if next(calls) == stop:
                    raise KeyboardInterrupt("VID-ANA")
            self.env.before = before
            with self.assertRaises(RuntimeError) as caught:
                self.run_it()
            self.assertEqual(str(caught.exception), f"operation {stop + 1}: KeyboardInterrupt; nothing was changed")
            self.assertEqual((self.rows, self.reported, self.env.cr.tables), (self.UNTOUCHED, None, self.env.cr.committed))
            self.env.before = lambda *_: None
            self.assertEqual(self.run_it(), (4, []))
            self.assertEqual(self.rows, self.DONE)

    def test_what_the_registry_refuses_is_stale_alone(self):
        def before(what, row):
            if what == "create" and row["partner_id"] == 7:
                raise fake_odoo.UserError("TOKEN-ANA")
        self.env.before = before
        self.assertEqual(self.run_it(), (2, [(1, "refused"), (3, "token_missing")]))

    def test_dry_run_keeps_nothing(self):
        self.assertEqual(self.run_it(dry_run=True), (4, []))
        self.assertEqual((self.rows, self.reported), (self.UNTOUCHED, None))

    def test_patch_that_is_cut_or_altered_changes_nothing(self):
        bare = {key: value for key, value in PATCH[0].items() if key != "expect"}
        named_bare = added(1, XID, "TOKEN-ANA", expect=None, note=None)
        named = dict(PATCH[0], values={**PATCH[0]["values"], "partner_id/id": XID})
        bad = [bare, named_bare, named, dict(PATCH[0], do="set"), dict(PATCH[0], id=81), dict(PATCH[0], expect={"value": "VID-ANA"}),
               dict(bare, held={"id": 81, "id_type": VID}), dict(PATCH[0], model="res.users"), dict(PATCH[0], operation=2), dict(PATCH[0], do="write"),
               dict(PATCH[0], extra=1), dict(PATCH[0], values={"partner_id": 7, "id_type": TOKEN}), None]
        for first in bad:
            operations = [first or PATCH[0]] + PATCH[1:]
            self.write(operations)
            if first is None:
                (self.folder / "operations.ndjson").write_text(json.dumps(PATCH[0]) + "\n")
            with self.assertRaises(RuntimeError):
                script.apply(self.env, self.folder)
            self.assertEqual((self.rows, self.reported), (self.UNTOUCHED, None))

    def test_digest_of_the_archive_itself(self):
        self.write(PATCH)
        archive = pathlib.Path(self.place.name) / "a.sealed"
        archive.write_bytes(b"x")
        with contextlib.redirect_stdout(io.StringIO()):
            report = script.apply(self.env, self.folder, archive)
        self.assertEqual(report["archive"], script.hashlib.blake2b(b"x", digest_size=32).hexdigest())

    def test_it_stays_small(self):
        self.assertLessEqual(len(SCRIPT.read_text().splitlines()), 190)


if __name__ == "__main__":
    unittest.main()
