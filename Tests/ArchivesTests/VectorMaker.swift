import Files
import Foundation
import JSONText
import Keys
import Secrets

@testable import Archives

/// Makes the files of `Tests/Vectors` anew for `scripts/make-vectors`. They differ each time, because
/// sealing is random; the classes do not.
final class VectorMaker {
  let post: Post
  /// The first vector, which others are made of, and where its header ends.
  let sound: [UInt8]
  let stream: Int
  private(set) var rows: [Vector] = []

  init() throws {
    post = try Post(registry: VectorKeys.sender(), mts: VectorKeys.recipient())
    try post.publish()
    sound = try post.bytes()
    stream = VectorMaker.end(sound)
    for name in try FileManager.default.contentsOfDirectory(atPath: Vector.folder.path)
    where name.contains(".sealed") {
      try FileManager.default.removeItem(at: Vector.folder.appending(path: name))
    }
    try save("ok-small", "1.1")
  }

  func make() throws {
    try good()
    try headers()
    try membersTogether()
    try lengths()
    try signatures()
    try keys()
    try chunks()
    try payloads()
    try contents()
    try orders()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(rows.sorted { $0.file < $1.file }).write(to: Vector.index)
  }

  /// The first byte behind the header's newline.
  static func end(_ bytes: [UInt8]) -> Int { (bytes.dropFirst(19).firstIndex(of: 0x0A) ?? 0) + 1 }

  /// Keeps what is published now as the vector `name`, which begins with its class.
  func save(
    _ name: String, _ rule: String, step: Int? = nil, after last: StreamPosition?? = .none
  ) throws {
    for (from, to) in [("", ".sealed"), (".minisig", ".sealed.minisig")] {
      guard FileManager.default.fileExists(atPath: post.archive + from) else { continue }
      try FileManager.default.copyItem(
        at: URL(filePath: post.archive + from), to: Vector.folder.appending(path: name + to))
    }
    let draft = row(name, nil, step, rule, last)
    let found = try draft.outcome()
    guard found?.class ?? "ok" == draft.class else {
      throw Surprise(vector: name, found: found?.class)
    }
    rows.append(row(name, found?.code, step, rule, last))
  }

  private func row(
    _ name: String, _ code: String?, _ step: Int?, _ rule: String, _ last: StreamPosition??
  ) -> Vector {
    Vector(
      file: name + ".sealed", class: String(name.prefix { $0 != "-" }), code: code, step: step,
      rule: rule, position: last.map { Vector.Position($0) })
  }

  func forged(
    _ name: String, _ rule: String, step: Int, _ bytes: [UInt8], comment: String? = nil,
    by signer: Identity? = nil
  ) throws {
    try post.forge(bytes, by: signer, comment: comment)
    try save(name, rule, step: step)
  }

  /// Seals anew, in the place of what is published.
  func republish(
    _ spool: PayloadSpool, _ draft: ArchiveDraft? = nil, to cards: [Card]? = nil
  ) throws {
    for ending in ["", ".minisig"] {
      try? FileManager.default.removeItem(atPath: post.archive + ending)
    }
    try post.publish(spool, draft, to: cards)
  }

  struct Surprise: Error {
    let vector: String
    let found: String?
  }
}
