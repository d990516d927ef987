import JSONText
import Language
import Testing

@testable import Store

/// Every model that came can be asked, by every field: an answer, or a refusal with its reason.
struct EveryFieldTests {
  @Test("Each model of a real registry is searched, and none of its fields ends in an error of SQL")
  func everyField() throws {
    let store = try TemporaryStore.second()
    defer { withExtendedLifetime(store) {} }
    let snapshot = try SnapshotStore.open(store.store)
    #expect(snapshot.summary.counts.count == 28)
    var answered = 0
    for (model, rows) in snapshot.summary.counts {
      #expect(try count([], of: model, in: snapshot) == rows, "\(model)")
      for field in try #require(snapshot.catalog[model]).fields.values.sorted(by: {
        $0.name < $1.name
      }) {
        let unset = try count([[.string(field.name), "=", false]], of: model, in: snapshot)
        let set = try count([[.string(field.name), "!=", false]], of: model, in: snapshot)
        guard let unset, let set else { continue }
        answered += 1
        // Over a path, both may be asked of who is there.
        guard field.isStored else { continue }
        #expect(unset + set == rows, "\(model).\(field.name)")
      }
    }
    #expect(answered > 500, "few fields can be asked: \(answered)")
  }

  /// Nil for a refusal.
  private func count(_ domain: JSON, of model: String, in snapshot: SnapshotStore) throws -> Int? {
    do {
      return try RegistrySearch(
        JSONDocument(parsing: domain.line()), model: model, activeTest: false, over: snapshot
      ).count()
    } catch is DomainFault { return nil }
  }
}
