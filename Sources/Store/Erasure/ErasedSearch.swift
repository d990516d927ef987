internal import GRDB

/// Looks through a snapshot for erased VIDs: reg ids whose value is one, and columns beside them, which a
/// table that was joined, or a form, may have.
///
/// Only what is an erased VID as a whole is found. A VID within a longer text stays, and so does one in a
/// column of numbers: `ErasureScan` finds the former.
struct ErasedSearch {
  private let db: Database
  private let erased: ErasedVIDs
  private let hasher: VIDHasher
  /// The name of the VID type.
  private let vidType: String
  private let owners: FoundIDs
  /// Whether there are some of whom it is not known any more whose they were.
  private let isAnyones: Bool

  /// - Parameter hasher: with the site's key.
  init(_ db: Database, _ erased: ErasedVIDs, _ hasher: VIDHasher, vidType: String) {
    (self.db, self.erased, self.hasher, self.vidType) = (db, erased, hasher, vidType)
    owners = FoundIDs(erased.owners.sorted())
    isAnyones = owners.contains(TokenStore.nobody)
  }

  /// In a form, which does not say whose a record is, anywhere; else in the record of the registrant
  /// who had the VID, and in those that are theirs. A reg id of the VID type goes whosever it is.
  func run(_ kind: SnapshotKind) throws -> ErasedPlaces {
    try run(kind, searchRegIDs)
  }

  /// The same in a registry of which it is known in which reg ids they stand.
  func run(knowing regIDs: ErasedRegIDs) throws -> ErasedPlaces {
    try run(.registry) { try searchRegIDs($0, knowing: regIDs, &$1) }
  }

  private func run(
    _ kind: SnapshotKind, _ searchRegIDs: (Columns, inout ErasedPlaces) throws -> Void
  ) throws -> ErasedPlaces {
    var found = ErasedPlaces()
    guard !erased.isEmpty else { return found }
    let tables = try String.fetchAll(
      db, sql: "SELECT name FROM airlock_models WHERE complete ORDER BY name")
    for table in tables {
      let columns = try Columns(of: table, db)
      if kind == .odk {
        try search(columns, owner: "NULL", &found)
      } else if columns.areRegIDs {
        try searchRegIDs(columns, &found)
      } else if table == kind.mainModel {
        try searchMain(columns, &found)
      } else if columns.names.contains("partner_id") {
        try search(columns, owner: quoted("partner_id"), &found)
      }
    }
    return found
  }

  /// What a table has.
  private struct Columns {
    let table: String
    let names: Set<String>
    /// Those that may hold text: without a type a column keeps whatever came.
    var texts: [String]

    init(of table: String, _ db: Database) throws {
      self.table = table
      let columns = try Row.fetchAll(db, sql: "PRAGMA main.table_info(\(quoted(table)))")
      names = Set(columns.map { $0["name"] as String })
      texts = columns.filter { ["TEXT", ""].contains($0["type"] as String) }.map { $0["name"] }
    }

    var areRegIDs: Bool {
      table == "g2p.reg.id" && names.isSuperset(of: ["id", "partner_id", "id_type", "value"])
    }

    /// - Parameter first: comes before the texts.
    func select(_ first: [String], _ texts: [String]) -> String {
      let list = (first + texts.map(quoted)).joined(separator: ", ")
      return "SELECT \(list) FROM \(quoted(table)) NOT INDEXED"
    }
  }

  // MARK: Columns

  private func search(_ columns: Columns, owner: String, _ found: inout ErasedPlaces) throws {
    guard columns.names.contains("id"), !columns.texts.isEmpty else { return }
    let rows = try BareStatement(db, columns.select(["\"id\"", owner], columns.texts))
    while try rows.next() { note(rows, from: 2, columns.table, columns.texts, &found) }
  }

  /// Most records are of nobody who had a VID erased.
  private func searchMain(_ columns: Columns, _ found: inout ErasedPlaces) throws {
    guard columns.names.contains("id"), !columns.texts.isEmpty else { return }
    guard !isAnyones else { return try search(columns, owner: "\"id\"", &found) }
    let texts = columns.texts.map { "m.\(quoted($0))" }.joined(separator: ", ")
    let rows = try BareStatement(
      db,
      """
      SELECT m."id", m."id", \(texts)
      FROM json_each(?) AS owner CROSS JOIN \(quoted(columns.table)) AS m ON m."id" = owner.value
      """)
    rows.bind(owners.list, at: 1)
    while try rows.next() { note(rows, from: 2, columns.table, columns.texts, &found) }
  }

  /// - Parameter rows: the id, whose it is, and from a column on, the texts.
  private func note(
    _ rows: BareStatement, from first: Int, _ table: String, _ columns: [String],
    _ found: inout ErasedPlaces
  ) {
    let owner = rows.isNull(1) ? nil : rows.integer(1)
    guard owner.map({ isAnyones || owners.contains($0) }) ?? true else { return }
    for (column, name) in columns.enumerated() {
      let place = Int32(first + column)
      guard erased.mayBe(rows.byteCount(place)), !rows.isNull(place),
        let registrant = erased.find(rows.text(place), hasher)?.registrant,
        owner == nil || owner == registrant || registrant == TokenStore.nobody
      else { continue }
      found.values.append(.init(table: table, column: name, id: rows.integer(0)))
    }
  }

  // MARK: Reg ids

  private func searchRegIDs(_ columns: Columns, _ found: inout ErasedPlaces) throws {
    let vidTypes = try vidTypes()
    let others = columns.texts.filter { $0 != "value" }
    let rows = try BareStatement(db, columns.select(Self.regIDColumns, others))
    while try rows.next() {
      if !noteIfGone(rows, vidTypes, &found) { note(rows, from: 4, columns.table, others, &found) }
    }
  }

  /// Of values that stand once, nothing but the other columns is looked at.
  private func searchRegIDs(
    _ columns: Columns, knowing known: ErasedRegIDs, _ found: inout ErasedPlaces
  ) throws {
    let vidTypes = try vidTypes()
    let rows = try BareStatement(db, Self.byValue)
    for value in known.repeated {
      value.withUnsafeBufferPointer { rows.bind($0, at: 1) }
      while try rows.next() { _ = noteIfGone(rows, vidTypes, &found) }
    }
    found.regIDs = (found.regIDs + known.ids).sortedOnce
    var others = columns
    others.texts.removeAll { $0 == "value" }
    try search(others, owner: quoted("partner_id"), &found)
  }

  /// Along the index: there may be many values.
  static let byValue =
    "SELECT \(regIDColumns.joined(separator: ", ")) FROM \"g2p.reg.id\" WHERE \"value\" = ?1"
  private static let regIDColumns = ["\"id\"", "\"partner_id\"", "\"id_type\"", "\"value\""]

  /// Notes a row that goes because of its value, and says so. The value of a row of nobody goes alone.
  private func noteIfGone(
    _ row: BareStatement, _ vidTypes: Set<Int64>, _ found: inout ErasedPlaces
  ) -> Bool {
    guard !row.isNull(3), let (vid, registrant) = erased.find(row.text(3), hasher) else {
      return false
    }
    if vidTypes.contains(row.integer(2)) || registrant == row.integer(1) {
      found.regIDs.append(row.integer(0))
      found.met.insert(vid)
      return true
    }
    if row.isNull(1) || registrant == TokenStore.nobody {
      found.values.append(.init(table: "g2p.reg.id", column: "value", id: row.integer(0)))
    }
    return false
  }

  private func vidTypes() throws -> Set<Int64> {
    guard try SnapshotOverlay.columns(of: "g2p.id.type", db).contains("name") else { return [] }
    return Set(
      try Int64.fetchAll(
        db, sql: "SELECT \"id\" FROM \"g2p.id.type\" WHERE \"name\" = ?", arguments: [vidType]))
  }
}

/// In which reg ids erased VIDs stand as their registrants' own.
struct ErasedRegIDs {
  let ids: [Int64]
  /// VIDs that stand in more rows than one.
  let repeated: Set<[UInt8]>
}

/// Where erased VIDs stand in a snapshot.
struct ErasedPlaces: Sendable {
  struct Value: Sendable {
    let table: String
    let column: String
    let id: Int64
  }

  /// Rows that go, ascending.
  var regIDs: [Int64] = []
  /// The VIDs of those that were searched for.
  var met: Set<VIDMark> = []
  /// What goes, and leaves nothing (NULL) in its place.
  var values: [Value] = []

  /// Takes out the values, and rows.
  /// - Parameter rows: those that are still there.
  func clear(_ rows: [Int64], in db: Database) throws {
    try SnapshotOverlay.delete(rows, in: db)
    for value in values {
      let statement = try db.cachedStatement(
        sql: "UPDATE \(quoted(value.table)) SET \(quoted(value.column)) = NULL WHERE \"id\" = ?")
      try statement.execute(arguments: [value.id])
    }
  }
}

extension [Int64] {
  /// Each once, ascending.
  fileprivate var sortedOnce: [Int64] {
    var once: [Int64] = []
    for id in sorted() where once.last != id { once.append(id) }
    return once
  }
}
