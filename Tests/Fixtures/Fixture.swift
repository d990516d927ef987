import Foundation

/// The real exports that tests read, wherever the package lies.
package enum Fixture {
  /// A file or folder below `Tests/Fixtures/odoo17`, the first registry, or `odoo17b`, the second.
  package static func path(_ name: String, of registry: String = "odoo17") -> String {
    "\(root)/\(registry)/\(name)"
  }

  /// The package's own folder.
  package static var package: String {
    root.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 }
  }

  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
}

/// A folder for one test, gone with this object.
package final class TemporaryFolder: Sendable {
  package let path: String

  package init() throws {
    let base = FileManager.default.temporaryDirectory
    path = base.appendingPathComponent("airlock-test-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a name inside.
  package func callAsFunction(_ name: String) -> String { path + "/" + name }

  package func write(_ text: String, as name: String) throws {
    try text.write(toFile: self(name), atomically: false, encoding: .utf8)
  }

  package func read(_ name: String) throws -> String {
    try String(contentsOfFile: self(name), encoding: .utf8)
  }

  package func names(_ folder: String = ".") -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: self(folder)))?.sorted() ?? []
  }
}

/// A program that is run for a test: the stock tools, or our own.
package struct Tool {
  package struct Result: Sendable {
    package let status: Int32
    package let output: String
    package let errors: String
  }

  /// Runs a program to its end.
  /// - Throws: if it is not there: a missing tool is a failed test.
  @discardableResult
  package static func run(
    _ program: String, _ arguments: [String], environment: [String: String] = [:],
    in folder: String? = nil
  ) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program.hasPrefix("/") ? program : "/usr/bin/env")
    process.arguments = program.hasPrefix("/") ? arguments : [program] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    let (output, errors) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (output, errors)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    // Both ends are read before waiting: a full pipe would stop the program.
    let collected = Collected()
    let reader = Thread { collected.set(errors.fileHandleForReading.readDataToEndOfFile()) }
    reader.start()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Result(
      status: process.terminationReason == .uncaughtSignal
        ? -process.terminationStatus : process.terminationStatus,
      output: String(decoding: text, as: UTF8.self), errors: collected.text())
  }
}

/// Standard error, read on a thread of its own.
private final class Collected: @unchecked Sendable {  // guarded by the semaphore
  private var data = Data()
  private let done = DispatchSemaphore(value: 0)

  func set(_ data: Data) {
    self.data = data
    done.signal()
  }

  func text() -> String {
    done.wait()
    return String(decoding: data, as: UTF8.self)
  }
}
