package import Faults
import JSONText
package import Language

/// Whether a policy lets a manifest's data leave.
package struct PolicyCheck: Sendable {
  private let policy: SitePolicy

  package init(_ policy: SitePolicy) { self.policy = policy }

  /// The stream that a manifest may send on.
  /// - Throws: `unknown_recipient`; `input_not_allowed`; `field_not_allowed` at the first field,
  ///   selected or mapped, that is not under the stream's ceiling.
  package func stream(for manifest: Manifest) throws(PolicyFault) -> SitePolicy.Stream {
    let stream = try stream(named: manifest.recipient, for: manifest.input)
    if let fault = faults(of: manifest.leavingFields, on: manifest.recipient).first { throw fault }
    return stream
  }

  /// - Throws: `unknown_recipient`, `input_not_allowed`.
  package func stream(
    named recipient: String, for input: JobInput
  ) throws(PolicyFault) -> SitePolicy.Stream {
    guard let stream = policy.streams[recipient] else {
      throw PolicyFault(
        code: "unknown_recipient",
        message: "the site policy has no stream for the recipient \(Spelling.shown(recipient))",
        hint: Spelling.nearest(to: recipient, among: policy.streams.keys)
          .map { "did you mean \"\($0)\"?" } ?? "streams are set up in policies/site.json",
        place: FaultPlace(pointer: "/recipient"))
    }
    try requireInput(input, of: stream, named: recipient)
    return stream
  }

  private func requireInput(
    _ input: JobInput, of stream: SitePolicy.Stream, named name: String
  ) throws(PolicyFault) {
    let input: SitePolicy.Input = input.isODK ? .odk : .registry
    guard stream.input.contains(input) else {
      throw PolicyFault(
        code: "input_not_allowed",
        message:
          "the site policy lets no job over \(input.rawValue) data send on the stream \"\(name)\"",
        hint: "have it added to streams.\(name).input in policies/site.json",
        place: FaultPlace(pointer: "/input"))
    }
  }

  /// `field_not_allowed` for each field that is not under the ceiling of the recipient's stream.
  package func faults(of fields: [ManifestField], on recipient: String) -> [PolicyFault] {
    guard let stream = policy.streams[recipient] else { return [] }
    return fields.filter { !stream.fields.contains($0.name) }.map { field in
      PolicyFault(
        code: "field_not_allowed",
        message:
          "\(field.place.position) (\(field.place.pointer)): the site policy does not let the field \(Spelling.shown(field.name)) leave on the stream \"\(recipient)\"",
        hint: "leave it out, or have it added to streams.\(recipient).fields in policies/site.json",
        place: field.place.position.place(pointer: field.place.pointer))
    }
  }
}

/// Refused by the site policy.
package struct PolicyFault: Fault {
  package let code: String
  package let message: String
  package let hint: String?
  package let place: FaultPlace?

  package init(code: String, message: String, hint: String? = nil, place: FaultPlace? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
    self.place = place
  }

  package var blame: Blame { .input }
}

extension Manifest {
  /// Every field that leaves, selected or mapped, each once.
  package var leavingFields: [ManifestField] {
    (fields + mts.mapping.fields).uniqued
  }
}
