import Language
import Fixtures
import Files
import Snapshots
import Testing

@testable import Store

/// The tables that a snapshot becomes.
struct LayoutTests {
  private let registry = """
    {"id":1,"name":"a","district":[4,"Kandal"],"tags_ids":[2,2,3],"reg_ids":[{"id":7,"id_type":[1,"VID"],"value":"007"}]}
    {"id":2,"name":false,"district":false,"tags_ids":[],"reg_ids":[],"child_ids":[1],"ref":""}
    """

  @Test("Tables are named by models, lists by model and field, and nothing else is there")
  func tables() throws {
    let snapshot = try LoadingSite().load(registry)
    #expect(
      try snapshot.tables.filter { !$0.hasPrefix("sqlite_") } == [
        "airlock_fields", "airlock_models", "airlock_snapshot", "g2p.district", "g2p.id.type",
        "g2p.reg.id", "g2p.registrant.tags", "res.partner", "res.partner/child_ids",
        "res.partner/tags_ids",
      ])
    #expect(
      try snapshot.text("SELECT id, name, district, ref FROM \"res.partner\"")
        == ["1|a|4|NULL", "2|NULL|NULL|"])
    #expect(try snapshot.text("SELECT * FROM \"g2p.reg.id\"") == ["7|1|1|007"])
    #expect(try snapshot.text("SELECT * FROM \"res.partner/tags_ids\"") == ["1|2", "1|3"])
    #expect(try snapshot.text("SELECT * FROM \"res.partner/child_ids\"") == ["2|1"])
    #expect(try snapshot.text("SELECT * FROM \"g2p.district\"") == ["4|Kandal"])
  }

  @Test("Models say where they come from and whether they are complete")
  func models() throws {
    let snapshot = try LoadingSite().load(registry)
    #expect(
      try snapshot.text(
        "SELECT name, source, rows, complete FROM airlock_models WHERE complete ORDER BY name")
        == ["g2p.reg.id|res.partner/reg_ids|1|1", "res.partner|drop.json|2|1"])
    let present = ["id", "name", "district", "tags_ids", "reg_ids", "child_ids", "ref"]
    let partner = try #require(snapshot.catalog["res.partner"])
    #expect(
      partner.fields.values.filter(\.isPresent).map(\.name).sorted() == present.sorted())
    #expect(snapshot.catalog["g2p.district"]?["name"]?.isPresent == true)
    #expect(snapshot.catalog["g2p.district"]?["state_id"]?.isPresent == false)
  }

  @Test("The catalog comes back as it was")
  func catalog() throws {
    let site = try LoadingSite()
    try site.drops.write(registry, as: "drop.json")
    let report = try SnapshotChecker.check(
      .path(site.drops("drop.json"), rules: .named(limit: .max)))
    let stored = try site.load(registry).catalog
    #expect(stored.models.keys == report.contents.catalog.models.keys)
    for (name, model) in stored.models {
      #expect(model == report.contents.catalog[name], "\(name)")
    }
  }

  @Test("The lines of a registrant are found by index, and a reg id by its value")
  func indexes() throws {
    let lines = (1...2_000).map {
      #"{"id":\#($0),"tags_ids":[\#($0 % 9 + 1)],"reg_ids":[{"id":\#($0),"id_type":1,"value":"\#($0)"}]}"#
    }
    let snapshot = try LoadingSite().load(lines.joined(separator: "\n"))
    for (sql, index) in [
      (
        "SELECT value FROM \"g2p.reg.id\" WHERE partner_id = 1 AND id_type = 1",
        "g2p.reg.id/partner_id/index (partner_id=? AND id_type=?)"
      ),
      (
        "SELECT partner_id FROM \"g2p.reg.id\" WHERE value = '007'",
        "g2p.reg.id/value/index (value=?)"
      ),
      (
        "SELECT owner FROM \"res.partner/tags_ids\" WHERE target = 2",
        "res.partner/tags_ids/target (target=?)"
      ),
    ] {
      let plan = try snapshot.text("EXPLAIN QUERY PLAN \(sql)").joined()
      #expect(plan.contains(index), "\(plan)")
    }
  }

  @Test("Types read off the values are settled in the end")
  func inferred() throws {
    let snapshot = try LoadingSite().load(
      """
      {"id":1,"x_f":1,"x_m":"a\\"","x_l":[4,5],"x_r":[9,"z"],"x_b":false,"x_t":false}
      {"id":2,"x_f":2.5,"x_m":7,"x_l":"none","x_r":false,"x_b":false,"x_t":"t"}
      {"id":3,"x_f":false,"x_m":{"a":true},"x_l":[],"x_r":null,"x_b":true,"x_t":false}
      """)
    #expect(
      try snapshot.text("SELECT x_f, x_m, x_l, x_r, x_b, x_t FROM \"res.partner\"") == [
        #"1.0|"a\""|[4,5]|9|0|NULL"#, #"2.5|7|"none"|NULL|0|t"#,
        #"NULL|{"a":true}|NULL|NULL|1|NULL"#,
      ])
    let types = ["x_f", "x_m", "x_l", "x_r", "x_b", "x_t"].map {
      snapshot.catalog["res.partner"]?[$0]?.type
    }
    #expect(types == [.float, .other, .other, .many2one, .boolean, .char])
  }

  @Test("A field of unknown type changes its mind across batches")
  func inferredLate() throws {
    let site = try LoadingSite()
    let lines = (1...40_000).map { #"{"id":\#($0),"x_a":false,"x_b":\#($0 % 2 == 0)}"# }
    let text = lines.joined(separator: "\n") + "\n" + #"{"id":40001,"x_a":5,"x_b":"end"}"#
    let snapshot = try site.load(text)
    #expect(try snapshot.text("SELECT count(x_a), sum(x_a) FROM \"res.partner\"") == ["1|5"])
    #expect(
      try snapshot.text("SELECT x_b, count(*) FROM \"res.partner\" GROUP BY 1 ORDER BY 1")
        == ["\"end\"|1", "false|20000", "true|20000"])
  }
}
