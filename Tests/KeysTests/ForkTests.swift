import Foundation
import Glibc
import Keys
import Secrets
import Testing

@Suite struct ForkTests {
  /// The program never forks; a library that did must not make the same keys twice.
  @Test func `fault 70: a forked child makes other keys than its parent`() async {
    await #expect(processExitsWith: .success) {
      typealias Fork = @convention(c) () -> Int32
      let fork = unsafe unsafeBitCast(try #require(unsafe dlsym(nil, "fork")), to: Fork.self)
      _ = try Identity.generate(name: KeyName("before"))
      var ends: [Int32] = [0, 0]
      #expect(unsafe pipe(&ends) == 0)
      let child = fork()
      let key = try Identity.generate(name: KeyName("after")).card.signing.bytes
      if child == 0 {
        _ = unsafe write(ends[1], key, key.count)
        _exit(0)
      }
      var other = [UInt8](repeating: 0, count: 32)
      try #require(unsafe read(ends[0], &other, 32) == 32)
      try #require(other != key && other.contains { $0 != 0 })
      exit(0)
    }
  }
}
