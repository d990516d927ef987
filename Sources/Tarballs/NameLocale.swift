internal import CArchive
internal import Glibc

/// A locale for names, for as long as libarchive reads a header.
///
/// libarchive asks the C locale what the machine's encoding is, which is ASCII until a program says
/// otherwise, and gives up names beyond it. The locale is the thread's own, and is put back: nothing
/// else of the process changes.
@safe final class NameLocale {
  private let locale: locale_t?

  init() { unsafe locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nil) }

  deinit { if let locale = unsafe locale { unsafe freelocale(locale) } }

  /// Runs the body with it. Without such a locale on the machine, as it is.
  func run<Result>(_ body: () throws -> Result) rethrows -> Result {
    guard let locale = unsafe locale else { return try body() }
    let before = unsafe uselocale(locale)
    defer { _ = unsafe uselocale(before) }
    return try body()
  }
}
