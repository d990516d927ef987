import Files
import Fixtures
import Foundation
import Testing

@testable import Snapshots

/// The recipes of `docs/operations.md`, run word for word on a real PostgreSQL, give every value as it
/// is there.
struct PostgresTests {
  private static let schema = #"""
    create table res_country (id serial primary key, code varchar, name jsonb);
    insert into res_country values
      (163, 'NG', '{"en_US": "Nigeria", "fr_FR": "Nigéria"}'), (104, 'IN', '{"en_US": "India"}');
    create table g2p_id_type (id serial primary key, name varchar);
    insert into g2p_id_type values (1, 'MOSIP VID');
    create table res_partner (
      id serial primary key, name varchar, given_name varchar, family_name varchar, address text,
      email varchar, birthdate date, create_date timestamp, active boolean, income float8,
      country_id int, is_registrant boolean, comment text);
    insert into res_partner values
      (1, 'plain', 'Ana', 'Doe', 'a street', 'a@b', '1980-02-29', '2024-01-02 03:04:05.123456', true,
       0.1, 163, true, null),
      (2, '', '', null, E'tab\there', '\N', null, null, false, 1e15, null, true, ''),
      (3, 'NULL', 'null', 'None', E'C:\\new\\table\\x41', E'\\', '0044-03-15', null, null, null, 104,
       null, E'\\.'),
      (4, 'qu"ote', 'com,ma', 'semi;colon', E'line\nbreak\r\nand "more"', E'\b\f\v\x7f', null, null,
       true, -0.5, null, true, E'trailing \\'),
      (5, 'អាណា', 'Ünïcödé', '👪', '{"en_US": "no translation"}', ' blank ', null, null, true, 0,
       null, true, '''=1+1');
    create table g2p_reg_id (
      id serial primary key, partner_id int, id_type int, value varchar, status varchar);
    insert into g2p_reg_id values (10, 1, 1, '4126162436616973', 'valid'), (20, 2, 1, '', null);
    create table g2p_phone_number (id serial primary key, partner_id int, phone_no varchar);
    create table g2p_group_membership (id serial primary key, "group" int, individual int);
    insert into g2p_group_membership values (5, 1, 2);
    create table g2p_district (id serial primary key, name varchar, state_id int);
    create table g2p_registrant_tags (id serial primary key, name varchar);
    insert into g2p_registrant_tags values (7, 'a,b');
    create table g2p_registrant_tags_res_partner_rel (res_partner_id int, g2p_registrant_tags_id int);
    insert into g2p_registrant_tags_res_partner_rel values (1, 7);
    create table res_country_state (id serial primary key, name varchar, country_id int);
    create table res_users (id serial primary key, login varchar, password varchar);
    insert into res_users values (2, 'admin', 'secret');
    create function trap() returns text language sql as $trap$
    select 'COPY public.res_partner (id) FROM stdin;'::text;
    $trap$;
    """#

  private static let partners: [[String: Rows.Value]] = [
    [
      "id": .integer(1), "name": .text("plain"), "given_name": .text("Ana"),
      "family_name": .text("Doe"), "address": .text("a street"), "email": .text("a@b"),
      "birthdate": .text("1980-02-29"), "create_date": .text("2024-01-02 03:04:05.123456"),
      "active": .integer(1), "income": .real(0.1), "country_id": .integer(163),
      "is_registrant": .integer(1), "comment": .null,
    ],
    [
      "id": .integer(2), "name": .text(""), "given_name": .text(""), "family_name": .null,
      "address": .text("tab\there"), "email": .text("\\N"), "birthdate": .null,
      "create_date": .null, "active": .integer(0), "income": .real(1e15), "country_id": .null,
      "is_registrant": .integer(1), "comment": .text(""),
    ],
    [
      "id": .integer(3), "name": .text("NULL"), "given_name": .text("null"),
      "family_name": .text("None"), "address": .text("C:\\new\\table\\x41"), "email": .text("\\"),
      "birthdate": .text("0044-03-15"), "create_date": .null, "active": .null, "income": .null,
      "country_id": .integer(104), "is_registrant": .null, "comment": .text("\\."),
    ],
    [
      "id": .integer(4), "name": .text("qu\"ote"), "given_name": .text("com,ma"),
      "family_name": .text("semi;colon"), "address": .text("line\nbreak\r\nand \"more\""),
      "email": .text("\u{8}\u{c}v\u{7f}"), "birthdate": .null, "create_date": .null,
      "active": .integer(1), "income": .real(-0.5), "country_id": .null,
      "is_registrant": .integer(1), "comment": .text("trailing \\"),
    ],
    [
      "id": .integer(5), "name": .text("អាណា"), "given_name": .text("Ünïcödé"),
      "family_name": .text("👪"), "address": .text("{\"en_US\": \"no translation\"}"),
      "email": .text(" blank "), "birthdate": .null, "create_date": .null, "active": .integer(1),
      "income": .real(0), "country_id": .null, "is_registrant": .integer(1),
      "comment": .text("'=1+1"),
    ],
  ]

  @Test("CSV, the text format and a dump, by the recipes: every value is as PostgreSQL has it")
  func recipes() throws {
    let server = try PostgresServer()
    try server.run("create database registry")
    try server.run(Self.schema, in: "registry")
    let folder = try TemporaryFolder()
    for (mark, product) in [("copy", "export.tar"), ("dump", "export.sql.zst")] {
      let recipe = try Self.recipe(mark)
      let done = try Tool.run(
        "/bin/sh", ["-euc", recipe], environment: server.environment, in: folder.path)
      #expect(done.status == 0, "\(done.errors)")
      try check(folder(product), language: "fr_FR", "Nigéria")
      try check(folder(product), language: "en_US", "Nigeria")
    }
    let text = """
      for t in res_partner g2p_reg_id g2p_id_type res_country g2p_group_membership \
        g2p_registrant_tags g2p_registrant_tags_res_partner_rel; do
        psql -X -d registry -c "copy $t to stdout (format text, header)" > "$t.tsv"
      done
      tar -cf text.tar *.tsv
      pg_dump registry | gzip > whole.sql.gz
      pg_dump -Fc registry > custom.dump
      pg_dump -Ft registry > packed.tar
      pg_dump --inserts --data-only -t res_partner registry > inserts.sql
      """
    let done = try Tool.run(
      "/bin/sh", ["-euc", text], environment: server.environment, in: folder.path)
    #expect(done.status == 0, "\(done.errors)")
    try check(folder("text.tar"), language: "fr_FR", "Nigéria")
    let whole = try check(folder("whole.sql.gz"), language: "fr_FR", "Nigéria")
    #expect(whole.contents?.notes.contains { $0.contains("1 tables of the dump") } == true)
    #expect(whole.contents?.tables.contains { $0.model == "res.users" } == false)
    for other in ["custom.dump", "packed.tar", "inserts.sql"] {
      #expect(throws: SnapshotFault.self) { try Rows(Self.source(folder(other))) }
    }
  }

  @discardableResult
  private func check(_ path: String, language: String, _ country: String) throws -> Rows {
    var limits = SnapshotLimits()
    limits.language = language
    let rows = try Rows(Self.source(path), limits: limits)
    let records = rows.records().sorted { Self.id($0) < Self.id($1) }
    #expect(records.count == Self.partners.count)
    for (record, wanted) in zip(records, Self.partners) {
      for (field, value) in wanted {
        #expect(record[field] == value, "\(path) \(Self.id(wanted)) \(field)")
      }
    }
    #expect(rows.records("res.country").first?["name"] == .text(country))
    #expect(
      rows.records("g2p.reg.id").map { $0["value"] } == [.text("4126162436616973"), .text("")])
    #expect(rows.records("g2p.group.membership").first?["group"] == .integer(1))
    #expect(rows.lists["res.partner/tags_ids"] == [[1, 7]])
    return rows
  }

  private static func id(_ record: [String: Rows.Value]) -> Int64 {
    guard case .integer(let id) = record["id"] else { return 0 }
    return id
  }

  private static func source(_ path: String) -> SnapshotSource {
    .path(path, rules: .named(limit: .max))
  }

  /// The block of commands below a line that names it.
  private static func recipe(_ mark: String) throws -> String {
    let text = try String(
      contentsOfFile: Fixture.package + "/docs/operations.md", encoding: .utf8)
    let parts = text.components(separatedBy: "<!-- recipe: \(mark) -->\n\n```sh\n")
    try #require(parts.count == 2, "docs/operations.md has no recipe \(mark)")
    return parts[1].components(separatedBy: "```")[0]
  }
}
