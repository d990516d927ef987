import ArgumentParser
import Files
import Glibc
import Jobs
import Keys
import Secrets

/// `--root`, for every command that works on a site.
struct SiteOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("The site's folder.", valueName: "dir"))
  var root = "."

  /// The site, or nil where there is none.
  func siteIfAny() throws -> Site? {
    do { return try site() } catch is UsageFault { return nil }
  }

  /// - Throws: a fault with the hint to lay out a site, where there is none.
  func site() throws -> Site {
    do throws(FileFault) {
      return try Site(root: root)
    } catch {
      guard error.kind == .notFound || error.kind == .notAFolder else { throw error }
      throw UsageFault(
        "\(Printable.quoted(root)) is not a site of airlock",
        hint: "name one with --root DIR, or lay one out: airlock init --root DIR")
    }
  }
}

/// `--passphrase-file`, for every command that opens an identity.
struct PassphraseOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp("Read the identity's passphrase from this file.", valueName: "file"))
  var passphraseFile: String?

  /// The passphrase without the line's end; from the file, else asked for on a terminal, else nil.
  func passphrase() throws -> SecretBytes? {
    if let passphraseFile {
      return try PassphraseReading.file(passphraseFile)
    }
    return isatty(STDIN_FILENO) == 1 ? try PassphraseReading.terminal() : nil
  }
}

/// A length of time as people write it: `2s`, `500ms`, `1m`.
struct TimeSpan: ExpressibleByArgument {
  let duration: Duration

  init?(argument: String) {
    let digits = argument.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int64(digits), number <= 86_400_000 else { return nil }
    switch argument.dropFirst(digits.count) {
    case "ms": duration = .milliseconds(number)
    case "s", "": duration = .seconds(number)
    case "m": duration = .seconds(number * 60)
    default: return nil
    }
  }

  init(_ duration: Duration) { self.duration = duration }

  var defaultValueDescription: String { "\(duration.components.seconds)s" }
}
