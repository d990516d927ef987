internal import Language
package import Secrets

/// Reads submissions from their first byte to their last and gives their rows, batch by batch.
package final class ODKReader: RowReader {
  private let source: SnapshotSource
  let limits: SnapshotLimits
  let intake: Intake
  private let input: HeadedInput
  private var feed: RecordFeed?
  private var isEnded = false
  private(set) var models: [String: ODKModel] = [:]
  /// The table of a CSV file in hand, and the repeat whose records it holds.
  var table: ODKTable?
  var repetition: (key: ODKKey, model: ODKModel)?
  /// Repeats that came by themselves: their names in the form, and how many of them lead to what they
  /// belong to.
  var loose: [(names: [String], base: Int)] = []
  /// The one2many of each repeat: whose it is, its name, and the model of its records.
  var repeats: [(model: String, field: String, child: String)] = []
  /// Fields that were seen without a value, by model.
  var unset: [String: Set<String>] = [:]

  private var isMediaNoted = false
  /// Whether the submissions came as CSV.
  private(set) var isTable = false

  package var head: SnapshotHead? { nil }
  package var deletions: [Deletion] { [] }

  /// - Throws: what opening the source throws.
  package init(_ source: SnapshotSource, limits: SnapshotLimits = SnapshotLimits()) throws {
    self.source = source
    self.limits = limits
    intake = Intake(catalog: ModelCatalog([]), limits: limits)
    input = HeadedInput(try source.open(), file: source.name, limits: limits)
    input.passOver(folder: ODKForm.mediaFolder)
  }

  package func read(into batch: RowBatch) throws -> Bool {
    batch.clear()
    intake.provide(batch)
    while true {
      if try feed?.fill(batch.records, from: input) ?? false {
        if let header = feed?.header {
          try parse(batch, header)
        } else {
          try parse(batch)
        }
        return true
      }
      guard try openNext(batch) else { return try end(batch) }
    }
  }

  /// - Throws: `emptyFile`, and what the source throws.
  package func finish() throws -> (contents: SnapshotContents, digest: Digest) {
    guard models[ODK.mainModel]?.lastID ?? 0 > 0 else {
      throw SnapshotFault(
        .emptyFile, "there are no submissions in it", at: SnapshotPlace(source.name))
    }
    return (try ODKContents(self).read(), try input.finish())
  }

  private func openNext(_ batch: RowBatch) throws -> Bool {
    (feed, table, repetition) = (nil, nil, nil)
    while let name = try input.next() {
      if input.isArchive, ODKForm.isAttachment(name) || (try? EntryRole(name))?.isPassedOver == true
      {
        continue
      }
      let file = input.isArchive ? name : source.name
      let start = try input.peek(TextForm.headBytes)
      switch ODKForm(start) {
      case .json: feed = RecordFeed(file: file, isCSV: false, limits: limits)
      case .csv:
        feed = RecordFeed(file: file, isCSV: true, limits: limits)
        isTable = true
      case nil where input.isArchive && ODKForm.isAudit(start):
        intake.note(
          "\(SnapshotPlace(name)): left out, since it is the log of how forms were filled in")
        continue
      case nil:
        throw SnapshotFault(
          .unevenForm, "this is no export of ODK Central's", at: SnapshotPlace(file))
      }
      return true
    }
    noteMedia()
    return false
  }

  private func noteMedia() {
    guard input.passedOver > 0, !isMediaNoted else { return }
    isMediaNoted = true
    intake.note("\(ODKForm.mediaFolder)/: left out, \(input.passedOver) attachments of submissions")
  }

  /// The table of the form, or of a part of it; made if it is new.
  func model(
    _ name: String, reserved: Set<String>, _ batch: RowBatch
  ) throws(SnapshotFault) -> ODKModel {
    if let known = models[name] { return known }
    let plan = try intake.model(name, from: .file(source.name), into: batch)
    let model = ODKModel(plan, reserved: reserved.union(["id"]))
    models[name] = model
    return model
  }

  func mainModel(_ batch: RowBatch) throws(SnapshotFault) -> ODKModel {
    try model(ODK.mainModel, reserved: [ODK.instanceID, ODK.submissionDate, ODK.system], batch)
  }

  private func parse(_ batch: RowBatch) throws(SnapshotFault) {
    let place = ProblemPlace(text: batch.records, limits: limits)
    let main = try mainModel(batch)
    for (index, span) in batch.records.spans.elements.enumerated() {
      let bytes = batch.records.bytes(of: span)
      guard bytes.count <= limits.recordBytes else {
        throw SnapshotFault(
          .tooLarge, "the submission is larger than \(limits.recordBytes) bytes",
          at: batch.records.place(of: index))
      }
      guard let events = batch.parser.parse(bytes, depth: limits.depth)?.baseAddress else {
        throw try place.syntaxFault(record: index)
      }
      let reading = ODKReading(reader: self, batch: batch, events: events, record: UInt32(index))
      do {
        try reading.submission(main)
      } catch {
        throw try place.fault(error, record: index)
      }
    }
  }

  /// Makes the columns of fields that never had a value, so that they can be asked for.
  private func end(_ batch: RowBatch) throws -> Bool {
    guard !isEnded else { return false }
    isEnded = true
    for (name, fields) in unset.sorted(by: { $0.key < $1.key }) {
      guard let plan = models[name]?.plan else { continue }
      for field in fields.sorted() where plan[field] == nil {
        guard let slot = try? plan.add(field, limit: .max, event: 0) else { continue }
        plan.addColumn(for: slot)
        batch.changes.append(.column(table: plan.number, name: field, .any))
      }
    }
    return !batch.changes.isEmpty
  }
}
