internal import XMLText

/// What the formats of a workbook's cells make of its numbers: dates are numbers that are shown so.
struct SheetStyles {
  enum Kind: Sendable {
    case plain, date, time
  }

  private static let most = 65_536
  private static let dates: Set = Set(14...17).union(27...31).union([36]).union(50...58)
  private static let times: Set = [22]

  private var formats: [Int: Kind] = [:]
  private var kinds: [Kind] = []

  mutating func read(_ stream: XMLStream) throws {
    var isInCells = false
    while let event = try stream.next() {
      if event == .end, stream.isNamed("cellXfs") { isInCells = false }
      guard case .start(let isEmpty) = event else { continue }
      if stream.isNamed("cellXfs") { isInCells = !isEmpty }
      guard let id = stream.attribute("numFmtId").flatMap({ Int($0) }) else { continue }
      if stream.isNamed("numFmt"), formats.count < Self.most {
        formats[id] = Self.kind(of: stream.attribute("formatCode") ?? "")
      } else if isInCells, stream.isNamed("xf"), kinds.count < Self.most {
        kinds.append(
          formats[id]
            ?? (Self.dates.contains(id) ? .date : Self.times.contains(id) ? .time : .plain)
        )
      }
    }
  }

  subscript(number: Int) -> Kind { kinds.indices.contains(number) ? kinds[number] : .plain }

  /// `yyyy\-mm\-dd hh:mm` shows a date with a time. What is in quotes or brackets is no letter of a
  /// format.
  private static func kind(of format: String) -> Kind {
    var letters: Set<Character> = []
    var closing: Character?
    var isEscaped = false
    for letter in format.lowercased() {
      if let mark = closing {
        if letter == mark { closing = nil }
      } else if isEscaped {
        isEscaped = false
      } else {
        switch letter {
        case "\"": closing = "\""
        case "[": closing = "]"
        case "\\", "_", "*": isEscaped = true
        case ";": return kind(letters)
        default: letters.insert(letter)
        }
      }
    }
    return kind(letters)
  }

  private static func kind(_ letters: Set<Character>) -> Kind {
    guard letters.contains("y") || letters.contains("d") else { return .plain }
    return letters.contains("h") || letters.contains("s") ? .time : .date
  }
}

/// Days as spreadsheets count them: 1 is 1 January 1900, and 60 a 29 February that never was.
enum SheetDay {
  /// `1980-02-29`, with the time if it is asked for or there is one; nil for what is no day.
  static func text(_ serial: Double, withTime: Bool) -> String? {
    guard serial >= 1, serial < 2_958_466 else { return nil }
    let milliseconds = (serial * 86_400_000).rounded()
    var day = Int(milliseconds / 86_400_000)
    let rest = Int(milliseconds) - day * 86_400_000
    guard day != 60 else { return nil }
    if day > 60 { day -= 1 }
    let date = date(day)
    guard withTime || rest > 0 else { return date }
    let seconds = rest / 1_000
    let time = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }
    let fraction = rest % 1_000
    return date + " " + time.joined(separator: ":")
      + (fraction == 0 ? "" : "." + padded(fraction, 3))
  }

  /// The date so many days after 31 December 1899.
  private static func date(_ day: Int) -> String {
    var (year, left) = (1900, day - 1)
    while left >= length(of: year) {
      left -= length(of: year)
      year += 1
    }
    var month = 0
    let months = [31, length(of: year) - 337, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    while left >= months[month] {
      left -= months[month]
      month += 1
    }
    return "\(padded(year, 4))-\(padded(month + 1, 2))-\(padded(left + 1, 2))"
  }

  private static func length(of year: Int) -> Int {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 366 : 365
  }

  private static func padded(_ number: Int, _ digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
