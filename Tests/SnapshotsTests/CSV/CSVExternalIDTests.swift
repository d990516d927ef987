import Faults
import Testing

@testable import Snapshots

/// External ids: names of records, in which no number is looked for.
struct CSVExternalIDTests {
  static let texts = [
    "__export__.res_partner_12_9ed14cf5", "__import__.IND_0001", "__import__.7791", ".7791",
    "base.partner_12", "base.main_partner", "7791", "12abc", "é.ü", "a.b.c",
  ]

  @Test(
    "fault 110: whatever an external id says, it is no database id; its text is kept",
    arguments: texts)
  func noNumber(_ text: String) throws {
    let files = [
      "\"id\",\"given_name\"\n\"\(text)\",\"Ana\"\n", "External ID,Given Name\n\(text),Ana\n",
      "\"id\";\"given_name\"\n\"\(text)\";\"Ana\"\n", "id,reg_ids/value\n\(text),V\n",
    ]
    for file in files {
      let rows = try Rows(.text(file))
      let ana = try #require(rows.records().first)
      #expect(ana["id"] == .integer(ExternalID.number(text)), "\(file)")
      #expect(ana[ExternalID.field] == .text(text))
      #expect(ExternalID.number(text) < -1 << 32)
    }
  }

  @Test("fault 110: the database id counts where both stand, whatever the external id says")
  func both() throws {
    let rows = try Rows(
      .text(
        """
        "id",".id","given_name"
        "__export__.res_partner_12_9ed14cf5","845","Ana"
        "13","846","Ben"
        "__import__.x","","Cem"
        "","12","Dua"

        """))
    let cem = ExternalID.number("__import__.x")
    #expect(rows.records().map { $0["id"]?.number } == [845, 846, cem, 12])
  }

  @Test("fault 110: a link and the record that it names meet by the external id")
  func links() throws {
    let people = ("res.partner.csv", "id,parent_id/id\nx.ana,x.ben\nx.ben,\n")
    let members = (
      "g2p.group.membership.csv", "id,individual/id,group/id\nm.1,x.ana,x.ben\n"
    )
    let rows = try Rows(.tar(people, members))
    let (ana, ben) = (ExternalID.number("x.ana"), ExternalID.number("x.ben"))
    #expect(rows.records().map { $0["parent_id"] } == [.integer(ben), .null])
    let member = try #require(rows.records("g2p.group.membership").first)
    #expect(member["individual"] == .integer(ana) && member["group"] == .integer(ben))
    #expect(rows.contents?.externalLinks == ["res.partner"])
  }

  @Test("fault 110: a link by external id to records without any is refused, not led to a number")
  func unmet() throws {
    let people = ("res.partner.csv", ".id,name\n12,Ben\n")
    let members = (
      "g2p.group.membership.csv", ".id,individual/id\n1,__export__.res_partner_12_9ed14cf5\n"
    )
    let fault = try #require(throws: SnapshotFault.self) { try Rows(.tar(people, members)) }
    #expect(fault.code == "names_only" && !fault.description.contains("12"))
  }

  @Test("No name and no other external id has the number of one; it is the same for ever")
  func stable() throws {
    #expect(ExternalID.number("__import__.IND_0001") == -830_613_496_176_440_010)
    let numbers = Set(Self.texts.map(ExternalID.number))
    #expect(numbers.count == Self.texts.count)
    #expect(numbers.isDisjoint(with: Self.texts.map { NameIDs.digest($0) }))
  }

  @Test("A column with the name of ours is left out")
  func reserved() throws {
    let rows = try Rows(.text("id,__external_id,name\nx.ana,x.ben,Ana\n"))
    #expect(rows.records().first?[ExternalID.field] == .text("x.ana"))
    #expect(rows.contents?.notes.count == 1)
  }

  @Test("PostgreSQL's ids are numbers, with quotes around values as well")
  func copies() throws {
    for text in ["id,name\n7,Ana\n", "id,name\n\"7\",\"Ana\"\n", "\"id\",\"name\"\n7,\"Ana\"\n"] {
      #expect(try Rows(.text(text)).records().first?["id"] == .integer(7), "\(text)")
    }
  }
}

extension ExternalID {
  static func number(_ text: String) -> Int64 {
    Array(text.utf8).withUnsafeBufferPointer { number($0) }
  }
}

extension NameIDs {
  fileprivate static func digest(_ text: String) -> Int64 {
    Array(text.utf8).withUnsafeBufferPointer { digest($0) }
  }
}
