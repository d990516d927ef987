extension CSVGroup {
  /// Whether a row goes on with the record in hand: nothing stands in it that makes a record.
  ///
  /// In such a row, Odoo's export writes further records of a list. What stands in a column that nobody
  /// described tells that this is one, of which the rows say too little: its field is left out whole,
  /// since a part of a list would pick the wrong persons.
  func goesOn(_ cells: UnsafePointer<CSVCell>) -> Bool {
    if isBlank(cells) { return true }
    let given = values.elements.filter { !cells[Int($0.cell)].isEmpty }
    guard id == Slot.none || cells[Int(id)].isEmpty,
      external == Slot.none || cells[Int(external)].isEmpty,
      !given.isEmpty, given.allSatisfy({ $0.rule == .unknown }), hasNoLinks(cells)
    else { return false }
    for value in given { plan.slots.base[Int(value.slot)].goesOn = true }
    return true
  }

  private func hasNoLinks(_ cells: UnsafePointer<CSVCell>) -> Bool {
    links.elements.allSatisfy { link in
      [link.id, link.external, link.name].allSatisfy { $0 == Slot.none || cells[Int($0)].isEmpty }
    }
  }
}
