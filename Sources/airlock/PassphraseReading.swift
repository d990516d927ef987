import Files
import Glibc
import Secrets

/// Where passphrases come from. Never from the command line or the environment, which others can
/// read.
enum PassphraseReading {
  /// The first line of a file that no stranger can read, or of `-` and `/dev/stdin`.
  static func file(_ path: String) throws -> SecretBytes {
    if path == "-" || path == "/dev/stdin" { return try firstLine(standardInput) }
    let file = try OpenFile(path: path, rules: .handedOver())
    return try firstLine { buffer in try file.read(into: buffer) }
  }

  /// Asked for on the terminal, without echo.
  static func terminal() throws -> SecretBytes {
    var settings = termios()
    tcgetattr(STDIN_FILENO, &settings)
    var silent = settings
    silent.c_lflag &= ~tcflag_t(ECHO)
    Terminal.prompt("passphrase: ")
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
    defer {
      tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
      Terminal.prompt("\n")
    }
    return try firstLine(standardInput)
  }

  private static func standardInput(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
    max(0, read(STDIN_FILENO, buffer.baseAddress, buffer.count))
  }

  /// Reads at most 4 KiB into locked memory, and keeps what stands before the first line's end.
  private static func firstLine(
    _ next: (UnsafeMutableRawBufferPointer) throws -> Int
  ) throws -> SecretBytes {
    var length = 0
    let whole = try SecretBytes.reading(count: 4096) { buffer in
      while length < buffer.count {
        let count = try next(UnsafeMutableRawBufferPointer(rebasing: buffer[length...]))
        guard count > 0 else { break }
        let read = buffer[length..<length + count]
        length += count
        if let end = read.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) {
          length = end
          break
        }
      }
    }
    guard length > 0 else { throw UsageFault("the passphrase is empty") }
    return try whole.part(0..<length)
  }
}
