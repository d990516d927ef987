import Archives
import ArgumentParser
import Files
import JSONText
import Secrets

struct Split: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Cut an archive into parts for media or quotas that are too small. Needs no key.",
    discussion: """
      Makes NAME.001, NAME.002, … and NAME.parts.json, which holds their
      digests and the archive's signature; carry them all. Without --size a
      part is the largest file of a FAT32 stick, 4 GiB less one byte.

      Example:
        airlock split vid-00000042.sealed --size 2000MB --into stick
      """)

  @Argument(help: "The archive; its signature lies beside it.") var archive: String
  @Option(
    name: .long, help: ArgumentHelp("The size of a part: 2000MB, 1GiB, …", valueName: "size"))
  var size = ByteCount(SplitArchive.largestOnFAT)
  @Option(name: .long, help: ArgumentHelp("The folder to put them into.", valueName: "dir"))
  var into: String
  @Flag(name: .long, help: "Say it as JSON.") var json = false

  func run() throws {
    let split = try SplitArchive.split(
      path: archive, partBytes: size.bytes, into: Folder(path: into, create: 0o700))
    if json {
      return Terminal.say(
        ([
          "list": .string("\(into)/\(split.listName)"), "parts": .count(split.parts.count),
          "bytes": .int(split.bytes), "digest": .string(split.digest.hex),
        ] as JSON).line())
    }
    let count = split.parts.count
    Terminal.say(
      "split into \(count) part\(count == 1 ? "" : "s") of at most \(VerdictWording.grouped(size.bytes)) bytes"
    )
    Terminal.say("list        \(Printable.quoted("\(into)/\(split.listName)"))")
    Terminal.say("digest      \(split.digest.hex)")
  }
}

/// A size as people write it: `2000MB`, `4GiB`, `65536`.
struct ByteCount: ExpressibleByArgument {
  let bytes: Int64

  private static let units: [String: Int64] = [
    "": 1, "b": 1, "kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000, "kib": 1 << 10,
    "mib": 1 << 20, "gib": 1 << 30,
  ]

  init(_ bytes: Int64) { self.bytes = bytes }

  init?(argument: String) {
    let digits = argument.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int64(digits),
      let unit = ByteCount.units[argument.dropFirst(digits.count).lowercased()],
      case (let bytes, false) = number.multipliedReportingOverflow(by: unit), bytes > 0
    else { return nil }
    self.bytes = bytes
  }

  var defaultValueDescription: String {
    bytes == SplitArchive.largestOnFAT ? "what FAT32 takes, 4 GiB less a byte" : "\(bytes)"
  }
}
