import Faults
import Dispatch
import Synchronization

/// A value that is worked out on another thread while its owner goes on, and waited for when it is
/// needed.
package final class Ahead<Value: Sendable>: Sendable {
  private let result = Mutex<Result<Value, any Error>?>(nil)
  private let done = DispatchSemaphore(value: 0)

  package init(_ work: @escaping @Sendable () throws -> Value) {
    DispatchQueue.global().async { [self] in
      let outcome = Result { try work() }
      result.withLock { $0 = outcome }
      done.signal()
    }
  }

  /// Waits for its end, whatever that is: work must not outlive what it was begun for.
  package func finish() { _ = try? value() }

  /// The value, once it is there. May be asked again.
  /// - Throws: what the work threw.
  package func value() throws -> Value {
    done.wait()
    done.signal()
    guard let outcome = result.withLock({ $0 }) else {
      throw StoreFault(code: "store_bug", message: "work ended without a result", blame: .bug)
    }
    return try outcome.get()
  }
}
