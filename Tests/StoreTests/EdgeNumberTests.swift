import Faults
import JSONText
import Testing

@testable import Store

/// Numbers at the ends of what can be written, as numbers and as texts: Odoo's answer, or a fault.
struct EdgeNumberTests {
  private let site: LoadingSite
  private let snapshot: SnapshotStore

  /// Ten partners, the last without numbers.
  init() throws {
    site = try LoadingSite()
    let incomes: [JSON] = [
      .double(-1.5), .double(0), .double(1e308), .int(9_007_199_254_740_993), .double(0.1 + 0.2),
      .double(-1e308), .double(.leastNonzeroMagnitude), .int(7), .double(1e16), nil,
    ]
    let partners = incomes.enumerated().map { index, income -> JSON in
      [
        "id": .int(Int64(index + 1)), "name": .string(index == 3 ? "9007199254740993" : "n"),
        "income": income, "color": income == nil ? nil : .int(Int64(index)), "active": true,
        "parent_id": index == 1 ? 1 : false,
      ]
    }
    // Lossless: an unset number is none.
    let lines = partners.map { $0.line() }.joined(separator: "\n")
    snapshot = try site.load(lines)
  }

  @Test(
    "Numbers at the edges pick whom Odoo picks",
    arguments: [
      (#"["income","=","nan"]"#, 0), (#"["income","<","NaN"]"#, 9), (#"["income",">=","nan"]"#, 0),
      (#"["income","!=","nan"]"#, 10), (#"["income","in",["nan"]]"#, 0),
      (#"["income","not in",["nan"]]"#, 10), (#"["income","not in",["nan",7]]"#, 9),
      (#"["income","<","inf"]"#, 9), (#"["income",">","-Infinity"]"#, 9),
      (#"["income","=","1e400"]"#, 0), (#"["income","<=",1e308]"#, 9),
      (#"["income",">=",1e308]"#, 1),
      (#"["income","=",-0.0]"#, 1), (#"["income","!=",-0.0]"#, 8), (#"["income","=","-0"]"#, 1),
      (#"["income","=",9007199254740993]"#, 1), (#"["income","=",9007199254740992]"#, 1),
      (#"["income","=",0.30000000000000004]"#, 1), (#"["income","=",0.3]"#, 0),
      (#"["income","=",9223372036854775807]"#, 0), (#"["income","<",9223372036854775807]"#, 8),
      (#"["income",">",5e-324]"#, 5), (#"["income","=",1e16]"#, 1),
      (#"["income","=","1_0e1_5"]"#, 1), (#"["color","=","٣"]"#, 1), (#"["color","=","1_0"]"#, 0),
      (#"["color","=",2.9]"#, 1), (#"["color","<",9223372036854775807]"#, 9),
      (#"["name","=",9007199254740993]"#, 1), (#"["name","=",9007199254740993.0]"#, 0),
      (#"["name","=",-0]"#, 0), (#"["name","=",1e308]"#, 0),
      (#"["parent_id","=",9223372036854775807]"#, 0), (#"["parent_id","=",1.0]"#, 1),
      (#"["id","in",[1.0,2.5,3]]"#, 2), (#"["id","=","3"]"#, 1),
    ])
  func picked(leaf: String, expected: Int) throws {
    #expect(try count(leaf) == expected)
  }

  @Test("Long lists of numbers are compared exactly")
  func longList() throws {
    let many = (1...200).map { "\(Double($0) + 0.5)" }.joined(separator: ",")
    #expect(try count("[\"income\",\"in\",[\(many),0.30000000000000004,5e-324,1e308,-1e308]]") == 4)
    #expect(try count("[\"income\",\"not in\",[\(many),\"nan\",\"inf\",0.30000000000000004]]") == 9)
  }

  @Test(
    "Numbers that do not fit are refused, each with a reason",
    arguments: [
      (#"["color","=",9223372036854775808]"#, "json_bad_number"),
      (#"["color","=",18446744073709551615]"#, "json_bad_number"),
      (#"["color","=",18446744073709551616]"#, "json_bad_number"),
      (#"["income","=",1e309]"#, "json_bad_number"), (#"["income","=",NaN]"#, "json"),
      (#"["income","=",Infinity]"#, "json"), (#"["income","=",-Infinity]"#, "json"),
      (#"["color","=",1e308]"#, "wrong_value"),
      (#"["color","=","9223372036854775808"]"#, "wrong_value"),
      (#"["color","=","nan"]"#, "wrong_value"), (#"["color","=","inf"]"#, "wrong_value"),
      (#"["color","=","1__0"]"#, "wrong_value"), (#"["income","=","1_e5"]"#, "wrong_value"),
      (#"["income","=","nan(5)"]"#, "wrong_value"), (#"["income","=","0x10"]"#, "wrong_value"),
      (#"["id","=",2147483648]"#, "wrong_value"), (#"["id","=","2147483648"]"#, "wrong_value"),
      (#"["id","in",["2147483648"]]"#, "wrong_value"), (#"["id","=",1.5]"#, "wrong_value"),
    ])
  func refused(leaf: String, code: String) throws {
    do {
      _ = try count(leaf)
      Issue.record("accepted")
    } catch {
      #expect((error as? any Fault)?.code.hasPrefix(code) == true, "\(error)")
    }
  }

  private func count(_ leaf: String) throws -> Int {
    try RegistrySearch(
      JSONDocument(parsing: "[\(leaf)]"), model: "res.partner", activeTest: true, over: snapshot
    ).count()
  }
}
