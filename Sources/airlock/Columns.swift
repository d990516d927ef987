import Foundation
import Glibc

/// A label and a text beside it, broken between words; below it where the screen is narrow.
struct Columns {
  private let width: Int
  private let labels = 10
  private var isNarrow: Bool { width < 48 }

  init(width: Int) { self.width = width }

  func lay(_ label: String, _ text: String) -> [String] {
    if isNarrow {
      return (label.isEmpty ? [] : [label]) + broken(text, at: width - 1).map { " " + $0 }
    }
    return broken(text, at: width - labels).enumerated().map { index, line in
      (index == 0 ? label : "").padding(toLength: labels, withPad: " ", startingAt: 0) + line
    }
  }

  /// A word that is longer than the line has one of its own.
  private func broken(_ text: String, at width: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}

/// How wide the output is: `COLUMNS`, else the terminal's own word, else 80.
enum TerminalWidth {
  static var current: Int {
    if let text = ProcessInfo.processInfo.environment["COLUMNS"], let width = Int(text) {
      return clamped(width)
    }
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return clamped(Int(size.ws_col))
  }

  private static func clamped(_ width: Int) -> Int { min(max(width, 16), 120) }
}
