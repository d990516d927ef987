"""Exports the registry of an Odoo 17 for Airlock, and loses nothing (docs/operations.md, "Making an export"):

    AIRLOCK_EXPORT=export.tar.gz odoo shell -d DB --no-http < export_snapshot.py

From the tables themselves, in one read-only transaction that sees one moment, it writes every model that a registrant
leads to, archived records and lines too, with `fields_get`, what each model is, the languages, and counts. The same
command goes on with an export that was broken off: AIRLOCK_EXPORT.work holds what was done. Other settings:

    AIRLOCK_STATE=FILE      keeps the ids of what was exported, so that a delta can follow
    AIRLOCK_DELTA=1         exports only what has changed since the export that AIRLOCK_STATE is of
    AIRLOCK_FOLLOWS=DIGEST  what the delta follows, if the file was not dropped as it was written
    AIRLOCK_MODELS=A,B      models to be exported besides; AIRLOCK_WITHOUT=A,B: models to leave out

What is printed has names of models and numbers only. docs/decisions/024-the-export-is-a-tool.md says why it is so.
"""
import gzip
import hashlib
import io
import json
import os
import pathlib
import re
import shutil
import sqlite3
import tarfile
import tempfile

START, ALSO = "res.partner", "gender.type"  # which holds the keys of a registrant's gender
MOST, FILES = 300, 1_000  # models, and files that Airlock takes in one tar
PART = int(os.environ.get("AIRLOCK_PART", 200_000))  # records in a file
# What never leaves a registry: mail, attachments, settings, keys. export_snapshot.sh has the same four.
NEVER = r"^(_unknown|auth|auth_oauth|auth_totp|base|base_import|bus|change|decimal|digest|discuss|dms|documents|fetchmail|fs|iap|ir|mail|oauth|payment|publisher_warranty|queue|report|reset|sms|snailmail|storage|web|web_editor|web_tour)\.|^res\.(users\.|config|groups|company\.)|encrypt|credential|password|secret|(access|auth|oauth)[._]?token|api_?key"
# What is of a business and not of a registrant: it comes if it is named.
APART = r"^(account|analytic|asset|barcode|barcodes|calendar|crm|delivery|event|fleet|gamification|hr|im_livechat|link|loyalty|lunch|maintenance|mrp|note|onboarding|phone|planning|portal|pos|privacy|procurement|product|project|purchase|quality|rating|repair|resource|sale|slide|spreadsheet|stock|survey|theme|uom|utm|website)\."
SECRET = r"password|passwd|secret|credential|api_?key|private_?key|totp|(access|auth|oauth|refresh|session|signup)_?token"
OF_USERS = "^(id|login|active|share|partner_id|company_id|company_ids|create_uid|create_date|write_uid|write_date)$"

class Refused(Exception):
    """Said to whoever exports; without a value of anybody."""

def quoted(name):
    return '"' + name.replace('"', '""') + '"'

# What is exported

def kept(model):
    """The stored fields that may leave."""
    for name, field in sorted(model._fields.items()):
        secret = re.search(SECRET, name) or field.groups in (".", "base.group_system")
        of_users = model._name != "res.users" or re.search(OF_USERS, name)
        never = getattr(field, "comodel_name", None) and re.search(NEVER, field.comodel_name)
        if field.store and field.type != "binary" and of_users and not secret and not never:
            yield field

def objection(env, name, named, without, tables):
    """Why a model does not come; None if it does."""
    if name not in env.registry:
        return "there is no such model"
    model = env[name]
    if re.search(NEVER, name):
        return "it never leaves the registry"
    if name in without:
        return "it is not wanted"
    if model._abstract or model._transient or model._table not in tables:
        return "it has no table"
    return "it comes if it is named" if re.search(APART, name) and name not in named else None

def reach(env, named, without, tables):
    """The models that a registrant leads to, and those left out with the reason."""
    models, left = [], {}
    ours = [name for name in sorted(env.registry) if re.match(r"g2p\.|spp\.|x_", name)]
    pointing = [name for name in ours if any(
        field.type in ("many2one", "many2many") and field.comodel_name == START for field in kept(env[name]))]
    queue = [START, ALSO, *named, *pointing]
    for name in queue:  # it grows while it is walked
        if name in models or name in left:
            continue
        if reason := objection(env, name, named, without, tables):
            left[name] = reason
            continue
        models.append(name)
        queue += [field.comodel_name for field in kept(env[name]) if field.relational]
    wrong = [name for name in [START, *named] if name in left]
    if wrong:
        raise Refused("; ".join(f"{name}: {left[name]}" for name in wrong))
    if len(models) > MOST:
        raise Refused(f"a registrant leads to {len(models)} models, more than {MOST}; use AIRLOCK_WITHOUT")
    return models, left

def tables_of(cr):
    """The columns of every table, with their types."""
    cr.execute("""
        SELECT c.relname, a.attname, t.typname FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
        WHERE c.relkind IN ('r', 'p') AND pg_table_is_visible(c.oid) AND a.attnum > 0 AND NOT a.attisdropped""")
    tables = {}
    for table, column, kind in cr.fetchall():
        tables.setdefault(table, {})[column] = kind
    return tables

def plan_of(env, models, tables):
    """What is read of each model: its table, its columns, and its lists, each with its table."""
    plan = {}
    for name in models:
        fields, have = list(kept(env[name])), tables[env[name]._table]
        columns = {field.name: have[field.name] for field in fields if have.get(field.name, "bytea") != "bytea"}
        lists = {field.name: [field.relation, field.column1, field.column2] for field in fields
                 if field.type == "many2many" and field.relation in tables}
        plan[name] = {"table": env[name]._table, "columns": columns, "lists": lists}
    return plan

def described(env, name):
    """`fields_get`, and what that cannot tell of a model."""
    model = env[name]
    fields = {field: {key: bool(value) if key == "translate" else value for key, value in facts.items()}
              for field, facts in model.fields_get().items()}
    facts = {key: getattr(model, key) for key in ("_rec_name", "_active_name", "_rec_names_search", "_order")}
    facts["_parent_name"] = model._parent_name if model._parent_name in model._fields else None
    facts["_inherits"] = dict(model._inherits)
    return [(f"{name}.fields_get.json", text(fields)), (f"{name}.model.json", text(facts))]

def text(value):
    return json.dumps(value, ensure_ascii=False, default=str).encode()

# Reading

def rows(model, where):
    """The query of a model's records, each as one JSON text. Unset is null, lists are whole."""
    values = [f"t.{quoted(name)}{'::jsonb' if kind == 'json' else ''} AS {quoted(name)}"
              for name, kind in model["columns"].items()]
    values += [f"ARRAY(SELECT x.{quoted(two)} FROM {quoted(table)} x WHERE x.{quoted(one)} = t.id ORDER BY 1)"
               f" AS {quoted(name)}" for name, (table, one, two) in model["lists"].items()]
    return (f"SELECT row_to_json(r) FROM (SELECT {', '.join(values)} FROM {quoted(model['table'])} t"
            f" WHERE {where} ORDER BY t.id) r")

class Counted:
    """A file that counts the lines written to it, and digests them if told to."""

    def __init__(self, file, digest=None):
        self.file, self.digest, self.lines = file, digest, 0

    def write(self, data):
        self.lines += data.count(b"\n")
        if self.digest:
            self.digest.update(data)
        return self.file.write(data)

def copy(cr, query, file):
    """Streams what a query gives. JSON holds no control characters, so that these two leave it as it is."""
    counted = Counted(file)
    cr.copy_expert(f"COPY ({query}) TO STDOUT WITH (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')", counted)
    return counted.lines

def within(column, bounds):
    low, high = bounds
    return " AND ".join([f"{column} > {low}"] * (low is not None) + [f"{column} <= {high}"] * (high is not None)) or "TRUE"

def changed(xid, row):
    """PostgreSQL itself knows which transaction wrote a row: no clock, no write_date that somebody forgot."""
    return f"age({row}.xmin) <= age('{xid % 2**32}'::xid)"

class Moment:
    """The one moment that the transaction sees, and the database that it is of."""

    def __init__(self, cr):
        cr.execute("""
            SELECT (SELECT system_identifier::text FROM pg_control_system()),
                (SELECT timeline_id FROM pg_control_checkpoint()),
                (SELECT oid::bigint FROM pg_database WHERE datname = current_database()),
                txid_snapshot_xmin(txid_current_snapshot()),
                to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')""")
        *database, self.xid, self.taken = cr.fetchone()
        self.database = json.dumps(database)

    def can_follow(self, database, xid):
        """Whether what has changed since can be told: beyond two billion transactions numbers come again."""
        return self.database == database and 0 <= self.xid - xid < 2**31 - 2**20

# A full export

class Work:
    """The folder of an export that is not done: its files, and notes of what each holds and when it was read.

    An export that is broken off loses its moment. What was read stays good all the same where nothing has changed
    since, which PostgreSQL tells by the transactions that wrote the rows; anything else is read again.
    """

    def __init__(self, cr, folder, plan, moment):
        self.cr, self.folder, self.plan, self.moment = cr, folder, plan, moment
        notes = folder / "notes.json"
        is_ours = notes.exists() and folder.stat().st_uid == os.getuid() and not folder.stat().st_mode & 0o077
        self.notes = json.loads(notes.read_bytes()) if is_ours else {}
        if self.notes.get("plan") != plan or self.notes.get("database") != moment.database:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=0o700)
            self.notes = {"plan": plan, "database": moment.database, "ranges": {}, "files": {}}
        parts = sum(len(self.ranges(name)) for name in plan)
        if 2 * len(plan) + parts + 1 > FILES:
            raise Refused(f"these are {parts} files of records, too many for one tar; set AIRLOCK_PART above {PART}")

    def ranges(self, name):
        """Ids at which a large model is cut, the same for every attempt."""
        if name not in self.notes["ranges"]:
            self.cr.execute(f"""
                SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS n, count(*) OVER () AS total
                FROM {quoted(self.plan[name]['table'])}) x WHERE n % {PART} = 0 AND n < total ORDER BY id""")
            cuts = [None, *(row[0] for row in self.cr.fetchall()), None]
            self.notes["ranges"][name] = list(zip(cuts, cuts[1:]))
        return self.notes["ranges"][name]

    def ask(self, what, model, bounds):
        """Asks the same of the records in a range, and of the pairs of each of their lists."""
        tables = [(model["table"], "id")] + [(table, one) for table, one, _ in model["lists"].values()]
        self.cr.execute("SELECT " + ", ".join(
            what.format(f"FROM {quoted(table)} t WHERE {within('t.' + quoted(one), bounds)}") for table, one in tables))
        return list(self.cr.fetchone())

    def is_good(self, path, model, bounds, sizes):
        """Whether a file that an earlier attempt left says what the tables say now."""
        note = self.notes["files"].get(path.name)
        if not note or not path.exists() or path.stat().st_size != note["bytes"] or note["sizes"] != sizes \
                or not self.moment.can_follow(self.notes["database"], note["xid"]):
            return False
        return not any(self.ask(f"EXISTS (SELECT {{}} AND {changed(note['xid'], 't')})", model, bounds))

    def files(self, name):
        """Reads a model into files; gives them with their counts."""
        model, ranges, made = self.plan[name], self.ranges(name), {}
        for number, bounds in enumerate(ranges, 1):
            path = self.folder / (f"{name}.{number}.ndjson" if len(ranges) > 1 else f"{name}.ndjson")
            sizes = self.ask("(SELECT count(*) {})", model, bounds)
            if not self.is_good(path, model, bounds, sizes):
                write(self.cr, path, [rows(model, within("t.id", bounds))], sizes[0])
            self.notes["files"][path.name] = {"bytes": path.stat().st_size, "sizes": sizes, "xid": self.moment.xid}
            keep(self.folder / "notes.json", text(self.notes))
            made[path] = sizes[0]
        return made

def write(cr, path, queries, count=None):
    """Writes the records that queries give, one a line; gives how many."""
    with open(path, "wb") as file:
        lines = sum(copy(cr, query, file) for query in queries)
        file.flush()
        os.fsync(file.fileno())
    if count not in (None, lines):
        raise Refused(f"{path.name}: {lines} records were written, and there are {count}")
    return lines

def keep(path, content):
    part = path.with_name(path.name + ".part")
    with open(part, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)

def pack(path, entries):
    """Writes the tar under a name that no inbox takes, and renames it. Gives its digest."""
    part = path.with_name(path.name + ".part")
    with open(part, "wb") as file:
        out = Counted(file, hashlib.blake2b(digest_size=32))
        packed = gzip.GzipFile("", "wb", 3, out, 0) if path.suffix == ".gz" else out
        with tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar:
            for name, content in entries:
                info, is_path = tarfile.TarInfo(name), isinstance(content, pathlib.Path)
                info.size, info.mode = content.stat().st_size if is_path else len(content), 0o600
                with open(content, "rb") if is_path else io.BytesIO(content) as source:
                    tar.addfile(info, source)
        if packed is not out:
            packed.close()
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
    return out.digest.hexdigest()

def head(path, moment, counts, languages, **more):
    name = path.name.partition(".")[0]
    name = name if re.fullmatch(r"[ -~]{1,100}", name) else None
    return "snapshot.json", text({"airlock": "snapshot", "version": 1, "name": name, "taken": moment.taken,
                                  "counts": counts, "languages": languages, **more})

# What a delta needs to know of the export before it

class State:
    """A file with the ids of all records and pairs, and nothing else of them."""

    def __init__(self, path):
        path.unlink(missing_ok=True)
        self.path, self.db = path, sqlite3.connect(path, isolation_level=None)
        self.db.executescript("""
            PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
            CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT);
            CREATE TABLE ids (list INTEGER, a INTEGER, b INTEGER, PRIMARY KEY (list, a, b)) WITHOUT ROWID;""")

    @staticmethod
    def lists(plan):
        """Each list of ids: the model, and the query."""
        for name, model in plan.items():
            yield name, None, f"SELECT id, 0 FROM {quoted(model['table'])} ORDER BY 1"
            for field, (table, one, two) in model["lists"].items():
                yield name, field, f"SELECT DISTINCT {quoted(one)}, {quoted(two)} FROM {quoted(table)} ORDER BY 1, 2"

    def fill(self, cr, plan):
        self.db.execute("BEGIN")
        for number, (_, _, query) in enumerate(self.lists(plan)):
            with tempfile.TemporaryFile(dir=self.path.parent) as file:
                cr.copy_expert(f"COPY ({query}) TO STDOUT WITH (FORMAT csv)", file)
                file.seek(0)
                self.db.executemany("INSERT INTO ids VALUES (?, ?, ?)", (
                    (number, *map(int, line.split(b","))) for line in file))
        self.db.execute("COMMIT")

    def lost(self, number):
        """The ids that were there and are no more."""
        return (row[0] for row in self.db.execute(
            "SELECT a FROM old.ids WHERE list = ?1 EXCEPT SELECT a FROM ids WHERE list = ?1", (number,)))

    def relinked(self, numbers):
        """The owners of pairs that came or went, in any of these lists."""
        now, then = (f"SELECT * FROM {ids} WHERE list IN ({', '.join(map(str, numbers))})" for ids in ("main.ids", "old.ids"))
        return (row[0] for row in self.db.execute(
            f"SELECT a FROM ({now} EXCEPT {then}) UNION SELECT a FROM ({then} EXCEPT {now})"))

    def close(self, plan, moment, digest, path):
        facts = {"plan": json.dumps(plan), "database": moment.database, "xid": moment.xid, "digest": digest}
        self.db.executemany("INSERT INTO facts VALUES (?, ?)", facts.items())
        self.db.close()
        os.replace(self.path, path)

def in_chunks(values, size=5_000):
    chunk = []
    for value in values:
        chunk.append(value)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk

def delta(cr, state, plan, folder, xid):
    """Writes what has changed, and what is gone; gives the files with their counts."""
    gone, files = folder / "deleted.ndjson", {}
    lists = [(number, owner, field) for number, (owner, field, _) in enumerate(State.lists(plan))]
    with open(gone, "wb") as file:
        for name, model in plan.items():
            (number,) = (number for number, owner, field in lists if owner == name and not field)
            for ids in in_chunks(state.lost(number)):
                file.write(text({"model": name, "ids": ids}) + b"\n")
            pairs = [number for number, owner, field in lists if owner == name and field]
            path = folder / f"{name}.ndjson"
            if count := write(cr, path, queries_of_changes(state, model, pairs, xid)):
                files[path] = count
    return files, gone

def queries_of_changes(state, model, pairs, xid):
    """Records that were written since, and those of which nothing but a list changed."""
    yield rows(model, changed(xid, "t"))
    for ids in in_chunks(state.relinked(pairs)):
        yield rows(model, f"t.id IN ({', '.join(map(str, ids))}) AND NOT {changed(xid, 't')}")

# The whole

def export(env, path, state=None, is_delta=False, follows=None, named=(), without=()):
    """Writes the export; gives its head's counts."""
    path = pathlib.Path(path).absolute()
    if not re.search(r"\.tar(\.gz)?$", path.name):
        raise Refused("the export's name must end in .tar or .tar.gz")
    folder, before = path.with_name(path.name + ".work"), os.umask(0o077)
    try:
        with env.registry.cursor() as cr:
            cr.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cr.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0;"
                       " SET LOCAL extra_float_digits = 1; SET LOCAL client_encoding = 'UTF8'")
            moment, tables = Moment(cr), tables_of(cr)
            env = env(cr=cr, context={"lang": "en_US", "active_test": False})
            models, left = reach(env, named, without, tables)
            plan = plan_of(env, models, tables)
            cr.execute("SELECT code FROM res_lang WHERE active ORDER BY code")
            languages = [row[0] for row in cr.fetchall()]
            new = State(state.with_name(state.name + ".part")) if state else None
            if new:
                new.fill(cr, plan)
            if is_delta:
                counts, digest = export_delta(cr, path, state, new, plan, folder, moment, follows, languages)
            else:
                counts, digest = export_full(env, cr, path, plan, folder, moment, languages)
            if new:
                new.close(plan, moment, digest, state)
        shutil.rmtree(folder)
    finally:
        os.umask(before)
        for half in [path, *([state] if state else [])]:
            half.with_name(half.name + ".part").unlink(missing_ok=True)
        if is_delta:
            shutil.rmtree(folder, ignore_errors=True)
    apart = sorted(name for name, reason in left.items() if "named" in reason)
    print("".join(f"{name} {count}\n" for name, count in sorted(counts.items())), end="")
    print(f"left out, to be had by AIRLOCK_MODELS: {', '.join(apart) or 'nothing'}")
    return counts

def export_full(env, cr, path, plan, folder, moment, languages):
    work, files, counts = Work(cr, folder, plan, moment), {}, {}
    for name in plan:
        files[name] = work.files(name)
        counts[name] = sum(files[name].values())
    about = {name: described(env, name) for name in plan}
    return counts, pack(path, [head(path, moment, counts, languages)] + [
        entry for name in plan for entry in [*about[name], *((file.name, file) for file in files[name])]])

def export_delta(cr, path, state, new, plan, folder, moment, follows, languages):
    if not state or not state.exists():
        raise Refused("a delta needs AIRLOCK_STATE, as the export before it left it")
    new.db.execute("ATTACH ? AS old", (str(state),))
    old = dict(new.db.execute("SELECT key, value FROM old.facts"))
    if not moment.can_follow(old["database"], int(old["xid"])):
        raise Refused("the database was restored or copied since the last export; make a full one")
    if json.loads(old["plan"]) != plan:
        raise Refused("models or fields have changed since the last export; make a full one")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    files, gone = delta(cr, new, plan, folder, int(old["xid"]))
    new.db.execute("DETACH old")
    counts = {file.name.removesuffix(".ndjson"): count for file, count in files.items()}
    follows = follows or old["digest"]
    digest = pack(path, [head(path, moment, counts, languages, kind="delta", follows=follows), (gone.name, gone)]
                  + [(file.name, file) for file in files])
    return counts, hashlib.blake2b(bytes.fromhex(follows + digest), digest_size=32).hexdigest()

def run(env, settings):
    lists = {key: [name for name in re.split(r"[\s,]+", settings.get(key, "")) if name]
             for key in ("AIRLOCK_MODELS", "AIRLOCK_WITHOUT")}
    state = settings.get("AIRLOCK_STATE")
    try:
        return export(env, settings["AIRLOCK_EXPORT"], state and pathlib.Path(state).absolute(),
                      settings.get("AIRLOCK_DELTA") == "1", settings.get("AIRLOCK_FOLLOWS"),
                      lists["AIRLOCK_MODELS"], lists["AIRLOCK_WITHOUT"])
    except Refused as error:
        raise SystemExit(f"error: {error}") from None
    except Exception as error:  # its text may hold values
        what = getattr(error, "strerror", None) or getattr(error, "pgcode", None) or ""
        raise SystemExit(f"error: {type(error).__name__} {what}; the same command goes on with what is done") from None

if "AIRLOCK_EXPORT" in os.environ and "env" in globals():
    run(env, os.environ)  # noqa: F821
