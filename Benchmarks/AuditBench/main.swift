// Makes an outbox with a ledger: `audit-bench FOLDER [ARCHIVES] [BYTES]`, 10,000 of 10 KB if not said.
// Then: `time airlock audit --outbox FOLDER/outbox --keys FOLDER/keys --overdue 60000 --json`.

import Archives
import Files
import JSONText
import Keys
import Ledger
import Secrets

let arguments = CommandLine.arguments
guard arguments.count > 1 else { fatalError("audit-bench FOLDER [ARCHIVES] [BYTES]") }
let count = arguments.count > 2 ? Int64(arguments[2]) ?? 0 : 10_000
let bytes = arguments.count > 3 ? Int(arguments[3]) ?? 0 : 10_000

try Sodium.start()
let place = try Folder(path: arguments[1], create: 0o755)
let outbox = try place.subfolder("outbox", create: 0o755)
let stream = try outbox.subfolder("mts", create: 0o755)
let keys = try KeyFolder(place.subfolder("keys", create: 0o755))
let registry = try Identity.generate(name: KeyName("registry"))
let mts = try Identity.generate(name: KeyName("mts"))
for card in [registry.card, mts.card] { try keys.add(card) }

let start = UTCTime(clamping: 1_767_268_800)
let any = SaltedDigest(Digest(of: [1]), .policy, salt: .random())
let payload = [UInt8](repeating: 7, count: max(0, bytes - 1_000))
var (lines, head): ([String], LedgerHead?) = ([], nil)
var made: [LedgerArchive] = []

@MainActor
func record(_ kind: LedgerKind, _ what: JSON) throws {
  let entry = try LedgerEntry(kind, what, after: head, at: start)
  lines.append(entry.lineText)
  head = entry.head
}

@MainActor
func seal(_ sequence: Int64) throws -> LedgerArchive {
  guard let label = ArchiveLabel("mts"), let job = ArchiveLabel("monthly") else {
    fatalError("a label in the source is none")
  }
  let draft = ArchiveDraft(
    kind: .mtsRequest, stream: label, sequence: sequence, previous: made.last?.digest,
    created: UTCTime(clamping: start.seconds + sequence * 3_600), job: job,
    fields: ["given_name", "family_name", "birthdate", "vid"], records: 25, batches: 1,
    digests: .init(snapshot: any, manifest: any, policy: any))
  let spool = try PayloadSpool(in: stream)
  try payload.withUnsafeBytes { try spool.write($0) }
  let staged = try ArchiveWriter.seal(
    spool, draft, recipients: [mts.card], signer: registry, into: stream,
    name: EntryName(draft.fileName))
  try staged.publish()
  return LedgerArchive(
    stream: "mts", sequence: sequence, file: draft.fileName, kind: draft.kind.rawValue,
    digest: staged.digest, previous: draft.previous, bytes: staged.size, records: draft.records,
    job: "monthly", created: draft.created, fields: draft.fields,
    recipients: [.init(name: "mts", fingerprint: mts.card.fingerprint.digest.hex)],
    snapshot: any, manifest: any, policy: any, keyID: registry.card.keyID.hex)
}

try record(
  .site,
  [
    "name": "registry", "key_id": .string(registry.card.keyID.hex),
    "fingerprint": .string(registry.card.fingerprint.digest.hex),
  ])
for sequence in 1...max(1, count) {
  let archive = try seal(sequence)
  made.append(archive)
  try record(.archive, archive.json)
}
let last: JSON =
  made.last.map { ["sequence": .int($0.sequence), "digest": .string($0.digest.hex)] } ?? .null
try SignedDocument(
  .index,
  [
    .init("stream", "mts"), .init("head", last), .init("retired", []),
    .init("archives", .array(made.map { .object($0.indexed) })),
  ], signer: registry
).publish(as: "INDEX.json", in: stream)
if let head {
  let ledger = LedgerFolder(try outbox.subfolder(LedgerFolder.name, create: 0o755))
  try ledger.write(upTo: head, signer: registry, at: start) { numbers in
    Array(lines[Int(numbers.lowerBound - 1)...Int(numbers.upperBound - 1)])
  }
}
print("\(made.count) archives, \(made.last?.bytes ?? 0) bytes each")
