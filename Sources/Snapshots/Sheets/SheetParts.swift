internal import XMLText

/// The parts of a workbook (ECMA-376, "Office Open XML") that say what the cells of its first sheet
/// mean: read in one pass, before the sheet itself is.
struct SheetParts {
  private static let workbook = "xl/workbook.xml"
  private static let relations = "xl/_rels/workbook.xml.rels"
  private static let shared = "xl/sharedStrings.xml"
  private static let stylesheet = "xl/styles.xml"

  private(set) var texts = SharedTexts()
  private(set) var styles = SheetStyles()
  private var sheets: [(id: String, isHidden: Bool)] = []
  private var targets: [String: String] = [:]
  private var isWorkbook = false
  private let file: String

  /// Whether a zip that begins with this entry may be a workbook.
  static func isPart(_ name: String) -> Bool {
    name == "[Content_Types].xml" || ["_rels/", "docProps/", "xl/"].contains(where: name.hasPrefix)
  }

  /// Whether nothing but an office program's document begins so.
  static func isOffice(_ name: String) -> Bool { !name.hasPrefix("xl/") }

  /// Nil if the zip is no workbook.
  init?(_ input: any SnapshotInput, file: String) throws {
    self.file = file
    while let name = try input.next() {
      let stream = try XMLStream { try input.read(into: $0) }
      switch name {
      case Self.workbook: try readWorkbook(stream)
      case Self.relations: try readRelations(stream)
      case Self.shared: try texts.read(stream, file: file)
      case Self.stylesheet: try styles.read(stream)
      default: break
      }
    }
    guard isWorkbook else { return nil }
  }

  /// The entry of the first sheet that people see.
  /// - Throws: `badSheet` if there is none.
  func sheet() throws(SnapshotFault) -> String {
    guard let first = sheets.first(where: { !$0.isHidden }), let target = targets[first.id] else {
      throw SnapshotFault(.badSheet, "the workbook has no sheet", at: SnapshotPlace(file))
    }
    return target.hasPrefix("/") ? String(target.dropFirst()) : "xl/" + target
  }

  var others: Int { max(0, sheets.count - 1) }

  private mutating func readWorkbook(_ stream: XMLStream) throws {
    isWorkbook = true
    while let event = try stream.next() {
      guard case .start = event else { continue }
      if stream.isNamed("sheet"), sheets.count < 1_000 {
        sheets.append(
          (
            stream.attribute("r:id") ?? "",
            stream.attribute("state") != nil
              && stream.attribute("state") != "visible"
          ))
      } else if stream.isNamed("workbookPr"),
        ["1", "true"].contains(stream.attribute("date1904") ?? "")
      {
        throw SnapshotFault(
          .badSheet, "the workbook counts its days from 1904", at: SnapshotPlace(file))
      }
    }
  }

  private mutating func readRelations(_ stream: XMLStream) throws {
    while let event = try stream.next() {
      guard case .start = event, stream.isNamed("Relationship"), targets.count < 1_000 else {
        continue
      }
      let (type, target) = (stream.attribute("Type") ?? "", stream.attribute("Target") ?? "")
      if let id = stream.attribute("Id") { targets[id] = target }
      try require(type, "/sharedStrings", target, Self.shared)
      try require(type, "/styles", target, Self.stylesheet)
    }
  }

  /// Texts and styles are read from where every program puts them.
  private func require(
    _ type: String, _ ending: String, _ target: String, _ usual: String
  ) throws(SnapshotFault) {
    guard type.hasSuffix(ending) else { return }
    let path = target.hasPrefix("/") ? String(target.dropFirst()) : "xl/" + target
    guard path == usual else {
      throw SnapshotFault(
        .badSheet, "the parts of the workbook stand in unusual places", at: SnapshotPlace(file))
    }
  }
}
