internal import CLinux
internal import Glibc

/// Wakes a watcher early when something happens in its folders (inotify(7)), or when it is told to
/// stop. Only a hint: where the file system gives none (NFS, FUSE, no watches left) it is a plain
/// timed wait, and polling alone must suffice.
package final class ChangeHints: Sendable {
  /// Why a wait ended.
  package enum Wake: Sendable, Hashable {
    case changed
    case timeout
    case stopped
  }

  private let notices: Int32
  private let stop: Int32

  /// Whether at least one of the folders gives hints.
  package let isHinted: Bool

  /// Follows `folders`. Throws only if the process is out of descriptors.
  package init(_ folders: [Folder]) throws(FileFault) {
    stop = try SystemCall.run("make", "an event counter") {
      eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    }
    let notices = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    self.notices = notices
    isHinted = folders.reduce(false) { $0 || Self.follow($1, notices) }
  }

  deinit {
    close(stop)
    if notices >= 0 { close(notices) }
  }

  private static func follow(_ folder: Folder, _ notices: Int32) -> Bool {
    guard notices >= 0 else { return false }
    let events = IN_CLOSE_WRITE | IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF
    let mask = UInt32(events) | UInt32(IN_ONLYDIR)
    // By descriptor, so that it is this very folder that is watched; by path where a process that
    // may not dump core may not look into its own /proc (proc(5)).
    return unsafe inotify_add_watch(notices, "/proc/self/fd/\(folder.descriptor)", mask) >= 0
      || inotify_add_watch(notices, folder.path, mask) >= 0
  }

  /// Blocks the calling thread until something changed, `limit` has passed or `wake()` was called.
  /// Once woken by `wake()` every wait ends at once.
  package func wait(upTo limit: Duration) -> Wake {
    let end = ContinuousClock.now + limit
    while true {
      var watched = [
        pollfd(fd: stop, events: Int16(POLLIN), revents: 0),
        pollfd(fd: notices, events: Int16(POLLIN), revents: 0),
      ]
      let ready = unsafe poll(&watched, 2, milliseconds(until: end))
      if ready > 0, watched[0].revents != 0 { return .stopped }
      if ready > 0, drain() { return .changed }
      if ContinuousClock.now >= end { return .timeout }
    }
  }

  /// Ends the current wait and all later ones; from any thread.
  package func wake() {
    eventfd_write(stop, 1)
  }

  private func milliseconds(until end: ContinuousClock.Instant) -> Int32 {
    let left = ContinuousClock.now.duration(to: end).components
    guard left.seconds >= 0, left.attoseconds >= 0 else { return 0 }
    return Int32(min(left.seconds, 86_400) * 1_000 + left.attoseconds / 1_000_000_000_000_000 + 1)
  }

  /// Takes all waiting notices away; what they say is of no interest. Whether there were any.
  private func drain() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 16_384)
    var found = false
    for _ in 0..<1_024 {
      guard unsafe Glibc.read(notices, &buffer, buffer.count) > 0 else { break }
      found = true
    }
    return found
  }
}
