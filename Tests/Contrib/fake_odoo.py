"""As much of Odoo 17's `env` as contrib/apply_registry_patch.py uses: tables in memory, a transaction with savepoints."""
import contextlib
import copy
import sys
import types


class UserError(Exception):
    pass


class IntegrityError(Exception):
    pass


def install():
    """So that `from odoo.exceptions import …` finds ours."""
    odoo, exceptions, psycopg2 = (types.ModuleType(name) for name in ("odoo", "odoo.exceptions", "psycopg2"))
    exceptions.UserError, psycopg2.IntegrityError = UserError, IntegrityError
    sys.modules.update({"odoo": odoo, "odoo.exceptions": exceptions, "psycopg2": psycopg2})


class Cursor:
    def __init__(self, tables):
        self.tables, self.committed, self.commits = tables, copy.deepcopy(tables), 0

    @contextlib.contextmanager
    def savepoint(self):
        before = copy.deepcopy(self.tables)
        try:
            yield
        except BaseException:
            self.restore(before)
            raise

    def restore(self, tables):
        self.tables.clear()
        self.tables.update(copy.deepcopy(tables))

    def commit(self):
        self.committed, self.commits = copy.deepcopy(self.tables), self.commits + 1

    def rollback(self):
        self.restore(self.committed)


class Records:
    """A recordset; a field of one record is read as an attribute, many2one fields as recordsets."""

    LINKS = {"partner_id": "res.partner", "id_type": "g2p.id.type"}

    def __init__(self, env, model, ids=()):
        self.env, self.model, self.ids = env, model, list(ids)

    def __len__(self):
        return len(self.ids)

    def __iter__(self):
        return (Records(self.env, self.model, [number]) for number in self.ids)

    @property
    def id(self):
        return self.ids[0] if self.ids else False

    def __getattr__(self, name):
        (number,) = self.ids
        value = self.rows[number][name]
        return Records(self.env, self.LINKS[name], [value] if value else []) if name in self.LINKS else value

    @property
    def rows(self):
        return self.env.cr.tables[self.model]

    def browse(self, number):
        return Records(self.env, self.model, [number])

    def exists(self):
        return Records(self.env, self.model, [number for number in self.ids if number in self.rows])

    def search(self, domain):
        tests = {"=": lambda have, want: have == want, "in": lambda have, want: have in want}
        hidden = self.env.context.get("active_test", True)
        found = [
            number for number, row in self.rows.items()
            if all(tests[operator](row[name], value) for name, operator, value in domain)
            and (row.get("active", True) or not hidden)]
        return Records(self.env, self.model, sorted(found, reverse=True))

    def create(self, values):
        self.env.before("create", values)
        if self.model == "g2p.reg.id" and any(
                (row["partner_id"], row["id_type"]) == (values["partner_id"], values["id_type"]) for row in self.rows.values()):
            raise UserError("one id of a type for each registrant")
        number = max(self.rows, default=0) + 1
        self.rows[number] = dict(values)
        return self.browse(number)

    def write(self, values):
        for number in self.ids:
            self.env.before("write", {**self.rows[number], **values})
            self.rows[number].update(values)

    def unlink(self):
        for number in self.ids:
            self.env.before("unlink", self.rows[number])
            del self.rows[number]


class Env:
    def __init__(self, tables, context=None, cr=None, before=lambda *_: None):
        self.cr, self.context, self.before = cr or Cursor(tables), context or {}, before

    def __getitem__(self, model):
        return Records(self, model)

    def __call__(self, context):
        return Env(None, context, self.cr, self.before)

    def invalidate_all(self):
        pass
