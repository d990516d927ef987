import Foundation
import Testing

/// Payloads as no writer of ours makes them: tars from single blocks, packed by the stock zstd.
enum RawPayload {
  struct Entry {
    var name: String
    var text = ""
    /// `0` a file, `2` a symbolic link, `5` a folder.
    var type: Character = "0"
  }

  static func tar(_ entries: [Entry], zeroBlocks: Int = 2) -> [UInt8] {
    entries.flatMap(blocks) + [UInt8](repeating: 0, count: zeroBlocks * 512)
  }

  static func files(_ files: [(String, String)]) -> [Entry] {
    files.map { Entry(name: $0.0, text: $0.1) }
  }

  /// POSIX ustar: one block of header, then the content, filled up to a block.
  private static func blocks(_ entry: Entry) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at offset: Int) {
      block.replaceSubrange(offset..<(offset + text.utf8.count), with: text.utf8)
    }
    let content = Array(entry.text.utf8)
    put(entry.name, at: 0)
    put("0000644", at: 100)
    put("0000000", at: 108)
    put("0000000", at: 116)
    put(octal(content.count, 11), at: 124)
    put("00000000000", at: 136)
    put("        ", at: 148)
    put(String(entry.type), at: 156)
    if entry.type == "2" { put("/etc/passwd", at: 157) }
    put("ustar", at: 257)
    put("00", at: 263)
    put(octal(block.reduce(0) { $0 + Int($1) }, 6) + "\0 ", at: 148)
    let rest = (512 - content.count % 512) % 512
    return block + content + [UInt8](repeating: 0, count: rest)
  }

  private static func octal(_ number: Int, _ width: Int) -> String {
    let digits = String(number, radix: 8)
    return String(repeating: "0", count: width - digits.count) + digits
  }

  static func zstd(_ bytes: [UInt8]) throws -> [UInt8] {
    let path = NSTemporaryDirectory() + "payload-\(UUID().uuidString)"
    defer {
      for ending in ["", ".zst"] { try? FileManager.default.removeItem(atPath: path + ending) }
    }
    try Data(bytes).write(to: URL(filePath: path))
    let verdict = try Stock.run("/usr/bin/zstd", ["-q", path])
    try #require(verdict.status == 0, "\(verdict.output)")
    return [UInt8](try Data(contentsOf: URL(filePath: path + ".zst")))
  }
}

/// Programs of the system.
enum Stock {
  static func run(_ program: String, _ arguments: [String]) throws -> (
    status: Int32, output: String
  ) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, output)
  }
}
