import Testing

@testable import Store

@Suite struct FloatTextTests {
  @Test(
    "A float is printed as PostgreSQL prints it",
    arguments: [
      (0, "0"), (-0.0, "0"), (7, "7"), (-12, "-12"), (10, "10"), (0.5, "0.5"), (-0.25, "-0.25"),
      (1234.56, "1234.56"), (0.0001, "0.0001"), (0.00012, "0.00012"), (0.00001, "1e-05"),
      (0.1 + 0.2, "0.30000000000000004"), (100.05, "100.05"), (0.05, "0.05"), (-3.0004, "-3.0004"),
      (999_999_999_999_999, "999999999999999"), (1e15, "1e+15"), (1.5e15, "1.5e+15"),
      (123_456_789_012.3456, "123456789012.3456"), (1e300, "1e+300"), (2.5e-7, "2.5e-07"),
      (99_999_999_999_999.5, "99999999999999.5"), (1.0 / 3, "0.3333333333333333"),
    ] as [(Double, String)])
  func printed(number: Double, text: String) {
    #expect(FloatText.text(of: number) == text)
  }

  @Test func `Every amount reads back as itself, in the shortest digits there are`() {
    var generator = SystemRandomNumberGenerator()
    let seed = generator.next() as UInt64
    print("seed \(seed)")
    var state = seed
    for _ in 0..<20_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let whole = Int64(bitPattern: state >> 20) % 100_000_000_000
      let number = Double(whole) / [1, 10, 100, 1000, 10_000, 100_000][Int(state % 6)]
      let text = FloatText.text(of: number)
      #expect(Double(text) == number)
      let usual = number.description
      let plain = usual.hasSuffix(".0") ? String(usual.dropLast(2)) : usual
      if !plain.contains("e") { #expect(text == plain) }
    }
  }
}
