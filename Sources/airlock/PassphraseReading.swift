import Files
import Glibc
import Secrets

/// Where passphrases come from. Never from the command line or the environment, which others can
/// read.
enum PassphraseReading {
  /// The first line of a file; a file that others can read is refused.
  static func file(_ path: String) throws -> SecretBytes {
    let file = try OpenFile(path: path, rules: .secret())
    return try firstLine { buffer in try file.read(into: buffer) }
  }

  /// Asked for on the terminal, without echo.
  static func terminal() throws -> SecretBytes {
    var settings = termios()
    tcgetattr(STDIN_FILENO, &settings)
    var silent = settings
    silent.c_lflag &= ~tcflag_t(ECHO)
    fputs("passphrase: ", stderr)
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
    defer {
      tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
      fputs("\n", stderr)
    }
    return try firstLine { buffer in max(0, read(STDIN_FILENO, buffer.baseAddress, buffer.count)) }
  }

  private static func firstLine(
    _ next: (UnsafeMutableRawBufferPointer) throws -> Int
  ) throws -> SecretBytes {
    let whole = try SecretBytes.reading(atMost: 4096, from: next)
    let length = whole.withBytes { bytes in
      bytes.firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
    }
    guard length > 0 else { throw UsageFault("the passphrase is empty") }
    return try whole.part(0..<length)
  }
}
