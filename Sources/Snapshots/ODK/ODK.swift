// Submissions of an ODK form as ODK Central gives them out, on their way to rows.
//
// A form is a tree and the store holds tables: the form's fields become the model `odk.submission`,
// a group becomes a model of its own with one record a submission, linked by a many2one of the
// group's name, and a repeat becomes a model whose records point back (`owner`), listed by a
// one2many of the repeat's name. So a path such as `demo.fname` is a path like any other of a domain.
// The rows go through the same typing as those of a registry; the one thing that is added is that
// text is looked at for dates, and, in a CSV file, for numbers.

/// Names that submissions have in the store.
package enum ODK {
  /// One record a submission.
  package static let mainModel = "odk.submission"
  /// The submission's own id, `uuid:…`.
  package static let instanceID = "instance_id"
  /// When the submission came in; UTC.
  package static let submissionDate = "submission_date"
  /// The link to what Central says of the submission.
  package static let system = "system"
  /// In a CSV file: the key of the submission or the repeat's record that a record belongs to.
  package static let parentKey = "parent_key"
  /// The link from a repeat's record to what it belongs to.
  package static let owner = "owner"
}
