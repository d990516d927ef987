import JSONText
import Store

/// What is still open with the registry.
struct RegistryWording {
  private let patches: [PatchState]

  init(_ patches: [PatchState]) { self.patches = patches }

  /// The totals, then the archives that are not through.
  var lines: [String] {
    guard !patches.isEmpty else { return [] }
    let (adds, unlinks, stale) = (sum(\.toAdd), sum(\.toUnlink), sum(\.stale))
    guard adds + unlinks + stale > 0 else { return ["all that was asked is done"] }
    var total = ["\(grouped(adds)) tokens to add", "\(grouped(unlinks)) VIDs to unlink"]
    if stale > 0 { total.append("\(grouped(stale)) STALE: the registry had something else") }
    return [total.joined(separator: ", ")] + patches.filter { $0.open + $0.stale > 0 }.map(words)
  }

  private func words(_ patch: PatchState) -> String {
    var parts = ["\(grouped(patch.operations)) operations", "\(grouped(patch.done)) done"]
    if patch.stale > 0 { parts.append("\(grouped(patch.stale)) stale") }
    if patch.open > 0 { parts.append("\(grouped(patch.open)) open") }
    return "\(patch.stream) \(patch.sequence): " + parts.joined(separator: ", ")
  }

  var json: JSON {
    [
      "to_add": .count(sum(\.toAdd)), "to_unlink": .count(sum(\.toUnlink)),
      "stale": .count(sum(\.stale)),
      "patches": .array(
        patches.map { patch in
          [
            "stream": .string(patch.stream), "sequence": .int(patch.sequence),
            "operations": .count(patch.operations), "done": .count(patch.done),
            "stale": .count(patch.stale), "open": .count(patch.open),
          ]
        }),
    ]
  }

  private func sum(_ count: KeyPath<PatchState, Int>) -> Int {
    patches.reduce(0) { $0 + $1[keyPath: count] }
  }

  private func grouped(_ count: Int) -> String { VerdictWording.grouped(Int64(count)) }
}
