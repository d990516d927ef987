internal import Language

/// The columns of one model in a file: of the file's own, or of lines that stand beside it.
final class CSVGroup {
  /// A column whose cells become cells of a row.
  struct Value: BitwiseCopyable {
    var cell: Int32
    var column: Int32
    var slot: Int32
    var rule: FieldRule
    /// Whose labels stand for keys; `Slot.none` if none do.
    var choices = Slot.none
  }

  /// The columns of a many2one: its id, its external id, its name, as far as they are there.
  struct Link: BitwiseCopyable {
    var id = Slot.none
    var external = Slot.none
    var name = Slot.none
    var column = Slot.none
    var names = Slot.none
    /// The number of the other model in the plan.
    var linked = 0
    /// Whether records of the other model come by themselves, so that no id can be made up.
    var needsID = false
  }

  /// The columns of a list of ids.
  struct List: BitwiseCopyable {
    var id = Slot.none
    var external = Slot.none
    var name = Slot.none
    var list = Slot.none
    var names = Slot.none
    var linked = 0
    var needsID = false
    /// Names stood in one cell with commas between; or one name a row.
    var wasSplit = false
    var isOneARow = false
  }

  let plan: ModelPlan
  /// The columns that say which record a row is.
  var id = Slot.none
  var external = Slot.none
  /// Where the external id's text goes.
  var externalColumn = Slot.none
  /// Columns that say an id once more.
  var twins: [(first: Int32, second: Int32)] = []
  /// The column of the rows that points back to the owner.
  var back = Slot.none
  /// A value that every record has: column and id.
  var constant: (column: Int32, id: Int64)?
  /// What looks at the values of ids, and the column of their type in the row.
  var watch: (marks: SheetMarks, type: Int32?)?
  let values = Pile<Value>(capacity: 32)
  let links = Pile<Link>(capacity: 8)
  let lists = Pile<List>(capacity: 4)
  /// The record in hand: its id, 0 before the first.
  let current = Pile<Int64>(capacity: 1)

  init(_ plan: ModelPlan) {
    self.plan = plan
    current.append(0)
  }

  /// The next id for a record that came without. They go down from -1: Odoo lists ids from the
  /// newest to the oldest, and the newest counts.
  func nextID() -> Int64 {
    plan.unnamed.base.pointee -= 1
    return plan.unnamed.base.pointee
  }

  /// Whether nothing stands in the columns that make a record, lists not counted.
  @inline(__always) func isBlank(_ cells: UnsafePointer<CSVCell>) -> Bool {
    if id != Slot.none, !cells[Int(id)].isEmpty { return false }
    if external != Slot.none, !cells[Int(external)].isEmpty { return false }
    for value in values.elements where !cells[Int(value.cell)].isEmpty { return false }
    for link in links.elements {
      if link.id != Slot.none, !cells[Int(link.id)].isEmpty { return false }
      if link.external != Slot.none, !cells[Int(link.external)].isEmpty { return false }
      if link.name != Slot.none, !cells[Int(link.name)].isEmpty { return false }
    }
    return true
  }

  func hasLists(_ cells: UnsafePointer<CSVCell>) -> Bool {
    lists.elements.contains { list in
      [list.id, list.external, list.name].contains { $0 != Slot.none && !cells[Int($0)].isEmpty }
    }
  }
}
