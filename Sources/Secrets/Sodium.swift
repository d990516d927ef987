/// libsodium made safe: the only place of the house that touches a key.
///
/// Key bytes live in memory that is locked, fenced by guard pages, read-only once written and zeroed
/// when freed (`SecretBytes`); they are reached through closures and can be neither printed nor
/// compared in variable time. Public keys are checked when they are made, so a value of
/// `SealingPublicKey` or `SigningPublicKey` is a valid one. A stream that has seen its FINAL chunk is
/// used up, and the compiler says so.
///
/// Must never: invent cryptography (everything is a composition of libsodium calls), return bytes
/// that were not authenticated, put a key, a passphrase or plaintext in an error, or read a file.

internal import CSodium

package enum Sodium {
  /// `sodium_init(3)`: 0 the first time, 1 later, -1 when it failed. Safe from any thread.
  private static let started = sodium_init()

  /// Makes libsodium ready: chooses code for this processor and opens the source of randomness.
  /// Call it first thing in a program, to have a named fault.
  /// - Throws: `sodium_failed` when the system gives no randomness.
  package static func start() throws(SecretsFault) {
    guard started >= 0 else {
      throw SecretsFault(.sodiumFailed, "libsodium could not start: no source of randomness")
    }
  }

  /// For what cannot throw; `start` has been the place to notice.
  static func require() {
    precondition(started >= 0, "libsodium could not start")
  }
}
