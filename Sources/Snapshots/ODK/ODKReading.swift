internal import CSimdjson

/// One submission on its way into the batch: its tree is taken apart into flat records, one for the
/// form, one for each group, and one for each time that a repeat was filled in.
struct ODKReading {
  let reader: ODKReader
  let batch: RowBatch
  let events: UnsafePointer<sj_event>
  let record: UInt32

  /// Repeats of the record in hand, which follow once it has its row.
  private typealias Waiting = (field: ODKModel.Field, at: Int)

  /// Reads the submission.
  func submission(_ main: ODKModel) throws(RecordProblem) {
    guard events[0].sort == .object else {
      throw .wrongType("a submission, in { }", events[0].sort, event: 0)
    }
    main.lastID += 1
    var row = ODKRecord()
    row.add(main.own("id"), main.lastID)
    try fill(&row, of: main, id: main.lastID, at: 0)
  }

  /// Reads a repeat's record that came by itself.
  func line(_ model: ODKModel, parent: sj_event?) throws(RecordProblem) {
    model.lastID += 1
    var row = ODKRecord()
    row.add(model.own("id"), model.lastID)
    if let parent { row.add(model.own(ODK.parentKey), text: parent) }
    try fill(&row, of: model, id: model.lastID, at: 0)
  }

  /// Adds what an object holds to a row, puts the row in, and then what hangs on it.
  private func fill(
    _ row: inout ODKRecord, of model: ODKModel, id: Int64, at start: Int
  ) throws(RecordProblem) {
    var (groups, repeats): ([Waiting], [Waiting]) = ([], [])
    var at = start + 1
    while at < events[start].end {
      let value = at + 1
      try note(name(events[at]), value, of: model, id, &row, &groups, &repeats)
      at = isOpen(value) ? events[value].end + 1 : value + 1
    }
    row.close()
    try put(row, into: model)
    for group in groups { try readGroup(group, id: id) }
    for list in repeats { try readRepeat(list, of: model, id: id) }
  }

  private func note(
    _ raw: String, _ value: Int, of model: ODKModel, _ id: Int64, _ row: inout ODKRecord,
    _ groups: inout [Waiting], _ repeats: inout [Waiting]
  ) throws(RecordProblem) {
    let isMain = model.plan.name == ODK.mainModel
    if raw == "__id" { return row.add(model.own(ODK.instanceID), events, at: value) }
    if raw == "__system", isMain, events[value].sort == .object {
      if let date = member("submissionDate", of: value) {
        row.add(model.own(ODK.submissionDate), events, at: date)
      }
      let system = model.own(ODK.system)
      try link(system, of: model, value, id, &row)
      return groups.append((system, value))
    }
    // What OData says of an answer, and its keys to other tables, are not the form's.
    guard !raw.hasPrefix("__"), !raw.contains("@odata.") else { return }
    let field = try model.field(raw, at: value - 1, limit: reader.limits.fields)
    guard let kind = kind(of: value) else {
      if field.kind == nil { reader.unset[model.plan.name, default: []].insert(field.name) }
      return
    }
    guard field.kind == nil || field.kind == kind else {
      throw RecordProblem(
        .unevenForm, "the field is a group or a repeat in one submission and a value in another",
        event: value)
    }
    field.kind = kind
    switch kind {
    case .value: row.add(field, events, at: value)
    case .group:
      try link(field, of: model, value, id, &row)
      groups.append((field, value))
    case .repetition: repeats.append((field, value))
    }
  }

  /// Nil for what has no value. A place on the map is a value, and so is a list of no records.
  private func kind(of value: Int) -> ODKModel.Field.Kind? {
    switch events[value].sort {
    case .null: nil
    case .object: member("coordinates", of: value) == nil ? .group : .value
    case .array where events[value].end == value + 1: nil
    case .array: events[value + 1].sort == .object ? .repetition : .value
    default: .value
    }
  }

  /// Makes the many2one to a group's record, which has the same id.
  private func link(
    _ field: ODKModel.Field, of model: ODKModel, _ event: Int, _ id: Int64, _ row: inout ODKRecord
  ) throws(RecordProblem) {
    let child = try child(field, of: model, reserved: [], event)
    if model.plan[field.name] == nil {
      _ = try model.plan.addBack(field.name, to: child.plan.name, event: event)
    }
    row.add(field, id)
  }

  private func readGroup(_ group: Waiting, id: Int64) throws(RecordProblem) {
    guard let child = group.field.child else { return }
    var row = ODKRecord()
    row.add(child.own("id"), id)
    try fill(&row, of: child, id: id, at: group.at)
  }

  private func readRepeat(
    _ list: Waiting, of model: ODKModel, id: Int64
  ) throws(RecordProblem) {
    let isNew = list.field.child == nil
    let child = try child(
      list.field, of: model, reserved: [ODK.owner, ODK.instanceID], list.at)
    if isNew {
      _ = try child.plan.addBack(ODK.owner, to: model.plan.name, event: list.at)
      reader.repeats.append((model.plan.name, list.field.name, child.plan.name))
    }
    var at = list.at + 1
    while at < events[list.at].end {
      guard events[at].sort == .object else {
        throw .wrongType("a record, in { }", events[at].sort, event: at)
      }
      child.lastID += 1
      var row = ODKRecord()
      row.add(child.own("id"), child.lastID)
      row.add(child.own(ODK.owner), id)
      try fill(&row, of: child, id: child.lastID, at: at)
      at = events[at].end + 1
    }
  }

  private func child(
    _ field: ODKModel.Field, of model: ODKModel, reserved: Set<String>, _ event: Int
  ) throws(RecordProblem) -> ODKModel {
    if let known = field.child { return known }
    do {
      let name = model.plan.name + "." + ODKModel.part(field.name)
      let child = try reader.model(name, reserved: reserved, batch)
      field.child = child
      return child
    } catch {
      throw RecordProblem(error.kind, error.fact, event: event)
    }
  }

  private func put(_ row: ODKRecord, into model: ODKModel) throws(RecordProblem) {
    let outcome = row.events.withUnsafeBufferPointer { made -> Result<Void, RecordProblem> in
      guard let base = made.baseAddress else { return .success(()) }
      let reading = RecordReading(
        intake: reader.intake, batch: batch, events: base, record: record, mayHoldNUL: true)
      return Result { () throws(RecordProblem) in
        try reading.read(
          at: 0, of: model.plan, into: batch.tables[model.plan.number], parent: nil)
      }
    }
    // The place of the value in the record that we made up says nothing to people.
    if case .failure(let problem) = outcome {
      throw RecordProblem(problem.kind, problem.fact, event: 0)
    }
  }

  private func member(_ wanted: String, of object: Int) -> Int? {
    var at = object + 1
    while at < events[object].end {
      if name(events[at]) == wanted { return at + 1 }
      at = isOpen(at + 1) ? events[at + 1].end + 1 : at + 2
    }
    return nil
  }

  private func isOpen(_ at: Int) -> Bool {
    events[at].sort == .object || events[at].sort == .array
  }

  private func name(_ key: sj_event) -> String {
    String(
      decoding: UnsafeRawBufferPointer(start: key.payload.bytes, count: Int(key.length)),
      as: UTF8.self)
  }
}
