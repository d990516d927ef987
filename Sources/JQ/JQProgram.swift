/// jq expressions, which jobs pass on to the MTS as `outputFormat`: held for jq 1.6 to compile, so
/// that a slip is found here and not on the far side of the gap. Never run, here or anywhere in this
/// program; and compiled by a process of its own, which has no files, no environment and no time.

package import Faults

internal import CJq

/// A jq expression that compiles.
package struct JQProgram: Sendable, Hashable {
  package let expression: String

  /// Bytes of the longest expression.
  package static let longest = 64 << 10
  /// Seconds that compiling may take.
  private static let patience: UInt32 = 10

  /// - Throws: `JQFault` for what does not compile, with jq's line; for one with NUL in it, one that
  ///   is empty or too long, one that names a module, and one that libjq dies of.
  package init(_ expression: String) throws(JQFault) {
    guard expression.utf8.count <= Self.longest else { throw JQFault(.tooLong) }
    guard expression.utf8.contains(where: { $0 > 0x20 }) else { throw JQFault(.empty) }
    guard !expression.utf8.contains(0) else { throw JQFault(.syntax, "it has the character NUL") }
    let (outcome, complaint) = Self.compile(expression)
    switch outcome {
    case CJQ_COMPILES: self.expression = expression
    case CJQ_REFUSED: throw JQComplaint(complaint).fault
    case CJQ_NO_PROCESS: throw JQFault(.noProcess)
    default: throw JQFault(.died)
    }
  }

  private static func compile(_ expression: String) -> (cjq_outcome, String) {
    var message = [CChar](repeating: 0, count: 512)
    let outcome = unsafe expression.withCString { text in
      unsafe message.withUnsafeMutableBufferPointer { buffer in
        unsafe cjq_compile(text, patience, buffer.baseAddress, buffer.count)
      }
    }
    let bytes = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return (outcome, String(decoding: bytes, as: UTF8.self))
  }
}

/// Why an expression is not one.
package struct JQFault: Fault {
  package enum Kind: String, Sendable {
    case syntax = "bad_jq"
    case unknownFunction = "unknown_jq_function"
    case module = "jq_module"
    case tooLong = "jq_too_long"
    case empty = "jq_empty"
    case died = "jq_unusable"
    case noProcess = "jq_no_process"
  }

  package let kind: Kind
  private let detail: String?

  init(_ kind: Kind, _ detail: String? = nil) {
    self.kind = kind
    self.detail = detail
  }

  package var code: String { kind.rawValue }
  package var message: String { detail.map { "\(fact): \($0)" } ?? fact }
  package var blame: Blame { kind == .noProcess ? .environment : .input }

  private var fact: String {
    switch kind {
    case .syntax: "this is not a jq expression"
    case .unknownFunction: "jq knows no function or variable of this name"
    case .module: "a jq expression of a manifest may name no modules"
    case .tooLong: "a jq expression of more than \(JQProgram.longest) bytes"
    case .empty: "this jq expression is empty"
    case .died: "libjq fails on this expression, or takes too long over it"
    case .noProcess: "no process can be started to compile the jq expression"
    }
  }

  package var hint: String? {
    switch kind {
    case .syntax, .died: "try it on a made-up record: jq 'EXPRESSION'"
    case .unknownFunction: "the MTS gives .input and .output, and no variables"
    case .module: "leave out import and include"
    case .empty: "leave it out for the MTS's usual form"
    case .tooLong, .noProcess: nil
    }
  }
}
