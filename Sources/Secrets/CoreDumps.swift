import Glibc

internal import CSodium

/// Keeps memory out of core files.
package enum CoreDumps {
  /// No core file, and no other process of the same user may attach or read `/proc/PID/mem`:
  /// `setrlimit(2)` with `RLIMIT_CORE` 0, hard and soft, and `prctl(2)` with `PR_SET_DUMPABLE` 0.
  /// From then on `/proc/self/fd` is closed to a process that is not root.
  /// - Throws: `core_dumps` when the system refuses.
  package static func disable() throws(SecretsFault) {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    guard unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) == 0,
      airlock_forbid_dumps() == 0
    else { throw SecretsFault(.coreDumps, "core dumps could not be switched off") }
  }

  /// Whether both are in force.
  package static var areDisabled: Bool {
    var limit = rlimit(rlim_cur: 1, rlim_max: 1)
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0 else {
      return false
    }
    return limit.rlim_max == 0 && airlock_dumps_allowed() == 0
  }
}
