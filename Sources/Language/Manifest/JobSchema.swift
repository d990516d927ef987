/// The JSON Schema of a manifest, for editors and other programs. `docs/schemas/job.json` is its text;
/// `ManifestDecoder` decides, and a test holds the two against each other.
package enum JobSchema {
  /// Draft 2020-12, with a newline at the end.
  package static let text = #"""
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "$id": "urn:airlock:schema:job:1",
      "title": "Airlock job manifest",
      "description": "What to send of a registry, to whom and when. airlock check says more than this schema can.",
      "type": "object",
      "required": ["airlock", "version", "name"],
      "properties": {
        "airlock": {"const": "job"},
        "version": {"const": 1},
        "$schema": {"const": "urn:airlock:schema:job:1"},
        "name": {
          "description": "Begins the archive's name.",
          "type": "string",
          "pattern": "^[a-z0-9][a-z0-9_-]{0,63}$"
        },
        "note": {"$ref": "#/$defs/note"},
        "stop": {
          "description": "True ends the recurring job of this name; then nothing else is needed.",
          "type": "boolean"
        },
        "recipient": true,
        "input": true,
        "schedule": true,
        "not_before": true,
        "expires": true,
        "filter": true,
        "g2p_search_domain": true,
        "everyone": true,
        "active_test": true,
        "accept_loss": true,
        "fields": true,
        "g2p_selected_fields": true,
        "order": true,
        "limit": true,
        "resend": true,
        "mts": true
      },
      "additionalProperties": false,
      "if": {"properties": {"stop": {"const": true}}, "required": ["stop"]},
      "else": {"$ref": "#/$defs/run"},
      "$defs": {
        "run": {
          "required": ["recipient"],
          "allOf": [
            {"oneOf": [{"required": ["filter"]}, {"required": ["g2p_search_domain"]}]},
            {"oneOf": [{"required": ["fields"]}, {"required": ["g2p_selected_fields"]}]}
          ],
          "properties": {
            "recipient": {"description": "A stream of the site policy.", "type": "string"},
            "input": {"$ref": "#/$defs/input"},
            "schedule": {"$ref": "#/$defs/schedule"},
            "not_before": {"description": "Before this the job does not run.", "$ref": "#/$defs/time"},
            "expires": {"description": "From this on the job runs no more.", "$ref": "#/$defs/time"},
            "filter": {"description": "Whom to send: an Odoo 17 domain.", "$ref": "#/$defs/domain"},
            "g2p_search_domain": {
              "description": "In place of filter: the domain as text, as Odoo stores it.",
              "type": "string"
            },
            "everyone": {
              "description": "True with a filter that picks everyone, and never else.",
              "type": "boolean"
            },
            "active_test": {
              "description": "False includes archived registrants.",
              "type": "boolean",
              "default": true
            },
            "accept_loss": {
              "description": "Fields of the filter of which the export may have lost something.",
              "type": "array",
              "maxItems": 200,
              "uniqueItems": true,
              "items": {"$ref": "#/$defs/field"}
            },
            "fields": {
              "description": "What to send of them.",
              "type": "array",
              "minItems": 1,
              "maxItems": 200,
              "uniqueItems": true,
              "items": {"$ref": "#/$defs/field"}
            },
            "g2p_selected_fields": {
              "description": "In place of fields: the list as text, as Odoo stores it.",
              "type": "string"
            },
            "order": {
              "description": "Who comes first, as Odoo writes it: create_date desc, id",
              "type": "string",
              "minLength": 1,
              "maxLength": 1024,
              "default": "id"
            },
            "limit": {
              "description": "The most records to send.",
              "type": "integer",
              "minimum": 1,
              "maximum": 1000000000
            },
            "resend": {"$ref": "#/$defs/resend"},
            "mts": {"$ref": "#/$defs/mts"}
          }
        },
        "note": {
          "description": "For people; read by no program.",
          "oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]
        },
        "time": {
          "description": "UTC, to the second.",
          "type": "string",
          "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
          "examples": ["2026-11-22T10:00:00Z"]
        },
        "field": {
          "description": "A field, or a path over links to one record or into the groups of a form: demo.fname.",
          "type": "string",
          "maxLength": 256,
          "pattern": "^[^.\\u0000-\\u0020\"\\\\\\u007f]+(\\.[^.\\u0000-\\u0020\"\\\\\\u007f]+)*$"
        },
        "day": {
          "description": "A time, or a whole day.",
          "type": "string",
          "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?$"
        },
        "domain": {
          "type": "array",
          "maxItems": 20000,
          "items": {"oneOf": [{"enum": ["&", "|", "!"]}, {"$ref": "#/$defs/leaf"}]}
        },
        "leaf": {
          "type": "array",
          "minItems": 3,
          "maxItems": 3,
          "prefixItems": [
            {
              "description": "A field, a dotted path, or 1 or 0 for a constant.",
              "type": ["string", "number", "boolean"],
              "minLength": 1
            },
            {
              "enum": [
                "=",
                "!=",
                "<=",
                "<",
                ">",
                ">=",
                "=?",
                "=like",
                "=ilike",
                "like",
                "not like",
                "ilike",
                "not ilike",
                "in",
                "not in",
                "child_of",
                "parent_of",
                "any",
                "not any",
                "<>"
              ]
            },
            true
          ]
        },
        "input": {
          "type": "object",
          "properties": {
            "note": {"$ref": "#/$defs/note"},
            "type": {"enum": ["registry", "custom", "odk"]},
            "from": {"description": "Submissions received from then on.", "$ref": "#/$defs/day"},
            "to": {
              "description": "Submissions received before then, or to the end of that day.",
              "$ref": "#/$defs/day"
            }
          },
          "required": ["type"],
          "additionalProperties": false,
          "if": {"properties": {"type": {"const": "odk"}}},
          "else": {"not": {"anyOf": [{"required": ["from"]}, {"required": ["to"]}]}}
        },
        "schedule": {
          "type": "object",
          "properties": {
            "note": {"$ref": "#/$defs/note"},
            "type": {"enum": ["onetime", "recurring"], "default": "onetime"},
            "interval_minutes": {"type": "integer", "minimum": 1, "maximum": 525600},
            "start": {"$ref": "#/$defs/time"},
            "end": {"$ref": "#/$defs/time"}
          },
          "additionalProperties": false,
          "if": {"properties": {"type": {"const": "recurring"}}, "required": ["type"]},
          "then": {"required": ["interval_minutes"]},
          "else": {
            "not": {
              "anyOf": [{"required": ["interval_minutes"]}, {"required": ["start"]}, {"required": ["end"]}]
            }
          }
        },
        "resend": {
          "type": "object",
          "properties": {
            "note": {"$ref": "#/$defs/note"},
            "rule": {
              "description": "Whether to send again whose VID is out and unanswered.",
              "enum": ["pending", "always"]
            },
            "after_hours": {
              "description": "Then they are sent again all the same.",
              "type": "integer",
              "minimum": 1,
              "maximum": 8784,
              "default": 720
            }
          },
          "required": ["rule"],
          "additionalProperties": false,
          "if": {"properties": {"rule": {"const": "always"}}},
          "then": {"not": {"required": ["after_hours"]}}
        },
        "mts": {
          "type": "object",
          "properties": {
            "note": {"$ref": "#/$defs/note"},
            "mapping": {"$ref": "#/$defs/mapping"},
            "output": {
              "description": "The form of the MTS's result.",
              "enum": ["json", "csv"],
              "default": "json"
            },
            "output_format": {
              "description": "A jq expression that MTS 1.1 makes its result with.",
              "type": "string",
              "minLength": 1,
              "maxLength": 65536
            },
            "delivery": {"const": "download"},
            "values": {"$ref": "#/$defs/values"},
            "lang": {"type": "string", "pattern": "^[a-z]{3}$", "default": "eng"},
            "batch_size": {
              "description": "Records of one request.",
              "type": "integer",
              "minimum": 1,
              "maximum": 5000,
              "default": 1000
            }
          },
          "additionalProperties": false
        },
        "values": {
          "description": "What a value of the registry's is for the MTS.",
          "type": "object",
          "properties": {
            "gender": {
              "type": "object",
              "additionalProperties": {"type": "string", "minLength": 1, "maxLength": 256},
              "examples": [{"F": "Female", "M": "Male"}]
            }
          },
          "additionalProperties": false
        },
        "mapping": {
          "type": "object",
          "properties": {
            "note": {"$ref": "#/$defs/note"},
            "vid": {"description": "For ODK: the field that holds the VID.", "$ref": "#/$defs/field"},
            "name": {"$ref": "#/$defs/sources"},
            "gender": {"$ref": "#/$defs/sources"},
            "dob": {"$ref": "#/$defs/sources"},
            "phoneNumber": {"$ref": "#/$defs/sources"},
            "emailId": {"$ref": "#/$defs/sources"},
            "fullAddress": {"$ref": "#/$defs/sources"}
          },
          "additionalProperties": false
        },
        "sources": {
          "description": "A field, or fields whose values are joined.",
          "oneOf": [
            {"$ref": "#/$defs/field"},
            {"type": "array", "minItems": 1, "maxItems": 16, "items": {"$ref": "#/$defs/field"}}
          ]
        }
      }
    }

    """#
}
