internal import CSimdjson

extension ODKReader {
  /// Makes rows of the rows of a CSV file.
  func parse(_ batch: RowBatch, _ header: CSVHeader) throws(SnapshotFault) {
    let text = batch.records
    if table == nil { table = try ODKTable(header, file: text.file) }
    guard let table else { return }
    for index in 0..<text.cells.count where text.cells.base[index].hasDoubled {
      text.cells.base[index].undouble(in: text.bytes.base)
    }
    for row in 0..<text.spans.count {
      let cells = UnsafePointer(text.cells.base + row * header.names.count)
      do {
        try read(row, cells, of: table, batch)
      } catch {
        throw SnapshotFault(error.kind, error.fact, at: text.place(of: row))
      }
    }
  }

  private func read(
    _ row: Int, _ cells: UnsafePointer<CSVCell>, of table: ODKTable, _ batch: RowBatch
  ) throws(SnapshotFault) {
    let base = UnsafePointer(batch.records.bytes.base)
    let events = table.events(cells, base)
    let child = try table.parent.map { column throws(SnapshotFault) in
      (
        model: try repetition(cells[table.key], base, batch),
        parent: ODKTable.text(cells[column], base)
      )
    }
    let main = try mainModel(batch)
    let outcome = events.withUnsafeBufferPointer { made -> Result<Void, RecordProblem> in
      guard let start = made.baseAddress else { return .success(()) }
      let reading = ODKReading(reader: self, batch: batch, events: start, record: UInt32(row))
      return Result { () throws(RecordProblem) in
        if let child {
          try reading.line(child.model, parent: child.parent)
        } else {
          try reading.submission(main)
        }
      }
    }
    if case .failure(let problem) = outcome { throw SnapshotFault(problem.kind, problem.fact) }
  }

  /// The table of the repeat that a key belongs to; one for each file.
  private func repetition(
    _ cell: CSVCell, _ base: UnsafePointer<UInt8>, _ batch: RowBatch
  ) throws(SnapshotFault) -> ODKModel {
    let bytes = UnsafeBufferPointer(start: base + Int(cell.start), count: cell.count)
    guard let key = ODKKey(String(decoding: bytes, as: UTF8.self)) else {
      throw SnapshotFault(.unevenForm, "the KEY of a repeat is not like uuid:…/repeat[1]")
    }
    if let known = repetition {
      guard known.key.path == key.path else {
        throw SnapshotFault(.unevenForm, "the file holds records of two repeats")
      }
      return known.model
    }
    let names = key.path.map { ODKModel.safe($0, []) }
    let name = Self.modelName(names[...])
    guard models[name] == nil else {
      throw SnapshotFault(.unevenForm, "two parts of the form become the same model in the store")
    }
    let model = try model(name, reserved: [ODK.owner, ODK.instanceID, ODK.parentKey], batch)
    do {
      let slot = try model.plan.addBack(ODK.owner, to: ODK.mainModel, event: 0)
      model.plan.addColumn(for: slot)
    } catch {
      throw SnapshotFault(error.kind, error.fact)
    }
    batch.changes.append(.column(table: model.plan.number, name: ODK.owner, .integer))
    repetition = (key, model)
    loose.append((names, key.base))
    return model
  }

  static func modelName(_ names: ArraySlice<String>) -> String {
    ([ODK.mainModel] + names.map(ODKModel.part)).joined(separator: ".")
  }
}
