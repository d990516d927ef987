/// Says which files have held still: no I/O, no clock, only what it is told.
///
/// A file counts as complete when its stamp (size, times, inode) has not changed between
/// observations for the quiet time. An old mtime proves nothing (`rsync -t` and `put -p` set it on
/// growing files), so only changes that were seen count. Each name is judged by itself, at the
/// moment that it is observed: no number of other files can delay it.
///
/// Memory is bounded: names are kept as hashes, 40 bytes each, at most `capacity` of them. (Should
/// two names collide, their stamps differ and both only wait; the hash is seeded anew in each
/// process.) When more names than that lie about, those that keep changing lose their places and
/// the newcomers are let in by turns, so that each one's turn comes.
package struct Stillness: Sendable {
  private struct Place {
    var stamp: Int
    var since: ContinuousClock.Instant
    var pass: UInt32
  }

  package let quiet: Duration
  private let capacity: Int
  private var places: [Int: Place] = [:]
  private var pass: UInt32 = 1
  private var newcomers = 0
  private var admitted = 0
  private var turnedAway = 0
  private var skipping = 0

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
    if place.stamp != seen {
      place.stamp = seen
      place.since = now
    }
    place.pass = pass
    places[key] = place
    return place.since.duration(to: now) >= quiet
  }

  /// Ends one look at the whole folder: names not observed since the last call are forgotten. Not
  /// to be called after a look that was broken off.
  package mutating func endPass(at now: ContinuousClock.Instant) {
    let current = pass
    let crowded = turnedAway > 0
    // When it is crowded, who changed just now has no waiting time to lose, only the place.
    places = places.filter { $0.value.pass == current && !(crowded && $0.value.since == now) }
    skipping = crowded && newcomers > skipping + admitted ? skipping + admitted : 0
    (newcomers, admitted, turnedAway) = (0, 0, 0)
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
    newcomers += 1
    guard newcomers > skipping, places.count < capacity else {
      turnedAway += 1
      return
    }
    admitted += 1
    places[key] = place
  }
}
