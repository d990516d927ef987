import Testing

@testable import Snapshots

/// A head that says how many records there are.
struct HeadCountsTests {
  private func read(_ counts: String, _ entries: (String, String)..., delta: Bool = false) throws {
    let kind =
      delta ? #", "kind": "delta", "follows": "\#(String(repeating: "a", count: 64))""# : ""
    let head = #"{"airlock": "snapshot", "version": 1, "counts": {\#(counts)}\#(kind)}"#
    let source = SnapshotSource(name: "drop.tar") {
      TextSource([("snapshot.json", head)] + entries, isArchive: true, piece: .max)
    }
    _ = try Rows(source)
  }

  private static let two = ("res.partner.ndjson", "{\"id\": 1}\n{\"id\": 2}\n")

  @Test("fault 42: fewer or more records than the head says are refused, with both numbers")
  func differ() throws {
    let nested = (
      "res.partner.ndjson",
      #"{"id": 1, "reg_ids": [{"id": 3, "value": "V"}, {"id": 4, "value": "W"}]}"#
    )
    for (counts, entry, fact) in [
      (#""res.partner": 3"#, Self.two, "3 records of res.partner, and 2 came"),
      (#""res.partner": 1"#, Self.two, "1 records of res.partner, and 2 came"),
      (#""res.country": 1"#, Self.two, "1 records of res.country, and 0 came"),
      (
        #""res.partner": 2"#, ("res_partner.csv", "id,name\n1,a\n"),
        "2 records of res.partner, and 1 came"
      ),
      (#""g2p.reg.id": 3"#, nested, "3 records of g2p.reg.id, and 2 came"),
    ] {
      let fault = try #require(throws: SnapshotFault.self) { try read(counts, entry) }
      #expect(fault.code == "count_differs")
      #expect(fault.message.contains(fact), "\(fault.message)")
    }
  }

  @Test("Counts that are right are no hindrance, of an empty model and of a delta either")
  func right() throws {
    try read(
      #""res.partner": 2, "g2p.reg.id": 0, "res.country": 0"#, Self.two, ("g2p.reg.id.ndjson", ""))
    try read(#""res.partner": 2"#, Self.two, delta: true)
    #expect(throws: SnapshotFault.self) { try read(#""res.partner": 3"#, Self.two, delta: true) }
    try read("", Self.two)
  }

  @Test("The first line of a lone file counts as well")
  func lone() throws {
    let head = #"{"airlock": "snapshot", "version": 1, "counts": {"res.partner": 2}}"#
    _ = try Rows(.text(head + "\n{\"id\": 1}\n{\"id\": 2}\n"))
    let fault = try #require(throws: SnapshotFault.self) {
      try Rows(.text(head + "\n{\"id\": 1}\n"))
    }
    #expect(fault.code == "count_differs")
  }

  @Test("What is many batches long is counted to its end")
  func long() throws {
    let records = (1...20_000).map { "{\"id\": \($0), \"name\": \"somebody of some length\"}\n" }
    try read(#""res.partner": 20000"#, ("res.partner.ndjson", records.joined()))
    #expect(throws: SnapshotFault.self) {
      try read(#""res.partner": 20000"#, ("res.partner.ndjson", records.dropLast().joined()))
    }
  }
}
