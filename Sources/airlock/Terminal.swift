// All wording of the program that is not a fault's own passes through here.
//
// The rules of the interface:
// - Results go to standard output, and only results. Everything said about them goes to standard
//   error: `error:`, `hint:` and `warning:` lines.
// - Exit status: 0 done; 1 done, but something was rejected or differs; 2 wrong usage; 3 not
//   authentic or corrupt; 4 the environment refused; 5 a defect of this program.
// - Nothing that came from outside is printed with its control characters.
// - No colours, no progress bars, no questions: the same on a terminal and in a log.

import ArgumentParser
import Faults
import Files
import Glibc
import JSONText

enum Terminal {
  /// A line of results.
  static func say(_ line: String) { write(line + "\n", to: STDOUT_FILENO) }

  /// Results as they are, without a newline added.
  static func sayWhole(_ text: String) { write(text, to: STDOUT_FILENO) }

  /// Asks, on standard error, without a newline.
  static func prompt(_ text: String) { write(text, to: STDERR_FILENO) }

  /// Text from outside without anything that could steer a terminal: control characters and those
  /// that turn text around stand as `\u{…}`. Letters of every script stay as they are.
  static func safe(_ text: String) -> String {
    var out = ""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0..<0x20, 0x7F...0x9F, 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF:
        out += "\\u{\(String(scalar.value, radix: 16))}"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }

  static func warn(_ message: String, hint: String? = nil) {
    complain("warning: \(message)", hint: hint)
  }

  static func complain(_ fault: any Fault) { complain("error: \(fault.message)", hint: fault.hint) }

  private static func complain(_ line: String, hint: String?) {
    write(line + "\n", to: STDERR_FILENO)
    if let hint { write("hint: \(hint)\n", to: STDERR_FILENO) }
  }

  /// Says what went wrong and ends the process with its exit status.
  static func end(with error: any Error) -> Never {
    if let fault = error as? any Fault {
      complain(fault)
      leave(fault.blame.exitStatus)
    }
    if let code = error as? ExitCode { leave(code.rawValue) }
    let text = Airlock.fullMessage(for: error)
    if Airlock.exitCode(for: error).isSuccess {
      sayWhole(text + "\n")
      leave(0)
    }
    write(lowerCased(text) + "\n", to: STDERR_FILENO)
    leave(Airlock.exitCode(for: error) == .validationFailure ? 2 : 5)
  }

  /// Ends the process without running destructors: a thread may still be at work on what they tear
  /// down. All that was said has been written.
  static func leave(_ status: Int32) -> Never { _exit(status) }

  /// swift-argument-parser begins with `Error:`; ours are in lower case.
  private static func lowerCased(_ text: String) -> String {
    text.hasPrefix("Error: ") ? "error: " + text.dropFirst(7) : text
  }

  /// A closed pipe stops nothing: what is done matters more than what is said of it.
  private static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var sent = 0
      while sent < bytes.count {
        let rest = UnsafeBufferPointer(rebasing: bytes[sent...])
        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        if count <= 0 { return }
        sent += count
      }
    }
  }
}

extension Blame {
  var exitStatus: Int32 {
    switch self {
    case .input: 1
    case .usage: 2
    case .authenticity: 3
    case .environment: 4
    case .bug: 5
    }
  }
}

/// Wrong use of the command line, found after its parsing.
struct UsageFault: Fault {
  let code = "usage"
  let message: String
  let hint: String?

  init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }

  var blame: Blame { .usage }
}
