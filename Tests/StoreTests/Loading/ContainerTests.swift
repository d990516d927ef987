import Secrets
import Foundation
import Fixtures
import Snapshots
import Testing

@testable import Store

/// The same registry in every container and compression.
struct ContainerTests {
  static let packed = [
    "tar -C $F -cf drop .", "tar -C $F -cf drop --exclude='*.csv' .",
    "tar -C $F -cf - . | gzip > drop", "tar -C $F -cf - . | zstd -q > drop",
    "tar -C $F -cf - . | xz -1 > drop",
    "cd $F && zip -q -r $OLDPWD/drop.zip . && mv $OLDPWD/drop.zip $OLDPWD/drop",
    "mkdir -p a/b && cp $F/*.json a/b && tar -cf drop a",
  ]

  /// The first 60 registrants, without the JSON-RPC answer, which is them once more.
  private func small(_ site: LoadingSite) throws -> String {
    try site.make(
      "small", "mkdir small && cp \(Fixture.path("small"))/*.search_read.json small")
  }

  @Test("Every packing loads the same rows")
  func packings() throws {
    var dumps: [[String: [String]]] = []
    for line in Self.packed {
      let site = try LoadingSite()
      let folder = try small(site)
      let drop = try site.make("drop", "F=\(folder); \(line)")
      try site.staged(drop).commit()
      let snapshot = try SnapshotStore.open(site.store)
      #expect(snapshot.summary.counts["res.partner"] == 60)
      #expect(snapshot.summary.counts.count == 12)
      var dump = try snapshot.dump
      dump["airlock_models"] = nil
      dumps.append(dump)
    }
    #expect(dumps.count == Self.packed.count)
    #expect(dumps.allSatisfy { $0 == dumps.first })
  }

  static let lone = [
    "cat $F > drop", "gzip < $F > drop", "zstd -q < $F > drop", "xz -1 < $F > drop",
    #"(printf '{"jsonrpc": "2.0", "id": 1, "result": '; cat $F; printf '}') > drop"#,
    "python3 -c 'import json,sys; [print(json.dumps(r)) for r in json.load(open(\"'$F'\"))]' > drop",
  ]

  @Test("A lone file loads the same rows, plain or compressed, array, lines or answer")
  func loneFiles() throws {
    var dumps: [[String]] = []
    for line in Self.lone {
      let site = try LoadingSite()
      let file = Fixture.path("small/res.partner.search_read.json")
      try site.staged(try site.make("drop", "F=\(file); \(line)")).commit()
      let snapshot = try SnapshotStore.open(site.store)
      #expect(snapshot.summary.counts == ["res.partner": 60])
      dumps.append(try snapshot.text("SELECT * FROM \"res.partner\" ORDER BY id"))
    }
    #expect(dumps.count == 6)
    #expect(dumps.allSatisfy { $0 == dumps.first })
  }

  @Test("What is told of a snapshot is what came")
  func summary() throws {
    let site = try LoadingSite()
    let file = Fixture.path("small/res.partner.search_read.json")
    let staged = try site.staged(file)
    #expect(try Tool.run("b2sum", ["-l", "256", file]).output.hasPrefix(staged.summary.digest.hex))
    try staged.commit()
    let opened = try SnapshotStore.open(site.store).summary
    #expect(opened == staged.summary)
    #expect(opened.dropName == "res.partner.search_read.json" && opened.partners == 60)
    #expect(opened.form == .searchRead && opened.loadedAt.timeIntervalSince1970 == 1_700_000_000)
  }
}
