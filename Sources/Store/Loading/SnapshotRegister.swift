internal import Foundation
internal import GRDB
internal import JSONText
internal import Language
internal import Secrets
internal import Snapshots

/// The tables in which a snapshot says what it is: `airlock_models`, `airlock_fields`,
/// `airlock_snapshot`.
enum SnapshotRegister {
  /// "AIRS"; tells our files from other SQLite files.
  static let applicationID = 0x4149_5253
  static let version = 1

  private static let tables = """
    CREATE TABLE airlock_snapshot (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE airlock_models (
      name TEXT PRIMARY KEY, origin TEXT NOT NULL, source TEXT, rows INTEGER NOT NULL,
      complete INTEGER NOT NULL, naming TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE airlock_fields (
      model TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, label TEXT NOT NULL,
      relation TEXT, inverse TEXT, related TEXT, selection TEXT NOT NULL, size INTEGER,
      active_only INTEGER NOT NULL, stored INTEGER NOT NULL, searchable INTEGER NOT NULL,
      present INTEGER NOT NULL, some_only INTEGER NOT NULL, counts_archived INTEGER NOT NULL,
      translated INTEGER NOT NULL, PRIMARY KEY (model, name)) WITHOUT ROWID;
    """

  /// Forgets what was written of the snapshot before.
  static func erase(in db: Database) throws {
    try db.execute(
      sql: "DROP TABLE airlock_snapshot; DROP TABLE airlock_models; DROP TABLE airlock_fields")
  }

  static func write(
    _ contents: SnapshotContents, _ summary: LoadedSnapshot, in db: Database
  ) throws {
    try db.execute(sql: tables)
    for (key, value) in facts(summary) {
      try db.execute(sql: "INSERT INTO airlock_snapshot VALUES (?, ?)", arguments: [key, value])
    }
    let sources = Dictionary(uniqueKeysWithValues: contents.tables.map { ($0.model, $0.source) })
    for model in contents.catalog.models.values {
      let (rows, source) = (summary.counts[model.name], sources[model.name])
      try db.execute(
        sql: "INSERT INTO airlock_models VALUES (?, ?, ?, ?, ?, ?)",
        arguments: [
          model.name, model.origin.rawValue, source, rows ?? 0, rows != nil,
          ModelNaming.text(model),
        ])
      for field in model.fields.values { try write(field, of: model.name, in: db) }
    }
    try db.execute(sql: "PRAGMA application_id = \(applicationID)")
    try db.execute(sql: "PRAGMA user_version = \(version)")
  }

  /// Notes what the snapshot was brought up to date with.
  static func note(overlay: String?, in db: Database) throws {
    try db.execute(sql: "DELETE FROM airlock_snapshot WHERE key = 'overlay'")
    guard let overlay else { return }
    try db.execute(
      sql: "INSERT INTO airlock_snapshot VALUES ('overlay', ?)", arguments: [overlay])
  }

  private static func facts(_ summary: LoadedSnapshot) -> [(String, String)] {
    let optional: [(String, String?)] = [
      ("name", summary.name), ("taken", summary.taken?.text), ("follows", summary.follows?.hex),
      ("overlay", summary.overlay),
      ("languages", summary.languages.isEmpty ? nil : summary.languages.joined(separator: " ")),
      ("external", summary.external > 0 ? String(summary.external) : nil),
    ]
    return optional.compactMap { key, value in value.map { (key, $0) } } + [
      ("digest", summary.digest.hex), ("drop", summary.dropName),
      ("drop_digest", summary.dropDigest.hex),
      ("form", summary.form.rawValue),
      ("loaded_at", String(Int(summary.loadedAt.timeIntervalSince1970))),
      ("lost", lost(summary.form)), ("notes", summary.notes.joined(separator: "\n")),
    ]
  }

  private static func lost(_ form: SnapshotContents.Form) -> String {
    let odoo = "unset numbers and booleans, fractions of seconds, links to archived records"
    switch form {
    case .searchRead: return odoo
    case .csvExport: return odoo + ", empty texts, the time zone of times, ids of links by name"
    case .extract, .copy, .odk, .odkTables: return ""
    }
  }

  private static func write(
    _ field: FieldDescription, of model: String, in db: Database
  ) throws {
    let statement = try db.cachedStatement(
      sql: "INSERT INTO airlock_fields VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    try statement.execute(arguments: [
      model, field.name, field.type.rawValue, field.label, field.relation, field.inverse,
      field.related, JSON.array(field.selection.map { .string($0) }).line(), field.size,
      field.listsActiveOnly, field.isStored, field.isSearchable, field.isPresent,
      field.listsOnlySome, field.countsArchived, field.isTranslated,
    ])
  }

  /// The models and fields as they were written.
  static func catalog(in db: Database) throws -> ModelCatalog {
    var fields: [String: [FieldDescription]] = [:]
    let rows = try Row.fetchCursor(db, sql: "SELECT * FROM airlock_fields")
    while let row = try rows.next() { fields[row["model"], default: []].append(try field(row)) }
    let models = try Row.fetchAll(db, sql: "SELECT * FROM airlock_models")
    return ModelCatalog(
      try models.map { row in
        let name: String = row["name"]
        let model = ModelDescription(
          name, origin: ModelDescription.Origin(rawValue: row["origin"]) ?? .inferred,
          fields: fields[name] ?? [])
        // A snapshot that was stored before this was kept.
        guard row.hasColumn("naming") else { return BuiltIn.named(model) }
        return try ModelNaming.read(row["naming"], into: model)
      })
  }

  private static func field(_ row: Row) throws -> FieldDescription {
    let selection = try JSONDocument(parsing: row["selection"] as String).root.json
    var field = FieldDescription(
      row["name"], FieldType(odoo: row["type"]), label: row["label"], relation: row["relation"],
      inverse: row["inverse"], related: row["related"],
      selection: selection.elements?.compactMap(\.text) ?? [], isStored: row["stored"],
      isSearchable: row["searchable"], size: row["size"])
    field.listsActiveOnly = row["active_only"]
    field.isPresent = row["present"]
    // A snapshot that was stored before these were kept.
    guard row.hasColumn("translated") else { return field }
    field.listsOnlySome = row["some_only"]
    field.countsArchived = row["counts_archived"]
    field.isTranslated = row["translated"]
    return field
  }

  /// What was written of the snapshot as a whole; nil if it is not what we write.
  static func summary(in db: Database) throws -> LoadedSnapshot? {
    var facts: [String: String] = [:]
    for row in try Row.fetchAll(db, sql: "SELECT key, value FROM airlock_snapshot") {
      facts[row["key"]] = row["value"]
    }
    var counts: [String: Int] = [:]
    for row in try Row.fetchAll(db, sql: "SELECT name, rows FROM airlock_models WHERE complete") {
      counts[row["name"]] = row["rows"]
    }
    guard let digest = facts["digest"].flatMap(Digest.init(hex:)), let drop = facts["drop"],
      let form = facts["form"].flatMap(SnapshotContents.Form.init),
      let time = facts["loaded_at"].flatMap(Int.init)
    else { return nil }
    return LoadedSnapshot(
      digest: digest, dropDigest: facts["drop_digest"].flatMap(Digest.init(hex:)) ?? digest,
      dropName: drop, form: form,
      loadedAt: Date(timeIntervalSince1970: TimeInterval(time)), name: facts["name"],
      taken: facts["taken"].flatMap(UTCTime.init(text:)),
      follows: facts["follows"].flatMap(Digest.init(hex:)), overlay: facts["overlay"],
      languages: (facts["languages"] ?? "").split(separator: " ").map(String.init),
      external: facts["external"].flatMap(Int.init) ?? 0,
      counts: counts,
      notes: (facts["notes"] ?? "").split(separator: "\n").map(String.init))
  }
}
