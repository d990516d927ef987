import Jobs
import Store
import Testing

/// When a job runs, by the clock alone. Faults 20, 44 and 62 of the list of faults: clocks that jump.
struct ScheduleTests {
  private static let hour: Int64 = 3_600
  /// 2026-11-22T10:00:00Z
  private static let start: Int64 = 1_795_341_600

  private static func hourly(ends: Int64? = nil) -> Schedule {
    var job = JobRecord(
      name: "j", version: 1, kind: .recurring, state: .started, manifestDigest: "", stream: "mts")
    (job.intervalMinutes, job.starts, job.nextRun, job.ends) = (60, start, start, ends)
    return Schedule(job)
  }

  /// Ticks once; a run that is due comes to its end at once.
  private static func tick(_ schedule: inout Schedule, at now: Int64) -> Schedule.Action? {
    let action = schedule.handle(.tick, at: now)
    guard case .run = action else { return action }
    var job = schedule.job
    #expect(job.state == .running)
    #expect(schedule.handle(.tick, at: now) == nil, "one run at a time")
    job.state = job.nextRun == nil ? .completed : .started
    schedule = Schedule(job)
    return action
  }

  @Test("A job runs at each of its slots, once")
  func onTime() {
    var schedule = Self.hourly()
    var runs: [Int64] = []
    for now in stride(from: Self.start - 100, to: Self.start + 5 * Self.hour, by: 7) {
      if case .run(let due, 0)? = Self.tick(&schedule, at: now) { runs.append(due) }
    }
    #expect(runs == (0..<5).map { Self.start + $0 * Self.hour })
  }

  @Test(
    "After a pause one run is made, and the slots before it are counted",
    arguments: [(0, 0), (1, 0), (3_599, 0), (3_600, 1), (10 * 3_600 + 5, 10)])
  func pause(late: Int64, skipped: Int) {
    var schedule = Self.hourly()
    let now = Self.start + late
    #expect(
      Self.tick(&schedule, at: now)
        == .run(due: Self.start + Int64(skipped) * Self.hour, skipped: skipped))
    #expect(Self.tick(&schedule, at: now) == nil)
    #expect(schedule.job.skipped == skipped)
    #expect(schedule.job.nextRun == Self.start + Int64(skipped + 1) * Self.hour)
  }

  @Test(
    "faults 20, 62: a clock that is put back costs no slot for long, and nothing runs before the start",
    arguments: [3_600, 7_200, 86_400, 10 * 31_536_000, 1_795_341_600] as [Int64])
  func clockBack(by jump: Int64) {
    var schedule = Self.hourly()
    _ = Self.tick(&schedule, at: Self.start + 10 * 86_400)
    let now = Self.start + 10 * 86_400 - jump
    #expect(Self.tick(&schedule, at: now) == .keep)
    let next = schedule.job.nextRun ?? 0
    #expect(next >= Self.start)
    #expect(next - max(now, Self.start) <= 2 * Self.hour)
    #expect((next - Self.start) % Self.hour == 0, "on the grid")
    for _ in 1...3 { #expect(Self.tick(&schedule, at: now) == nil || next <= now, "no spinning") }
  }

  @Test("fault 62: a clock ten years ahead makes one run, and put right again goes on")
  func clockForward() {
    var schedule = Self.hourly()
    let ahead = Self.start + 10 * 31_536_000
    guard case .run? = Self.tick(&schedule, at: ahead) else { Issue.record("no run"); return }
    #expect(Self.tick(&schedule, at: ahead + 1) == nil)
    #expect(Self.tick(&schedule, at: Self.start + 1) == .keep)
    #expect(schedule.job.nextRun == Self.start + Self.hour)
    #expect(
      Self.tick(&schedule, at: Self.start + Self.hour)
        == .run(due: Self.start + Self.hour, skipped: 0))
  }

  @Test("A slot that had its run before is passed over")
  func slotTaken() {
    var schedule = Self.hourly()
    _ = schedule.handle(.tick, at: Self.start)
    #expect(schedule.handle(.slotTaken, at: Self.start) == .keep)
    #expect(schedule.job.state == .started)
    #expect(schedule.job.nextRun == Self.start + Self.hour)
  }

  @Test(
    "A job is completed at its end, and runs no more",
    arguments: [(3_600, 1), (3_601, 2), (7_200, 2)] as [(Int64, Int)])
  func end(after length: Int64, runs: Int) {
    var schedule = Self.hourly(ends: Self.start + length)
    var count = 0
    for now in stride(from: Self.start, to: Self.start + 5 * Self.hour, by: 600) {
      if case .run? = Self.tick(&schedule, at: now) { count += 1 }
    }
    #expect(count == runs)
    #expect(schedule.job.state == .completed)
  }

  @Test("A pause over the end runs nothing, and counts what was missed")
  func pauseOverTheEnd() {
    var schedule = Self.hourly(ends: Self.start + 3 * Self.hour)
    #expect(Self.tick(&schedule, at: Self.start + 9 * Self.hour) == .keep)
    #expect(schedule.job.state == .completed)
    #expect(schedule.job.nextRun == nil)
    #expect(schedule.job.skipped == 3)
  }

  @Test("A job that waits for its start runs once, whenever it is started late")
  func draft() {
    var job = JobRecord(
      name: "j", version: 1, kind: .onetime, state: .draft, manifestDigest: "", stream: "mts")
    (job.starts, job.nextRun) = (Self.start, Self.start)
    var schedule = Schedule(job)
    #expect(Self.tick(&schedule, at: Self.start - 1) == nil)
    #expect(Self.tick(&schedule, at: Self.start + 86_400) == .run(due: Self.start, skipped: 0))
    #expect(schedule.job.state == .completed)
    #expect(Self.tick(&schedule, at: Self.start + 90_000) == nil)
  }

  @Test("A stopped job has nothing to come")
  func stopped() {
    var schedule = Self.hourly()
    #expect(schedule.handle(.stopped, at: Self.start) == .keep)
    #expect(schedule.job.nextRun == nil)
    #expect(schedule.job.state == .completed)
    #expect(Self.tick(&schedule, at: Self.start + Self.hour) == nil)
  }

  @Test(
    "Under any sequence of clocks no slot is run twice between two jumps back, and none is early")
  func random() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix(state: seed)
    var runs = 0
    for _ in 0..<200 {
      var schedule = Self.hourly()
      var now = Self.start
      var last: Int64 = 0
      for _ in 0..<200 {
        let step = Int64(random.next() % 9_000) - (random.next() % 10 == 0 ? 50_000 : 0)
        now = max(0, now + step)
        if step < 0 { last = 0 }
        guard case .run(let due, _)? = Self.tick(&schedule, at: now) else { continue }
        #expect(due <= now && due > last && due >= Self.start, "seed \(seed)")
        last = due
        runs += 1
      }
    }
    #expect(runs > 1_000)
  }
}

/// A generator of numbers that can be repeated.
private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
