/// Says which files have held still: no I/O, no clock, only what it is told.
///
/// A file counts as complete when its stamp (size, times, inode) has not changed between
/// observations for the quiet time. An old mtime proves nothing (`rsync -t` and `put -p` set it on
/// growing files), so only changes that were seen count. Each name is judged by itself, at the
/// moment that it is observed: no number of other files can delay it.
///
/// Memory is bounded: names are kept as hashes, 48 bytes each, at most `capacity` of them. (Should
/// two names collide, their stamps differ and both only wait; the hash is seeded anew in each
/// process.) When more names than that lie about, those that keep changing lose their places, and
/// newcomers are let in by lot, so that each one's turn comes, wherever it stands in the folder.
package struct Stillness: Sendable {
  private struct Place {
    var stamp: Int
    var since: ContinuousClock.Instant
    var pass: UInt32
    /// Whether it changed in this pass, after it had a place: it has no waiting time to lose.
    var isRestless = false
  }

  package let quiet: Duration
  private let capacity: Int
  private var places: [Int: Place] = [:]
  private var pass: UInt32 = 1
  private var turnedAway = 0
  /// Of all hashes of newcomers, those up to this one win a place.
  private var luckiest = UInt64.max

  /// `quiet`: how long a stamp must hold. `capacity`: how many names are followed at once.
  package init(quiet: Duration, capacity: Int = 500_000) {
    self.quiet = quiet
    self.capacity = max(1, capacity)
  }

  /// How many names are followed.
  package var count: Int { places.count }

  /// Tells what was seen of `name` at `now`, and asks whether it has held still for the quiet time.
  package mutating func observe(
    _ name: EntryName, _ stamp: FileStamp, at now: ContinuousClock.Instant
  ) -> Bool {
    let key = name.hashValue
    let seen = stamp.hashValue
    guard var place = places[key] else {
      admit(key, Place(stamp: seen, since: now, pass: pass))
      return quiet <= .zero
    }
    place.isRestless = place.stamp != seen
    if place.isRestless {
      place.stamp = seen
      place.since = now
    }
    place.pass = pass
    places[key] = place
    return place.since.duration(to: now) >= quiet
  }

  /// Ends one look at the whole folder: names not observed since the last call are forgotten. Not
  /// to be called after a look that was broken off.
  package mutating func endPass() {
    let current = pass
    let isCrowded = turnedAway > 0
    places = places.filter { $0.value.pass == current }
    let followed = places.count
    if isCrowded { places = places.filter { !$0.value.isRestless } }
    let free = UInt64(capacity - places.count)
    // Who just lost a place is a newcomer next time.
    let wanted = UInt64(turnedAway + followed - places.count)
    luckiest = isCrowded && wanted > free ? UInt64.max / wanted * free : .max
    turnedAway = 0
    pass &+= 1
  }

  /// Forgets a name that was taken or refused.
  package mutating func forget(_ name: EntryName) {
    places[name.hashValue] = nil
  }

  /// How long until the first of the followed names could have held still; `nil` if there is none.
  package func nextMoment(after now: ContinuousClock.Instant) -> Duration? {
    places.values.lazy
      .map { quiet - $0.since.duration(to: now) }
      .filter { $0 > .zero }
      .min()
  }

  private mutating func admit(_ key: Int, _ place: Place) {
    var hasher = Hasher()
    hasher.combine(key)
    hasher.combine(pass)
    let lot = UInt64(truncatingIfNeeded: hasher.finalize())
    guard lot <= luckiest, places.count < capacity else {
      turnedAway += 1
      return
    }
    places[key] = place
  }
}
