internal import Glibc

/// Makes system calls return values or throw: `EINTR` is repeated, -1 becomes a fault that says
/// what was tried on what.
enum SystemCall {
  /// Runs `call` until it is not interrupted.
  @discardableResult
  static func run<Result: SignedInteger & FixedWidthInteger>(
    _ action: String, _ subject: @autoclosure () -> String, _ call: () -> Result
  ) throws(FileFault) -> Result {
    let (result, number) = attempt(call)
    guard result != -1 else { throw FileFault(action, subject(), errno: number) }
    return result
  }

  /// The same for callers that look at the error number themselves.
  static func attempt<Result: SignedInteger & FixedWidthInteger>(
    _ call: () -> Result
  ) -> (result: Result, errno: Int32) {
    while true {
      let result = call()
      guard result == -1 else { return (result, 0) }
      let number = errno
      if number != EINTR { return (result, number) }
    }
  }
}
