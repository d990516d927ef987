import Faults
import Files
import Foundation
import Keys
import JSONText
import Secrets
import Testing

/// A private folder that goes away with the test.
final class Site {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "keys-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func keys() throws -> KeyFolder { try KeyFolder(path: path) }
  func text(_ name: String) throws -> String {
    try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
  }
  func write(_ name: String, _ text: String) throws {
    try text.write(toFile: "\(path)/\(name)", atomically: false, encoding: .utf8)
    try mode(name, 0o600)
  }
  func mode(_ name: String, _ mode: Int) throws {
    try FileManager.default.setAttributes(
      [.posixPermissions: mode], ofItemAtPath: name.isEmpty ? path : "\(path)/\(name)")
  }
  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }
}

func secret(_ text: String) throws -> SecretBytes {
  try Array(text.utf8).withUnsafeBytes { try SecretBytes(copying: $0) }
}

/// The code of the fault that `body` throws, or nil.
func code<Result>(_ body: () throws -> Result) -> String? {
  do {
    _ = try body()
    return nil
  } catch let fault as any Fault {
    return fault.code
  } catch {
    return "\(error)"
  }
}

/// Midnight of a day.
func moment(_ day: String) throws -> UTCTime {
  try #require(UTCTime(text: "\(day)T00:00:00Z"))
}
