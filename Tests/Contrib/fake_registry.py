"""As much of Odoo 17's `env` as contrib/export_snapshot.py uses, over real tables in a real PostgreSQL.

The models are described once, as lines "field type …"; the tables, what Odoo keeps of them in ir_model…, and the
stand-in of the registry are all made of that. `people` puts made-up persons into them.
"""
import collections.abc

import psycopg2

LOG = """create_uid many2one res.users
create_date datetime
write_uid many2one res.users
write_date datetime"""

# model: (what is unusual of it, its fields)
MODELS = {
    "res.partner": ({"_rec_names_search": ["complete_name", "email"], "_order": "complete_name ASC, id DESC"}, """
        name char
        complete_name char
        email char
        active boolean
        is_registrant boolean
        is_group boolean
        income float
        partner_latitude float numeric
        color integer
        birthdate date
        disabled datetime
        gender selection male=Male,female=Female
        additional_info json json
        image binary bytea
        signup_token char
        country_id many2one res.country
        parent_id many2one res.partner
        company_id many2one res.company
        user_id many2one res.users
        x_livelihood_id many2one x_livelihood
        kind_as_str char related=country_id.code
        age char computed
        tags_ids many2many g2p.registrant.tags g2p_registrant_tags_res_partner_rel res_partner_id g2p_registrant_tags_id
        channel_ids many2many discuss.channel discuss_channel_member partner_id channel_id
        reg_ids one2many g2p.reg.id partner_id
        child_ids one2many res.partner parent_id
        message_ids one2many mail.message res_id
        invoice_ids one2many account.move partner_id
        program_membership_ids one2many g2p.program_membership partner_id"""),
    "res.country": ({}, """
        name char translate
        code char"""),
    "res.company": ({}, """
        name char
        partner_id many2one res.partner
        chart_id many2one account.move"""),
    "res.users": ({"_inherits": {"res.partner": "partner_id"}, "_rec_names_search": ["name", "login"]}, """
        login char
        password char
        totp_secret char
        active boolean
        partner_id many2one res.partner
        company_id many2one res.company"""),
    "g2p.id.type": ({}, "name char"),
    "g2p.reg.id": ({"_order": "id desc"}, """
        partner_id many2one res.partner
        id_type many2one g2p.id.type
        value char
        expiry_date date"""),
    "g2p.registrant.tags": ({}, """
        name char
        active boolean"""),
    "g2p.program_membership": ({"_inherits": {"res.partner": "partner_id"}}, """
        partner_id many2one res.partner
        state char"""),
    "g2p.wizard": ({"_transient": True}, "partner_id many2one res.partner"),
    "x_livelihood": ({"_rec_name": "x_name", "_active_name": "x_active"}, """
        x_name char translate
        x_active boolean"""),
    "x_visit": ({"_rec_name": "x_name"}, """
        x_name char
        x_partner_id many2one res.partner"""),
    "gender.type": ({"_rec_name": "value"}, """
        code char
        value char"""),
    "mail.message": ({}, """
        body html
        res_id integer"""),
    "discuss.channel": ({}, "name char"),
    "account.move": ({}, """
        name char
        partner_id many2one res.partner"""),
}
TYPES = {"char": "varchar", "html": "text", "selection": "varchar", "integer": "int4", "float": "float8",
         "boolean": "bool", "date": "date", "datetime": "timestamp", "many2one": "int4", "json": "jsonb"}
EXPORTED = {"res.partner", "res.country", "res.company", "res.users", "g2p.id.type", "g2p.reg.id",
            "g2p.registrant.tags", "g2p.program_membership", "gender.type", "x_livelihood", "x_visit"}


class Field:
    def __init__(self, name, kind, *more):
        self.name, self.type, self.groups = name, kind, None
        self.translate = "translate" in more
        self.related = next((word[8:] for word in more if word.startswith("related=")), None)
        self.store = not self.related and "computed" not in more
        self.relational = kind in ("many2one", "one2many", "many2many")
        self.selection = [pair.split("=") for pair in more[0].split(",")] if kind == "selection" else []
        self.relation_field = more[1] if kind == "one2many" else None
        if self.relational:
            self.comodel_name = more[0]
        self.relation, self.column1, self.column2 = more[1:4] if kind == "many2many" else (None, None, None)
        self.column = None
        if self.store and kind not in ("one2many", "many2many"):
            own = next((word for word in more if word in ("numeric", "json", "bytea")), TYPES.get(kind))
            self.column = "jsonb" if self.translate else own

    def facts(self):
        facts = {"type": self.type, "string": self.name.title(), "store": self.store,
                 "searchable": self.store or bool(self.related), "translate": self.translate}
        facts.update({"relation": self.comodel_name} if self.relational else {})
        facts.update({"relation_field": self.relation_field} if self.relation_field else {})
        facts.update({"related": self.related} if self.related else {})
        facts.update({"selection": self.selection} if self.selection else {})
        return facts


class Model:
    """What Odoo has on the class of a model."""

    def __init__(self, name, unusual, fields):
        lines = ["id integer", *fields.strip().splitlines(), *LOG.splitlines()]
        self._name, self._table = name, name.replace(".", "_")
        self._fields = {field.name: field for field in (Field(*line.split()) for line in lines)}
        self._abstract = self._transient = False
        self._rec_name = "name" if "name" in self._fields else None
        self._active_name = "active" if "active" in self._fields else None
        self._rec_names_search, self._parent_name, self._inherits, self._order = None, "parent_id", {}, "id"
        for key, value in unusual.items():
            setattr(self, key, value)

    def fields_get(self):
        return {name: field.facts() for name, field in self._fields.items()}


class Registry(collections.abc.Mapping):
    """`before` is called with the cursor and the text before each COPY: tests break off, or change rows, there."""

    def __init__(self, connect, before=lambda cr, text: None):
        self.connect, self.before = connect, before
        self.models = {name: Model(name, *what) for name, what in MODELS.items()}

    def __getitem__(self, name):
        return self.models[name]

    def __iter__(self):
        return iter(self.models)

    def __len__(self):
        return len(self.models)

    def cursor(self):
        return Cursor(self.connect(), self.before)


class Cursor:
    """Odoo's own: what it lacks is psycopg2's."""

    def __init__(self, connection, before):
        self._cnx, self._obj, self.before = connection, connection.cursor(), before

    def __getattr__(self, name):
        return getattr(self._obj, name)

    def execute(self, query, params=None):
        self._obj.execute(query, params)

    def copy_expert(self, query, file):
        self.before(self, query)
        self._obj.copy_expert(query, file)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self._cnx.rollback() if kind else self._cnx.commit()
        self._cnx.close()


class Env:
    def __init__(self, registry, cr=None, context=None):
        self.registry, self.cr, self.context = registry, cr, context or {}

    def __call__(self, cr=None, context=None):
        return Env(self.registry, cr or self.cr, context or self.context)

    def __getitem__(self, name):
        return self.registry[name]


def create(cr):
    """Makes the tables, and what Odoo says of them in its own."""
    cr.execute("""
        CREATE TABLE res_lang (id serial PRIMARY KEY, code varchar, active bool);
        INSERT INTO res_lang (code, active) VALUES ('en_US', true), ('fr_FR', true), ('de_DE', false);
        CREATE TABLE ir_model (id serial PRIMARY KEY, model varchar, "order" varchar, transient bool);
        CREATE TABLE ir_model_fields (id serial PRIMARY KEY, model varchar, name varchar, ttype varchar,
            field_description jsonb, relation varchar, relation_field varchar, relation_table varchar, column1 varchar,
            column2 varchar, related varchar, store bool, translate bool, size int4);
        CREATE TABLE ir_model_fields_selection (id serial PRIMARY KEY, field_id int4, value varchar, name jsonb,
            sequence int4);
        CREATE TABLE ir_model_inherit (id serial PRIMARY KEY, model_id int4, parent_id int4, parent_field_id int4);""")
    registry = Registry(None)
    for name, model in registry.items():
        create_model(cr, name, model)
    for name, model in registry.items():
        for parent, field in model._inherits.items():
            cr.execute("""
                INSERT INTO ir_model_inherit (model_id, parent_id, parent_field_id) SELECT m.id, p.id, f.id
                FROM ir_model m, ir_model p, ir_model_fields f
                WHERE m.model = %s AND p.model = %s AND f.model = %s AND f.name = %s""", (name, parent, name, field))
    # Odoo's own constraints, as far as what they do to other rows shows.
    cr.execute("""
        ALTER TABLE g2p_reg_id ADD FOREIGN KEY (partner_id) REFERENCES res_partner ON DELETE CASCADE;
        ALTER TABLE res_partner ADD FOREIGN KEY (x_livelihood_id) REFERENCES x_livelihood ON DELETE SET NULL;""")


def create_model(cr, name, model):
    cr.execute('INSERT INTO ir_model (model, "order", transient) VALUES (%s, %s, %s)', (
        name, model._order, model._transient))
    columns = [f'"{field.name}" {field.column}' for field in model._fields.values() if field.column and field.name != "id"]
    cr.execute(f"CREATE TABLE {model._table} (id serial PRIMARY KEY, {', '.join(columns)})")
    for field in model._fields.values():
        cr.execute("""
            INSERT INTO ir_model_fields (model, name, ttype, field_description, relation, relation_field, relation_table,
                column1, column2, related, store, translate)
            VALUES (%s, %s, %s, jsonb_build_object('en_US', %s), %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id""", (
            name, field.name, field.type, field.name.title(), getattr(field, "comodel_name", None),
            field.relation_field, field.relation, field.column1, field.column2, field.related, field.store,
            field.translate))
        number = cr.fetchone()[0]
        for sequence, (value, label) in enumerate(field.selection):
            cr.execute("INSERT INTO ir_model_fields_selection (field_id, value, name, sequence)"
                       " VALUES (%s, %s, jsonb_build_object('en_US', %s), %s)", (number, value, label, sequence))
        if field.relation:
            cr.execute(f"CREATE TABLE {field.relation} ({field.column1} int4 NOT NULL, {field.column2} int4 NOT NULL,"
                       f" PRIMARY KEY ({field.column1}, {field.column2}))")


SECRETS = ["PASSWORD-1", "TOTP-1", "SIGNUP-1", "MAIL-1", "INVOICE-1", "494d4147452d31", "CHANNEL-1"]


def people(cr):
    """Ten partners with everything that an export could lose."""
    cr.execute(r"""
        INSERT INTO res_country (name, code) VALUES
            ('{"en_US": "Togo", "fr_FR": "le Togo"}', 'TG'), ('{"en_US": "Germany"}', 'DE'), (NULL, 'XX');
        INSERT INTO x_livelihood (x_name, x_active) VALUES ('{"en_US": "Fishing", "fr_FR": "Pêche"}', true),
            ('{"en_US": "Mining"}', false), ('{"en_US": "Herding"}', NULL);
        INSERT INTO g2p_id_type (name) VALUES ('MOSIP VID'), ('MOSIP UIN TOKEN');
        INSERT INTO g2p_registrant_tags (name, active) VALUES ('PWD', true), ('Archived tag', false), ('Unset tag', NULL);
        INSERT INTO res_partner (name, complete_name, email, active, is_registrant, is_group, income, partner_latitude,
            color, birthdate, disabled, gender, additional_info, image, signup_token, country_id, parent_id, company_id,
            user_id, x_livelihood_id, create_date, write_date) VALUES
            ('Ana', 'Ana', '', true, true, false, 0, 1.50, 0, '1980-02-29', '2023-06-15 10:00:00.000001', 'female',
             '{"a":  [1, null], "b": "\"\\ \u00e9"}', 'IMAGE-1', 'SIGNUP-1', 1, NULL, 1, 1, 2, '2025-01-01', '2025-01-01 00:00:00.5'),
            ('Ben', 'Ben', NULL, true, true, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
             NULL, 1, NULL, '2025-01-02 03:04:05.123456'),
            (E'Zo\u00eb "Q" \\ \t\n', E'tab\there', 'x', false, true, true, 1e-300, 123456789.123456789, -5, '0099-01-01',
             '2023-06-15', 'male', '[]', '', NULL, 2, 1, NULL, NULL, 3, NULL, NULL),
            ('Dan', 'Dan', 'a,b', NULL, false, false, 0.1, 0, 7, '2000-01-01', NULL, NULL, '"x"', NULL, NULL, 3, 3, NULL,
             NULL, NULL, NULL, '2025-01-01');
        INSERT INTO res_partner (name, complete_name, active, is_registrant, country_id)
            SELECT 'P' || n, 'P' || n, n <> 8, true, 1 FROM generate_series(5, 10) n;
        INSERT INTO g2p_registrant_tags_res_partner_rel VALUES (1, 1), (1, 2), (3, 3), (3, 1), (7, 2);
        INSERT INTO discuss_channel (name) VALUES ('CHANNEL-1');
        INSERT INTO discuss_channel_member VALUES (1, 1);
        INSERT INTO g2p_reg_id (partner_id, id_type, value, expiry_date)
            SELECT n, 1, 'VID-' || n, NULL FROM generate_series(1, 9) n;
        UPDATE g2p_reg_id SET value = '' WHERE id = 9;
        INSERT INTO g2p_reg_id (partner_id, id_type, value) VALUES (NULL, 2, NULL), (1, NULL, 'odd');
        INSERT INTO g2p_program_membership (partner_id, state) VALUES (1, 'enrolled'), (3, 'enrolled');
        INSERT INTO x_visit (x_name, x_partner_id) VALUES ('first', 1), (NULL, NULL);
        INSERT INTO res_company (name, partner_id, chart_id) VALUES ('Company', 4, 1);
        INSERT INTO res_users (login, password, totp_secret, active, partner_id, company_id)
            VALUES ('admin', 'PASSWORD-1', 'TOTP-1', true, 2, 1), ('old', 'PASSWORD-1', NULL, false, 4, 1);
        INSERT INTO mail_message (body, res_id) VALUES ('MAIL-1', 1);
        INSERT INTO account_move (name, partner_id) VALUES ('INVOICE-1', 1);
        INSERT INTO g2p_wizard (partner_id) VALUES (1);""")


def connector(environment, database):
    return lambda: psycopg2.connect(host=environment["PGHOST"], user=environment["PGUSER"], dbname=database)
