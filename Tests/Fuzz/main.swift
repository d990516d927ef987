// Feeds bytes that libFuzzer makes up to the parser that AIRLOCK_FUZZ_PARSER names. A crash, a hang
// or a fault that is none of ours is a find: it becomes a test. `scripts/fuzz` builds and runs it.
import Faults
import Glibc
import JSONText
import Language
import Snapshots

@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// Runs a parser; only faults of our own kind may come out of it.
func attempt(_ body: () throws -> Void) -> CInt {
  do { try body() } catch let fault as any Fault {
    precondition(fault.blame == .input, "\(fault.code) blames \(fault.blame)")
  } catch { preconditionFailure("\(error) is no fault of ours") }
  return 0
}

let parsers: [String: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt] = [
  "manifest": { start, count in
    attempt {
      let text = Array(UnsafeBufferPointer(start: start, count: count))
      _ = try ManifestDecoder.decode(JSONDocument(parsing: text))
    }
  },
  "json": { start, count in attempt { try snapshot(start, count, "res.partner.json") } },
  "csv": { start, count in attempt { try snapshot(start, count, "res.partner.csv") } },
]

func snapshot(_ start: UnsafePointer<UInt8>?, _ count: Int, _ name: String) throws {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  var limits = SnapshotLimits()
  limits.batchBytes = 1 + count / 3
  _ = try SnapshotChecker.check(SnapshotSource(name: name) { MadeUp(bytes) }, limits: limits)
}

guard let name = getenv("AIRLOCK_FUZZ_PARSER"), let parser = parsers[String(cString: name)] else {
  print("AIRLOCK_FUZZ_PARSER names one of: \(parsers.keys.sorted().joined(separator: ", "))")
  exit(2)
}
var count = CommandLine.argc
var arguments = CommandLine.unsafeArgv
exit(runDriver(&count, &arguments, parser))
