import Faults
import Files
import Policies
import Secrets
import Snapshots
import Store

/// Reads a result to its end and gathers its answers. What a row is worth is decided here; whose
/// token it is, later.
final class ResultGathering {
  private(set) var rows = 0
  /// Rows that are passed over, by reason.
  private(set) var ignored: [String: Int] = [:]
  private(set) var extraColumns = 0
  let answers = ResultAnswers()

  private let hasher: VIDHasher
  private let limits: IntakeLimits
  /// The most rows that are looked at.
  private let most: Int
  private var codes: [String: String] = [:]

  private static let longestToken = 256
  private static let mostCodes = 100

  init(_ hasher: VIDHasher, _ limits: IntakeLimits, atMost most: Int) {
    (self.hasher, self.limits, self.most) = (hasher, limits, most)
  }

  /// - Returns: the digest of the bytes, of the last part.
  /// - Throws: `incomplete_result`, `SnapshotFault`, `ResultFault.tooMany`.
  func read(_ file: ResultFile) throws -> Digest? {
    var digest: Digest?
    for part in file.parts { digest = try read(part, named: file.name) }
    guard rows > 0 else { throw ResultFault.empty }
    if answers.repeated > 0 { ignored["repeated"] = answers.repeated }
    return digest
  }

  private func read(_ part: ResultFile.Part, named name: String) throws -> Digest {
    let source = SnapshotSource(name: name) { [limits] in
      try DropInput(
        OpenFile(part.entry, in: part.folder, rules: .drop(limit: limits.bytes)),
        limits: limits.unfolding)
    }
    var bounds = limits.snapshot
    bounds.recordBytes = min(bounds.recordBytes, 1 << 20)
    let reader = try ResultReader(source, part.form, limits: bounds)
    do {
      let digest = try reader.forEach { row in
        rows += 1
        guard rows <= most else { throw ResultFault.tooMany }
        take(row)
      }.digest
      extraColumns = max(extraColumns, reader.extraColumns)
      return digest
    } catch let fault as SnapshotFault where fault.isCut {
      throw ResultFault.incomplete(fault)
    }
  }

  private func take(_ row: ResultRow) {
    guard let vid = row.vid else { return ignore("no_vid") }
    guard let status = row.status else { return ignore("unknown_status") }
    if status.elementsEqual("processed".utf8) {
      guard let token = row.token, Self.isSound(token) else { return ignore("bad_token") }
      return answers.add(hasher.mark(vid), token: token)
    }
    let refusal: ResultAnswers.Status? =
      status.elementsEqual("error".utf8)
      ? .error : status.elementsEqual("invalid".utf8) ? .invalid : nil
    guard let refusal else {
      return ignore(
        status.elementsEqual("processing".utf8) ? "still_processing" : "unknown_status")
    }
    if row.token != nil { ignore("token_of_error") }
    answers.add(hasher.mark(vid), refusal, code: code(row.errorCode))
  }

  private func ignore(_ reason: String) { ignored[reason, default: 0] += 1 }

  /// Visible ASCII, and not too long: what a token is put into is shown, searched and exported.
  private static func isSound(_ token: ResultRow.Text) -> Bool {
    token.count <= longestToken && token.allSatisfy { (0x21...0x7E).contains($0) }
  }

  /// A code is told as it is if it looks like one, since what the MTS writes there may be anything.
  private func code(_ text: ResultRow.Text?) -> String {
    guard let text else { return "none" }
    let isPlain =
      text.count <= 32
      && text.allSatisfy {
        (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || (0x30...0x39).contains($0)
          || $0 == 0x2D || $0 == 0x5F
      }
    guard isPlain, text.contains(where: { (0x41...0x5A).contains($0) }) else { return "other" }
    let code = String(decoding: text, as: UTF8.self)
    guard codes[code] == nil else { return code }
    guard codes.count < Self.mostCodes else { return "other" }
    codes[code] = code
    return code
  }
}
