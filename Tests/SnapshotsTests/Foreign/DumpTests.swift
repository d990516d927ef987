import Testing

@testable import Snapshots

/// What `pg_dump` writes as plain text: records are read, the rest is passed over or refused.
struct DumpTests {
  private static let head = """
    --
    -- PostgreSQL database dump
    --

    \\restrict abc
    SET statement_timeout = 0;
    SET client_encoding = 'UTF8';
    SELECT pg_catalog.set_config('search_path', '', false);

    CREATE FUNCTION public.f() RETURNS text
        LANGUAGE sql
        AS $_$
    INSERT INTO x VALUES (';');
    COPY public.res_partner (id) FROM stdin;
    $_$;

    COPY public.mail_message (id, body) FROM stdin;
    1\tCOPY public.res_partner (id) FROM stdin;
    \\\\.
    \\.

    COPY public.res_partner (id, given_name, "group") FROM stdin;
    7\tAna\t\\N
    8\tB\\tb\t\\\\.

    """
  private static let tail =
    "\\.\n\nSELECT pg_catalog.setval('public.x_id_seq', 8, true);\n\n\\unrestrict abc\n"

  @Test(
    "Records of registrants' tables are read, others passed over and counted",
    arguments: [1, 5, 4_096])
  func tables(_ piece: Int) throws {
    let rows = try Rows(.text(Self.head + Self.tail, piece: piece))
    #expect(rows.records().map { $0["given_name"] } == [.text("Ana"), .text("B\tb")])
    #expect(rows.records().map { $0["group"] } == [.null, .text("\\.")])
    #expect(
      rows.contents?.notes == [
        "drop.json: 1 tables of the dump were passed over: none of the registry's"
      ])
    #expect(rows.contents?.form == .copy)
  }

  static let faults: [(String, String, Int?)] = [
    (head, "cut_short", nil),
    (head + "9\n" + tail, "too_few_cells", 25),
    (head + tail + "INSERT INTO public.res_partner (id) VALUES (9);\n", "dump_form", 30),
    (head + tail + "UPDATE res_partner SET id = 9;\n", "dump_form", 30),
    (head + tail + "\\i other.sql\n", "dump_form", 30),
    (head + tail + "COPY public.res_partner FROM stdin;\n", "dump_form", 30),
    ("SET client_encoding = 'LATIN1';\n" + head + tail, "dump_form", 1),
    ("-- PostgreSQL database dump\nSET x = 1;\n", "dump_form", nil),
  ]

  @Test(
    "A dump that is cut, in another encoding, or does more than bring records", arguments: faults)
  func refused(_ text: String, _ code: String, _ line: Int?) {
    #expect { try Rows(.text(text)) } throws: { error in
      guard let fault = error as? SnapshotFault else { return false }
      return fault.code == code && (line == nil || fault.spot?.line == line)
    }
  }

  @Test("Which tables are ours")
  func ours() {
    let ours = ["res_partner", "g2p_reg_id", "spp_area", "g2p_registrant_tags_res_partner_rel"]
    #expect(ours.allSatisfy(DumpedTable.isOurs))
    let others = [
      "res_users", "mail_message", "ir_attachment", "old.res_partner", "auth_totp_device",
    ]
    #expect(!others.contains(where: DumpedTable.isOurs))
  }
}
