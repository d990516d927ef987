import Secrets
import Testing

@testable import Archives

@Suite struct StreamRatchetTests {
  /// The archive that belongs at a number.
  private func good(_ number: Int64) -> StreamArrival { arrival(number) }

  private func arrival(
    _ number: Int64, fork: UInt8 = 0, after: UInt8 = 0
  ) -> StreamArrival {
    StreamArrival(
      sequence: number, digest: digest(number, fork),
      previous: number == 1 ? nil : digest(number - 1, after))
  }

  private func digest(_ number: Int64, _ fork: UInt8) -> Digest {
    Digest(of: Array("\(number) \(fork)".utf8))
  }

  /// After these, opened whatever they are.
  private func ratchet(_ numbers: [Int64]) -> StreamRatchet {
    numbers.reduce(StreamRatchet()) { $0.judge(good($1)).next }
  }

  @Test func `fault 60: gap, reorder, fork and replay are each named`() {
    let rows: [([Int64], StreamArrival, String?)] = [
      ([], good(1), nil), ([1], good(2), nil), ([1, 2], good(2), "replayed"),
      ([1, 2], good(1), "replayed"), ([], good(42), "sequence_gap"),
      ([1], good(3), "sequence_gap"), ([1, 2], arrival(2, fork: 1), "forked"),
      ([1], arrival(2, after: 1), "forked"), ([1, 3], good(2), "reordered"),
      ([1, 3], arrival(2, fork: 1), "forked"), ([1, 3], arrival(2, after: 1), "forked"),
      ([1, 5], good(3), "reordered"), ([1, 5, 3], arrival(4, after: 1), "forked"),
      ([1, 5, 3], arrival(2, fork: 1), "forked"), ([1, 5, 3, 4, 2], good(6), nil),
      ([1, 5, 3], good(3), "replayed"), ([3], good(1), "reordered"),
    ]
    for (before, arrival, code) in rows {
      #expect(
        ratchet(before).judge(arrival).finding?.code == code, "\(before), \(arrival.position)")
    }
  }

  @Test func `fault 60: a gap says which numbers are missing`() {
    #expect(ratchet([1, 2]).judge(good(7)).finding == .sequenceGap(3...6))
  }

  @Test func `fault 61: a number far ahead is a gap, and a stream begun anew goes on`() {
    let before = ratchet([1, 2])
    let stolen = arrival(1 << 53, fork: 9)
    let (finding, followed) = before.judge(stolen)
    #expect(finding == .sequenceGap(3...(1 << 53) - 1))
    #expect(followed.judge(good(3)).finding == .reordered, "even to one who followed it")
    let again = StreamRatchet(startingAt: good(3))
    #expect(again.judge(good(4)).finding == nil)
    #expect(again.judge(good(2)).finding == .replayed)
    #expect(again.judge(stolen).finding?.code == "sequence_gap")
  }

  @Test func `a fork is never followed, whatever the rule`() {
    let before = ratchet([1, 2])
    #expect(before.judge(arrival(3, after: 1)).next == before)
    #expect(before.judge(arrival(2, fork: 1)).next == before)
  }

  @Test func `what is long forgotten counts as received`() {
    let many = ratchet(Array(1...400))
    #expect(many.recent.count == StreamRatchet.most)
    for number in [1, 144, 145, 400] as [Int64] {
      #expect(many.judge(good(number)).finding == .replayed)
      #expect(many.has(good(number).position))
    }
    #expect(many.judge(arrival(399, fork: 1)).finding == .forked)
    #expect(!many.has(arrival(399, fork: 1).position) && !many.has(good(401).position))
  }

  @Test func `holes too many to note count as received, and memory stays bounded`() {
    let holey = ratchet((1...400).map { $0 * 2 })
    #expect(holey.holes.count == StreamRatchet.most)
    #expect(holey.judge(good(1)).finding == .replayed)
    #expect(holey.judge(good(799)).finding == .reordered)
  }

  @Test func `random arrivals get the answers of a plain model`() {
    let seed = UInt64.random(in: 0 ... .max)
    print("seed of random arrivals: \(seed)")
    var (random, judged) = (Lot(seed: seed), [String: Int]())
    for _ in 0..<300 {
      var (ratchet, model) = (StreamRatchet(), PlainStream())
      for _ in 0..<120 {
        let arrival = arrival(
          .random(in: 1...30, using: &random), fork: random.rarely() ? 1 : 0,
          after: random.rarely() ? 1 : 0)
        let (finding, next) = ratchet.judge(arrival)
        #expect(finding?.code == model.finding(arrival), "seed \(seed)")
        judged[finding?.code ?? "next", default: 0] += 1
        switch random.next() % 8 {
        case 0...3 where finding != nil: break
        case 7 where random.rarely():
          ratchet = StreamRatchet(startingAt: arrival)
          model.restart(arrival)
        default:
          ratchet = next
          model.open(arrival)
        }
        let parts = StreamRatchet(recent: ratchet.recent, holes: ratchet.holes)
        #expect(parts == (ratchet.last == nil ? nil : ratchet), "seed \(seed)")
      }
    }
    #expect(judged.count == 5 && judged.values.allSatisfy { $0 > 100 }, "\(judged)")
  }
}

/// A stream as a person would keep it: every archive that was received, and nothing else.
private struct PlainStream {
  private var received: [Int64: StreamArrival] = [:]
  private var start: Int64 = 1

  func finding(_ arrival: StreamArrival) -> String? {
    let number = arrival.position.sequence
    if let same = received[number] {
      return same.position == arrival.position ? "replayed" : "forked"
    }
    let last = received.keys.max() ?? 0
    if number < start, last > 0 { return "replayed" }
    let follows = received[number - 1].map { $0.position.digest == arrival.previous } ?? true
    let precedes = received[number + 1].map { $0.previous == arrival.position.digest } ?? true
    if !follows || !precedes { return "forked" }
    if number < last { return "reordered" }
    return number == last + 1 ? nil : "sequence_gap"
  }

  mutating func open(_ arrival: StreamArrival) {
    let number = arrival.position.sequence
    if finding(arrival) != "forked" { received[number] = received[number] ?? arrival }
  }

  mutating func restart(_ arrival: StreamArrival) {
    received = [arrival.position.sequence: arrival]
    start = arrival.position.sequence
  }
}

/// Numbers that a seed gives again (splitmix64).
private struct Lot: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func rarely() -> Bool { next() % 10 == 0 }
}
