import Foundation
import Testing

/// A stock program of the system, run in a folder of its own that is removed afterwards.
struct StockTool {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("airlock-tarballs-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  func write(_ bytes: [UInt8], as name: String) throws {
    let file = folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  func read(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appendingPathComponent(name)))
  }

  /// Runs a shell line in the folder; a tool that is missing or fails is a failed test.
  @discardableResult
  func run(_ line: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", "set -e -o pipefail; \(line)"]
    process.currentDirectoryURL = folder
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(line) failed: \(text)")
    return text
  }

  /// What `line` leaves in the file `name`.
  static func make(_ name: String, _ line: String) throws -> [UInt8] {
    let tool = try StockTool()
    defer { tool.remove() }
    try tool.run(line)
    return try tool.read(name)
  }
}
