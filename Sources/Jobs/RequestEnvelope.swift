import JSONText
import Language

/// The body of one MTS request around its records (`POST /authtoken/json`, MTS 1.0.1 and 1.1.0).
struct RequestEnvelope {
  let prefix: [UInt8]
  let suffix = Array("]}}".utf8)

  /// - Parameter time: `YYYY-MM-DDTHH:MM:SS.mmmZ`; the MTS refuses any other form.
  init(_ options: MTSOptions, time: String) {
    let request: JSON = .object(present: [
      ("output", .string(options.output.rawValue)),
      ("deliverytype", "download"),
      ("lang", .string(options.lang)),
      ("outputFormat", options.outputFormat.map { .string($0.expression) }),
      ("mapping", RequestEnvelope.plainMapping),
    ])
    let envelope: JSON = [
      "id": "mosip.token.seeder", "version": "1.0", "metadata": "", "requesttime": .string(time),
      "request": request,
    ]
    // The list of records goes where the request's object would end.
    prefix = Array((envelope.line().dropLast(2) + #", "authdata": ["#).utf8)
  }

  /// Records come with the MTS's own key names, so each key maps to itself.
  private static let plainMapping: JSON = .object(
    [JSON.Member("vid", "vid")]
      + MTSKey.allCases.map { key in
        JSON.Member(key.rawValue, key.isList ? [.string(key.rawValue)] : .string(key.rawValue))
      })
}
