extension CSVReading {
  /// The record that a many2one leads to.
  func target(_ link: CSVGroup.Link) throws(RecordProblem) -> Cell {
    let id: Int64
    if !isBlank(link.id) {
      id = try number(link.id)
    } else if !isBlank(link.external) {
      id = try externalID(text(link.external), link.linked, link.external)
    } else if !isBlank(link.name), !link.needsID {
      id = madeUp(text(link.name), link.linked)
    } else {
      return .null
    }
    if !isBlank(link.name) { try note(id, link.name, text(link.name), link.names) }
    return .integer(id)
  }

  /// Reads the lists of a record.
  /// - Parameter isNew: whether the row begins the record, and does not go on with it.
  func readLists(of group: CSVGroup, isNew: Bool) throws(RecordProblem) {
    let owner = group.current.base.pointee
    for index in 0..<group.lists.count {
      let list = group.lists.base + index
      guard
        !isBlank(list.pointee.id) || !isBlank(list.pointee.external)
          || !isBlank(list.pointee.name)
      else { continue }
      if !isNew {
        list.pointee.isOneARow = true
        try requireOneKind(list)
      }
      for id in try ids(list) {
        batch.lists[Int(list.pointee.list)].pairs.append(.init(owner: owner, target: id))
      }
    }
  }

  private func ids(
    _ list: UnsafeMutablePointer<CSVGroup.List>
  ) throws(RecordProblem) -> [Int64] {
    let found: [Int64]
    if !isBlank(list.pointee.id) {
      found = try databaseIDs(list.pointee.id)
    } else if !isBlank(list.pointee.external) {
      let column = list.pointee.external
      var ids: [Int64] = []
      for part in bytes(column).split(separator: UInt8(ascii: ",")) {
        ids.append(
          try externalID(
            UnsafeBufferPointer(rebasing: part), list.pointee.linked, column))
      }
      found = ids
    } else {
      return try names(list)
    }
    if found.count == 1, !isBlank(list.pointee.name) {
      try note(
        found[0], list.pointee.name, text(list.pointee.name), list.pointee.names)
    }
    return found
  }

  /// One name a row, or names with commas between. A name with a comma in it cannot be told from two
  /// names: whoever has one and the other in one file is refused.
  private func names(
    _ list: UnsafeMutablePointer<CSVGroup.List>
  ) throws(RecordProblem) -> [Int64] {
    let text = text(list.pointee.name)
    let isSplit = !list.pointee.isOneARow && text.contains(UInt8(ascii: ","))
    if isSplit {
      list.pointee.wasSplit = true
      try requireOneKind(list)
    }
    let parts = isSplit ? text.split(separator: UInt8(ascii: ",")) : [text[...]]
    var ids: [Int64] = []
    for part in parts {
      let name = UnsafeBufferPointer(rebasing: part)
      let id = madeUp(name, list.pointee.linked)
      try note(id, list.pointee.name, name, list.pointee.names)
      ids.append(id)
    }
    return ids
  }

  private func requireOneKind(
    _ list: UnsafeMutablePointer<CSVGroup.List>
  ) throws(RecordProblem) {
    guard list.pointee.wasSplit, list.pointee.isOneARow else { return }
    throw RecordProblem(
      .mixedLists,
      "the list has names with commas between in one row and one name a row in another",
      event: Int(list.pointee.name))
  }

  private func databaseIDs(_ column: Int32) throws(RecordProblem) -> [Int64] {
    let parts = bytes(column).split(separator: UInt8(ascii: ","))
    var ids: [Int64] = []
    for part in parts {
      guard let id = PlainNumber.integer(UnsafeBufferPointer(rebasing: part)) else {
        throw RecordProblem(.wrongType, "an id was expected", event: Int(column))
      }
      guard id > 0 else {
        throw RecordProblem(.badID, "an id must be above 0", event: Int(column))
      }
      ids.append(id)
    }
    return ids
  }

  /// The id that stands for the external id of a linked record; that there are such is remembered.
  private func externalID(
    _ text: UnsafeBufferPointer<UInt8>, _ number: Int, _ column: Int32
  ) throws(RecordProblem) -> Int64 {
    let linked = file.plan.linked[number]
    if !linked.isExternal {
      linked.isExternal = true
      file.intake.externalLinks[linked.model] = file.file
    }
    return try externalID(text, column)
  }

  /// An id that stands for a name; that there are such is remembered.
  private func madeUp(_ name: UnsafeBufferPointer<UInt8>, _ number: Int) -> Int64 {
    let linked = file.plan.linked[number]
    if !linked.isMadeUp {
      linked.isMadeUp = true
      file.intake.namedOnly[linked.model] = file.file
    }
    return file.intake.nameIDs.id(of: name)
  }

  /// Notes the name of a linked record, unless that was done lately.
  private func note(
    _ id: Int64, _ column: Int32, _ name: UnsafeBufferPointer<UInt8>, _ number: Int32
  ) throws(RecordProblem) {
    guard number != Slot.none else { return }
    let names = file.intake.names[Int(number)]
    let print = NamesPlan.print(name.baseAddress, name.count)
    if NamesPlan.isKnown(id, print, names.noted) { return }
    guard try names.take(id, print, event: Int(column)) else { return }
    batch.names[Int(number)].names.append(.init(id: id, name: Self.cell(name)))
  }
}
