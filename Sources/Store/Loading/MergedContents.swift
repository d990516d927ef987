internal import GRDB
internal import Language
internal import Snapshots

/// What a snapshot holds once a delta is merged into it.
struct MergedContents {
  private let merge: DeltaMerge

  init(_ merge: DeltaMerge) { self.merge = merge }

  func read() throws -> SnapshotContents {
    let base = try SnapshotRegister.summary(in: merge.db)
    let isLossy = base?.form == .searchRead || merge.contents.form == .searchRead
    return SnapshotContents(
      form: isLossy ? .searchRead : .extract,
      tables: try merge.sources.sorted { $0.key < $1.key }.map { model, source in
        let columns = try merge.columns("main", model)
        return .init(
          model: model, source: source, columns: columns.map { .init(name: $0, ending: .asIs) })
      },
      lists: try pairs().map { .init(model: $0.owner, field: $0.field, isSuperseded: false) },
      names: [], catalog: try catalog())
  }

  /// The lists that have a table of their own.
  func pairs() throws -> [(owner: String, field: String)] {
    let names = try String.fetchAll(
      merge.db,
      sql: "SELECT name FROM main.sqlite_master WHERE type = 'table' AND instr(name, '/') > 0")
    return names.compactMap { name in
      let parts = name.split(separator: "/")
      return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
    }
  }

  private func catalog() throws -> ModelCatalog {
    var catalog = merge.catalog
    for names in merge.contents.names where merge.sources[names.model] == nil {
      catalog[names.model] = merge.contents.catalog[names.model]
    }
    let lists = try pairs()
    for model in merge.sources.keys {
      guard var description = catalog[model] else { continue }
      let given = merge.contents.catalog[model]
      let held =
        try merge.columns("main", model) + lists.filter { $0.owner == model }.map(\.field)
      for field in held {
        if description[field] == nil { description[field] = given?[field] }
        description[field]?.isPresent = true
      }
      for field in description.fields.keys where try merge.pointsBack(model, field) != nil {
        description[field]?.isPresent = true
      }
      catalog[model] = description
    }
    return catalog
  }
}
