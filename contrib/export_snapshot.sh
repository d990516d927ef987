#!/usr/bin/env bash
# Exports the registry of an Odoo 17 for Airlock where only its database is at hand, and psql:
#
#     export_snapshot.sh DB export.tar.gz [--models A,B] [--without A,B]
#
# What contrib/export_snapshot.py writes, from the same tables in the same way, in one transaction; but what only Odoo
# knows is left out: which computed fields can be searched, and names of records that are not name or x_name. It starts
# anew when it was broken off, and makes no deltas. PGHOST, PGUSER and the like say where the database is.
set -euo pipefail
umask 077

usage() { sed -n '4s/^# *//p' "$0" >&2; exit 2; }
database=${1:-} out=${2:-}
[ -n "$database" ] && [ -n "$out" ] || usage
shift 2
models='' without=''
while [ $# -gt 0 ]; do
  case $1 in
    --models) models=${2:?} ;;
    --without) without=${2:?} ;;
    *) usage ;;
  esac
  shift 2
done
case $out in
  *.tar) pack=() ;;
  *.tar.gz) pack=(--gzip) ;;
  *.tar.zst) pack=(--zstd) ;;
  *) echo "error: the export's name must end in .tar, .tar.gz or .tar.zst" >&2; exit 2 ;;
esac
name=$(basename "$out")
work=$out.work
rm -rf "$work"
mkdir "$work"
trap 'rm -rf "$work" "$out.part"' EXIT
export PGCLIENTENCODING=UTF8

# The same four as in export_snapshot.py.
never='^(_unknown|auth|auth_oauth|auth_totp|base|base_import|bus|change|decimal|digest|discuss|dms|documents|fetchmail|fs|iap|ir|mail|oauth|payment|publisher_warranty|queue|report|reset|sms|snailmail|storage|web|web_editor|web_tour)\.|^res\.(users\.|config|groups|company\.)|encrypt|credential|password|secret|(access|auth|oauth)[._]?token|api_?key'
apart='^(account|analytic|asset|barcode|barcodes|calendar|crm|delivery|event|fleet|gamification|hr|im_livechat|link|loyalty|lunch|maintenance|mrp|note|onboarding|phone|planning|portal|pos|privacy|procurement|product|project|purchase|quality|rating|repair|resource|sale|slide|spreadsheet|stock|survey|theme|uom|utm|website)\.'
secret='password|passwd|secret|credential|api_?key|private_?key|totp|(access|auth|oauth|refresh|session|signup)_?token'
of_users='^(id|login|active|share|partner_id|company_id|company_ids|create_uid|create_date|write_uid|write_date)$'

psql -X -q -A -t -v ON_ERROR_STOP=1 -v VERBOSITY=terse -d "$database" -v work="$work" -v name="${name%%.*}" \
  -v models="$models" -v without="$without" \
  -v never="$never" -v apart="$apart" -v secret="$secret" -v of_users="$of_users" <<'SQL'
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL statement_timeout = 0;
SET LOCAL extra_float_digits = 1;
\cd :work
-- A script with one COPY and two descriptions a model is written, and then run in this very transaction.
\o script.sql
WITH RECURSIVE kept AS (
  SELECT * FROM ir_model_fields
  WHERE store AND ttype <> 'binary' AND name !~ :'secret' AND coalesce(relation, '') !~ :'never'
    AND (model <> 'res.users' OR name ~ :'of_users')
), tables AS (
  SELECT m.model, c.oid, c.relname FROM ir_model m
  JOIN pg_class c ON c.relname = replace(m.model, '.', '_') AND c.relkind IN ('r', 'p') AND pg_table_is_visible(c.oid)
  WHERE NOT coalesce(m.transient, false) AND m.model !~ :'never'
    AND (m.model !~ :'apart' OR m.model = ANY (string_to_array(:'models', ',')))
    AND m.model <> ALL (string_to_array(:'without', ','))
), reached AS (
  SELECT model, oid, relname FROM tables t
  WHERE model IN ('res.partner', 'gender.type') OR model = ANY (string_to_array(:'models', ','))
    OR model ~ '^(g2p\.|spp\.|x_)' AND EXISTS (
      SELECT FROM kept k WHERE k.model = t.model AND k.relation = 'res.partner' AND k.ttype IN ('many2one', 'many2many'))
  UNION
  SELECT t.model, t.oid, t.relname FROM reached r JOIN kept k ON k.model = r.model JOIN tables t ON t.model = k.relation
), read AS (
  SELECT r.model, r.relname, k.name, k.ttype = 'many2many' AS is_list, format(
    CASE k.ttype WHEN 'many2many' THEN 'ARRAY(SELECT x.%2$I FROM %3$I x WHERE x.%4$I = t.id ORDER BY 1) AS %1$I'
    ELSE CASE a.atttypid WHEN 'json'::regtype THEN 't.%1$I::jsonb AS %1$I' ELSE 't.%1$I' END END,
    k.name, k.column2, k.relation_table, k.column1) AS what
  FROM reached r JOIN kept k ON k.model = r.model
  LEFT JOIN pg_attribute a ON a.attrelid = r.oid AND a.attname = k.name AND a.attnum > 0 AND NOT a.attisdropped
    AND a.atttypid <> 'bytea'::regtype
  WHERE CASE k.ttype WHEN 'many2many' THEN to_regclass(quote_ident(k.relation_table)) IS NOT NULL
    ELSE a.attname IS NOT NULL END
), queries AS (
  SELECT model, relname, string_agg(what, ', ' ORDER BY is_list, name COLLATE "C") AS what FROM read GROUP BY model, relname
)
SELECT format($$SELECT json_build_object('airlock', 'snapshot', 'version', 1, 'name', %L::text,
  'taken', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
  'counts', json_build_object(), 'languages', (SELECT coalesce(json_agg(code ORDER BY code), '[]') FROM res_lang WHERE active))::jsonb
  || jsonb_build_object('counts', (SELECT jsonb_object_agg(model, n) FROM (%s) x)) \g snapshot.json$$, :'name',
  string_agg(format('SELECT %L AS model, count(*) AS n FROM %I', model, relname), ' UNION ALL '))
FROM queries
UNION ALL
SELECT format($$COPY (SELECT row_to_json(r) FROM (SELECT %s FROM %I t ORDER BY t.id) r) TO STDOUT WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02') \g %s.ndjson$$,
  what, relname, model) FROM queries
UNION ALL
SELECT format($$SELECT json_object_agg(f.name, json_strip_nulls(json_build_object(
  'type', f.ttype, 'string', coalesce(f.field_description ->> 'en_US', f.name), 'relation', f.relation,
  'relation_field', f.relation_field, 'related', f.related, 'store', coalesce(f.store, false),
  'searchable', coalesce(f.store, false) OR f.related IS NOT NULL, 'translate', coalesce(f.translate, false),
  'size', nullif(f.size, 0), 'selection', (SELECT json_agg(json_build_array(s.value, coalesce(s.name ->> 'en_US', s.value))
    ORDER BY s.sequence, s.id) FROM ir_model_fields_selection s WHERE s.field_id = f.id))))
  FROM ir_model_fields f WHERE f.model = %L \g %s.fields_get.json$$, model, model) FROM queries
UNION ALL
SELECT format($$SELECT json_build_object('_order', m."order", '_inherits', coalesce((
  SELECT json_object_agg(p.model, f.name) FROM ir_model_inherit i JOIN ir_model p ON p.id = i.parent_id
  JOIN ir_model_fields f ON f.id = i.parent_field_id WHERE i.model_id = m.id), '{}'))
  FROM ir_model m WHERE m.model = %L \g %s.model.json$$, model, model) FROM queries;
\o
\i script.sql
COMMIT;
SQL

for model in ${models//,/ }; do
  [ -e "$work/$model.ndjson" ] || { echo "error: $model has no table, or never leaves the registry" >&2; exit 1; }
done
cd "$(dirname "$work")"
records=("$name.work"/*.ndjson)
tar "${pack[@]}" --transform 's,.*/,,' -cf "$name.part" "$name.work/snapshot.json" \
  "$name.work"/*.fields_get.json "$name.work"/*.model.json "${records[@]}"
mv "$name.part" "$name"
echo "$name: ${#records[@]} models"
