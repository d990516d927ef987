import Faults
import Files
import JSONText
import Language
import Synchronization
import Testing

@testable import Store

/// A filter ends when its time is over or a stop is asked for; nobody waits in these tests.
struct BoundedFilterTests {
  private let site: LoadingSite

  init() throws {
    site = try LoadingSite()
    let partners = (1...5_000).map { id -> JSON in
      ["id": .int(Int64(id)), "name": .string("n\(id)"), "active": true]
    }
    try site.load(JSON.array(partners).line())
  }

  private func search(_ bounds: QueryBounds) throws -> RegistrySearch {
    try RegistrySearch(
      JSONDocument(parsing: "[[\"name\",\"ilike\",\"N\"]]"), model: "res.partner", activeTest: true,
      over: SnapshotStore.open(site.store, bounds: bounds))
  }

  @Test("A filter that takes longer than it may is given up: the filter's own fault")
  func deadline() throws {
    // Each look at the clock is a second later.
    let clock = SteppingClock(.seconds(1))
    let search = try search(QueryBounds(time: .seconds(5), now: { clock.now }))
    let fault = #expect(throws: StoreFault.self) { try search.count() }
    #expect(fault?.code == "too_costly")
    #expect(fault?.blame == .input)
    #expect(fault?.message.contains("5 s") == true)
  }

  @Test("A stop ends a search that is running, and says nothing of the filter")
  func stop() throws {
    let asked = Mutex(0)
    let bounds = QueryBounds(isStopped: {
      asked.withLock {
        $0 += 1; return $0 > 10
      }
    })
    let fault = #expect(throws: StoreFault.self) { try search(bounds).count() }
    #expect(fault?.isStop == true)
    #expect(fault?.blame == .environment)
    #expect(asked.withLock { $0 } == 11)
  }

  @Test("The connection serves again after a filter was given up")
  func again() throws {
    let isSlow = Mutex(true)
    let clock = SteppingClock(.seconds(1))
    let start = ContinuousClock.now
    let search = try search(
      QueryBounds(time: .seconds(9), now: { isSlow.withLock { $0 } ? clock.now : start }))
    #expect(throws: StoreFault.self) { try search.count() }
    isSlow.withLock { $0 = false }
    #expect(try search.count() == 5_000)
  }

  @Test("What is done with the rows takes none of the filter's time")
  func reader() throws {
    let clock = SteppingClock(.zero)
    var ids = 0
    try search(QueryBounds(time: .seconds(5), now: { clock.now })).forEachID { _ in
      clock.advance(.seconds(1))
      ids += 1
    }
    #expect(ids == 5_000)
  }

  @Test("One call of a function that takes long ends as well")
  func longCall() throws {
    let asked = Mutex(0)
    let patterns = try (0..<200).map { try LikePattern("%a_\($0)%", foldsCase: true) }
    let text = String(repeating: "a", count: 100_000)
    let answer = Array(text.utf8).withUnsafeBufferPointer { bytes in
      LikePatterns(patterns).matches(bytes) {
        asked.withLock {
          $0 += 1; return $0 > 2
        }
      }
    }
    #expect(answer == nil)
    #expect(asked.withLock { $0 } == 3)
  }
}

/// A clock that goes on by a step at each look.
private final class SteppingClock: Sendable {
  private let time = Mutex(ContinuousClock.now)
  private let step: Duration

  init(_ step: Duration) { self.step = step }

  var now: ContinuousClock.Instant {
    time.withLock { time in
      time += step
      return time
    }
  }

  func advance(_ duration: Duration) { time.withLock { $0 += duration } }
}
