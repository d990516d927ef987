import Archives
import Faults
import Files
import Foundation
import JSONText
import Keys
import Secrets

/// Opens archives for the programs of `Tests/Vectors`, as the recipient of the vectors. A line of its
/// input is a question, its words parted by tabs; a line of its output the answer, `CLASS CODE`.
///
///     open ARCHIVE CARD KIND SEQUENCE DIGEST FOLDER    (SEQUENCE and DIGEST `-` if order is no matter)
///     card CARD
while let line = readLine() {
  let words = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
  FileHandle.standardOutput.write(Data("\(answer(words))\n".utf8))
}

private func answer(_ words: [String]) -> String {
  do {
    switch words.first {
    case "open" where words.count == 7: try open(Array(words.dropFirst()))
    case "card" where words.count == 2: _ = try card(words[1])
    default: return "question unknown"
    }
    return "ok -"
  } catch let fault as ArchiveFault {
    return "\(fault.failure.rawValue) \(fault.code)"
  } catch let fault as KeysFault {
    return "signature \(fault.code)"
  } catch let fault as any Fault {
    return "\(fault.blame) \(fault.code)"
  } catch {
    return "error \(type(of: error))"
  }
}

private func card(_ path: String) throws -> Card {
  try Card(parsing: OpenFile(path: path, rules: .named(limit: 64 << 10)).readAll())
}

/// The steps of docs/archive-format.md, section 7.
private func open(_ words: [String]) throws {
  let sender = try card(words[1])
  let archive = try UnverifiedArchive(path: words[0]).verified(by: sender)
  let (kind, now) = (archive.header.kind, UTCTime(clamping: Int64(Date().timeIntervalSince1970)))
  try Keyring([sender]).check(sender, for: kind.usage, at: now, made: archive.header.draft.created)
  guard let wanted = ArchiveKind(rawValue: words[2]) else { throw Unknown() }
  try archive.require(wanted)
  if let sequence = Int64(words[3]), let ratchet = ratchet(sequence, words[4]),
    let finding = ratchet.judge(archive.arrival).finding
  {
    throw finding.fault(of: archive)
  }
  let recipient = try Identity(
    name: KeyName("mts"), sealing: SealingSecretKey(secret(0x33)),
    signing: SigningSecretKey(seed: secret(0x44)))
  try archive.open(recipient, into: words[5])
}

/// A receiver that accepted this archive last; 0 if none.
private func ratchet(_ sequence: Int64, _ digest: String) -> StreamRatchet? {
  guard let digest = Digest(hex: digest) else { return StreamRatchet() }
  return StreamRatchet(recent: [StreamPosition(sequence: sequence, digest: digest)], holes: [])
}

private func secret(_ byte: UInt8) throws -> SecretBytes {
  try SecretBytes(count: 32) { out in
    for index in out.indices { out[index] = byte }
  }
}

private struct Unknown: Error {}
