package import Language

/// The description of a model came after its records. Not a fault: read the drop once more, with
/// these descriptions known from the start.
package struct LateDescriptions: Error, Sendable {
  package let models: [String: ModelDescription]
}
