package import Language
package import Secrets

/// Reads a drop from its first byte to its last and gives its rows, batch by batch.
///
/// The files of a tar or zip come in any order. When the description of a model comes after its
/// records, those were typed by the wrong one: `LateDescriptions` is thrown, with all descriptions
/// of the drop, and a second reader that knows them from the start does it right.
package final class SnapshotReader {
  /// The model of the registrants.
  package static let mainModel = "res.partner"

  private let source: SnapshotSource
  let limits: SnapshotLimits
  /// The descriptions that are known from an earlier reading of the same drop.
  private let early: [String: ModelDescription]
  let intake: Intake
  /// The models of the snapshot in force, if what is read is a delta of it.
  private let base: ModelCatalog?
  private let input: HeadedInput
  private var feed: RecordFeed?
  /// Where the records of the file in hand go.
  private var plan: ModelPlan?
  private var csv: CSVFile?
  private var parts = PartFields()
  /// The descriptions that came with the drop so far.
  private var described: [String: ModelDescription] = [:]
  /// Records so far, by table number.
  private var counts: [Int] = []
  private var isDone = false
  private var isHeadNoted = false
  /// What a delta removes: all of it, once everything has been read.
  package private(set) var deletions: [Deletion] = []
  /// What the drop says of itself, once something has been read.
  package var head: SnapshotHead? { input.head }

  /// - Parameters:
  ///   - catalog: the models as they are known without the drop.
  ///   - base: the models of the snapshot in force, for a delta.
  /// - Throws: what opening the source throws.
  package init(
    _ source: SnapshotSource, catalog: ModelCatalog, base: ModelCatalog? = nil,
    early: [String: ModelDescription] = [:], limits: SnapshotLimits = SnapshotLimits()
  ) throws {
    self.source = source
    self.limits = limits
    self.early = early
    self.base = base
    let known = try early.values.map { model in
      guard let base else { return model }
      return try DeltaDescription.merge(model, onto: base[model.name], file: source.name)
    }
    intake = Intake(catalog: (base ?? catalog).overlaid(by: ModelCatalog(known)), limits: limits)
    input = HeadedInput(try source.open(), file: source.name, limits: limits)
  }

  /// Fills the batch with the next rows; false when there are no more.
  /// - Throws: `SnapshotFault`, `LateDescriptions`, and what the source throws.
  package func read(into batch: RowBatch) throws -> Bool {
    batch.clear()
    intake.provide(batch)
    while true {
      if let feed, try feed.fill(batch.records, from: input) {
        try parse(batch, from: feed)
        count(batch)
        return true
      }
      // A table without rows has columns all the same.
      if let header = feed?.header { try csv?.begin(header, batch) }
      guard try openNext(batch) else { return !batch.changes.isEmpty }
    }
  }

  /// What the drop held, and the digest of its bytes. Call it once, after the last batch.
  /// - Throws: `noRegistrants`, `countDiffers`, and what the source throws.
  package func finish() throws -> (contents: SnapshotContents, digest: Digest) {
    guard intake.hasRecords(of: Self.mainModel) || intake.isDelta else {
      throw SnapshotFault(
        .noRegistrants, "there is no \(Self.mainModel) in it", at: SnapshotPlace(source.name))
    }
    try PartFields.requireKnown(intake)
    for (model, file) in intake.namedOnly.sorted(by: { $0.key < $1.key })
    where intake.hasRecords(of: model) {
      throw SnapshotFault(
        .namesOnly, "this names records of \(model) without their ids, and \(model) has a file",
        at: SnapshotPlace(file))
    }
    for (model, file) in intake.externalLinks.sorted(by: { $0.key < $1.key })
    where intake.plan(of: model).map({ $0[ExternalID.field] == nil }) == true {
      throw SnapshotFault(
        .namesOnly,
        "this names records of \(model) by external ids, and the file of \(model) has none",
        at: SnapshotPlace(file))
    }
    try intake.copied.settle()
    for note in input.notes { intake.note(note) }
    let came = zip(intake.models, counts).map { ($0.name, $1) }
    try HeadCounts.require(
      head?.counts ?? [:], came: Dictionary(uniqueKeysWithValues: came), file: source.name)
    return (intake.contents(), try input.finish())
  }

  private func count(_ batch: RowBatch) {
    for (number, table) in batch.tables.enumerated() {
      if number == counts.count { counts.append(0) }
      counts[number] += table.rows.count
    }
  }

  /// Goes to the next file with records; false if there is none.
  private func openNext(_ batch: RowBatch) throws -> Bool {
    if let feed, feed.isBlank, !input.isArchive, head == nil {
      throw SnapshotFault(.emptyFile, "the file is empty", at: SnapshotPlace(source.name))
    }
    try parts.end(csv, intake)
    (feed, csv) = (nil, nil)
    while !isDone, let name = try input.next() {
      try noteHead()
      guard input.isArchive else {
        try open(loneModel, file: source.name, batch, isCSV: false)
        return true
      }
      switch try EntryRole(name) {
      case .litter: continue
      case .stray:
        intake.note("\(SnapshotPlace(name)): left out, since it is no file of records")
      case .head:
        throw SnapshotFault(
          .badHead, "the head must be the first file of the archive", at: SnapshotPlace(name))
      case .deletions: try readDeletions(file: name)
      case .description(let model): try describe(model, file: name)
      case .facts(let model): try readFacts(of: model, file: name)
      case .records(let model):
        try open(model, file: name, batch, isCSV: false)
        return true
      case .table(let table):
        try open(table: table, file: name, batch)
        return true
      }
    }
    // A delta may be nothing but its head.
    try noteHead()
    isDone = true
    return false
  }

  /// Called with the first entry in hand, before any record is read.
  private func noteHead() throws(SnapshotFault) {
    guard let head, !isHeadNoted else { return }
    isHeadNoted = true
    intake.isDelta = head.kind == .delta
    deletions = head.deleted
  }

  private func readDeletions(file: String) throws {
    guard intake.isDelta else {
      throw SnapshotFault(
        .badHead, "only a delta removes records, and this snapshot says nowhere that it is one",
        at: SnapshotPlace(file))
    }
    let text = try input.readAll(limit: limits.deletionBytes)
    deletions += try Deletion.read(lines: text, file: file, limits: limits)
  }

  /// A lone file holds registrants, unless its name says that it is the table of another model.
  private var loneModel: String {
    let model = TableName.stem(source.name).map { TableName.model($0, in: intake.catalog) }
    return model.flatMap { intake.catalog[$0] == nil ? nil : $0 } ?? Self.mainModel
  }

  /// Opens a file that is CSV by its name: records, or the pairs of a relation.
  private func open(table: String, file: String, _ batch: RowBatch) throws(SnapshotFault) {
    guard table.hasSuffix("_rel") else {
      return try open(
        TableName.model(table, in: intake.catalog), file: file, batch, isCSV: true)
    }
    plan = nil
    feed = RecordFeed(file: file, isCSV: true, table: input.table, limits: limits)
    csv = CSVFile(file, intake, .pairs(table: TableName.bare(table)))
  }

  private func parse(_ batch: RowBatch, from feed: RecordFeed) throws {
    if let header = feed.header {
      do {
        try csv?.read(batch, header)
      } catch {
        // A description that is still to come may know labels that we do not.
        guard input.isArchive, early.isEmpty, (try? describeRest()) != nil, !described.isEmpty
        else { throw error }
        throw LateDescriptions(models: described)
      }
    } else if let plan {
      try parse(batch, of: plan)
    }
  }

  private func open(
    _ model: String, file: String, _ batch: RowBatch, isCSV: Bool
  ) throws(SnapshotFault) {
    do {
      let plan = try intake.model(model, from: .file(file), into: batch)
      self.plan = plan
      csv = CSVFile(file, intake, .records(plan))
      parts.begin(plan, file, intake)
    } catch {
      throw SnapshotFault(error.kind, error.fact, at: SnapshotPlace(file))
    }
    feed = RecordFeed(file: file, isCSV: isCSV, table: input.table, limits: limits)
  }

  private func describe(_ model: String, file: String) throws {
    let description = try readDescription(of: model, file: file)
    if let known = early[model] {
      guard known == description else { throw changed }
      return
    }
    guard early.isEmpty else { throw changed }
    intake.catalog[model] =
      if let base {
        try DeltaDescription.merge(description, onto: base[model], file: file)
      } else {
        description
      }
    guard intake.hasRecords(of: model) || intake.lacking.contains(model) else { return }
    try describeRest()
    throw LateDescriptions(models: described)
  }

  private func readDescription(of model: String, file: String) throws -> ModelDescription {
    let description = try FieldsGet.read(
      try input.readAll(limit: limits.descriptionBytes), model: model,
      known: BuiltIn.catalog[model], file: file, limits: limits)
    guard described.updateValue(description, forKey: model) == nil else {
      throw SnapshotFault(
        .twoSources, "\(model) is described twice", at: SnapshotPlace(file))
    }
    return description
  }

  private func readFacts(of model: String, file: String) throws {
    let facts = try ModelFacts(
      try input.readAll(limit: limits.descriptionBytes), file: file, limits: limits)
    guard intake.facts.updateValue(facts, forKey: model) == nil else {
      throw SnapshotFault(
        .twoSources, "\(model) is described twice", at: SnapshotPlace(file))
    }
  }

  /// Reads the descriptions that are still to come, and nothing else.
  private func describeRest() throws {
    while let name = try input.next() {
      guard case .description(let model) = try EntryRole(name) else { continue }
      _ = try readDescription(of: model, file: name)
    }
  }

  private var changed: SnapshotFault {
    SnapshotFault(
      .changedWhileReading, "the file changed while it was read", at: SnapshotPlace(source.name))
  }
}
