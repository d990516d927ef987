internal import GRDB
internal import Secrets

// To take a row out, SQLite goes down the table's tree and down that of each index: five to eight
// microseconds a row, two seconds for 300,000 of them. Here each leaf is read once, and made anew without
// the cells that go.
//
// What that does not reach is left to SQLite: a row of which a cell stands in the interior of an index's
// tree, or is too long for its page, or would leave its leaf empty, which only a root may be. The words are
// those of "Database File Format" of SQLite, sections 1.5 and 1.6. Must never: take a row out of one tree
// and leave it in another.

/// Takes many rows out of a table and its indexes.
struct LeafDeletion {
  /// The b-tree of a table, or of one of its indexes.
  struct Tree {
    enum Kind {
      case table, index
      /// An index of some of the rows only.
      case partialIndex
    }

    let root: UInt32
    let kind: Kind
  }

  private let file: PageFile
  private let room: ChunkBuffer

  /// - Parameter descriptor: of a whole file without a journal that nobody has open, to read and write.
  /// - Throws: `damaged` if it is no file that we make.
  init(_ descriptor: Int32) throws(LoadFault) {
    file = try PageFile(descriptor)
    room = ChunkBuffer(count: file.pageSize)
  }

  /// Copies that SQLite left elsewhere when it moved a row stay until the file is scrubbed.
  /// - Parameters:
  ///   - ids: ascending.
  ///   - trees: of the table first, which has row ids, and of all of its indexes.
  /// - Returns: those of them that are left to SQLite, ascending.
  /// - Throws: `damaged` where the trees are not as the format says, or contradict each other; or if the
  ///   file cannot be written. It must not come in force then.
  func run(_ ids: [Int64], of trees: [Tree]) throws(LoadFault) -> [Int64] {
    let asked = FoundIDs(ids)
    var (leaves, hard): ([[UInt32]], Set<Int64>) = ([], [])
    for tree in trees {
      let survey = try survey(tree, for: asked)
      guard !survey.hasLongKeys else { return ids }
      leaves.append(survey.leaves)
      hard.formUnion(survey.hard)
    }
    let going = FoundIDs(ids.filter { !hard.contains($0) })
    var gone: [Tally] = []
    for leaves in leaves { gone.append(try delete(going, from: leaves)) }
    for (tree, tally) in zip(trees, gone) where tree.kind != .partialIndex && tally != gone.first {
      throw PageFile.damaged(tree.root)
    }
    return hard.sorted()
  }

  // MARK: What a tree has of them

  private struct Survey {
    /// The leaves from which something goes.
    var leaves: [UInt32] = []
    /// Rows that cannot go by their leaves.
    var hard: Set<Int64> = []
    /// Keys that go on in other pages, of whichever row.
    var hasLongKeys = false
  }

  private func survey(_ tree: Tree, for ids: FoundIDs) throws(LoadFault) -> Survey {
    var survey = Survey()
    var (next, budget) = ([tree.root], file.pageCount)
    while let number = next.popLast() {
      guard budget > 0, let page = try TreePage(file.page(number), number),
        page.isOfTable == (tree.kind == .table)
      else { throw PageFile.damaged(number) }
      budget -= 1
      if !page.isLeaf { next += try page.children() }
      if page.isLeaf || !page.isOfTable { try note(page, ids, in: &survey) }
    }
    return survey
  }

  private func note(
    _ page: TreePage, _ ids: FoundIDs, in survey: inout Survey
  ) throws(LoadFault) {
    var (going, hard, last) = (0, 0, Int64(0))
    for place in 0..<page.cellCount {
      let cell = try page.cell(place)
      guard let id = try page.rowID(of: cell) else {
        survey.hasLongKeys = true
        continue
      }
      guard ids.contains(id) else { continue }
      (going, last) = (going + 1, id)
      if !page.isLeaf || cell.long != nil {
        survey.hard.insert(id)
        hard += 1
      }
    }
    if page.isLeaf, going > 0 { survey.leaves.append(page.number) }
    if page.isLeaf, going == page.cellCount, going > 0, hard == 0 { survey.hard.insert(last) }
  }

  // MARK: Deleting

  /// What went from a tree: it must be the same from each.
  private struct Tally: Equatable {
    var rows = 0
    var sum: Int64 = 0
  }

  private func delete(
    _ ids: FoundIDs, from leaves: [UInt32]
  ) throws(LoadFault) -> Tally {
    var tally = Tally()
    for number in leaves {
      guard let page = try TreePage(file.page(number), number) else {
        throw PageFile.damaged(number)
      }
      var staying: [Range<Int>] = []
      staying.reserveCapacity(page.cellCount)
      for place in 0..<page.cellCount {
        let cell = try page.cell(place)
        if let id = try page.rowID(of: cell), ids.contains(id) {
          (tally.rows, tally.sum) = (tally.rows + 1, tally.sum &+ id)
        } else {
          staying.append(cell.range)
        }
      }
      try page.copy(into: room.bytes, only: staying)
      try file.write(room.prefix(file.pageSize), as: number)
    }
    return tally
  }
}

extension LeafDeletion.Tree {
  /// Those of a table, its own first.
  static func all(of table: String, in db: Database) throws -> [Self] {
    let roots = try Row.fetchAll(
      db,
      sql: """
        SELECT rootpage, -1 AS partial FROM sqlite_schema WHERE type = 'table' AND name = ?1
        UNION ALL
        SELECT s.rootpage, i.partial FROM pragma_index_list(?1) AS i
        JOIN sqlite_schema AS s ON s.type = 'index' AND s.name = i.name
        ORDER BY partial
        """, arguments: [table])
    return roots.map { row in
      let partial: Int = row["partial"]
      return Self(
        root: row["rootpage"], kind: partial < 0 ? .table : partial == 0 ? .index : .partialIndex)
    }
  }
}
