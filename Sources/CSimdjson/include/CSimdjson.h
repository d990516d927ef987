#ifndef AIRLOCK_CSIMDJSON_H
#define AIRLOCK_CSIMDJSON_H

#include <stddef.h>
#include <stdint.h>

// A small C face for simdjson (https://simdjson.org, Debian `libsimdjson-dev`).
//
// A document becomes a flat list of events in document order. Two walkers make the same events:
// `sj_append` is the fast one (DOM, chosen for the processor at run time) and knows no offsets;
// `sj_append_located` (On-Demand) gives every event its offset in the text, for messages.

#ifdef __cplusplus
extern "C" {
#endif

enum sj_kind {
  SJ_NULL = 0,
  SJ_FALSE,
  SJ_TRUE,
  SJ_INT,      // payload.integer
  SJ_UINT,     // payload.natural: above INT64_MAX only
  SJ_DOUBLE,   // payload.real
  SJ_STRING,   // payload.bytes, length: UTF-8, unescaped, not NUL-terminated
  SJ_KEY,      // as SJ_STRING; the value follows
  SJ_OBJECT,   // payload.natural: the index of the matching SJ_END
  SJ_ARRAY,    // payload.natural: the index of the matching SJ_END
  SJ_END,
};

typedef struct {
  union {
    int64_t integer;
    uint64_t natural;
    double real;
    const char *bytes;
  } payload;
  uint32_t length;
  uint32_t offset;
  uint8_t kind;
} sj_event;

enum sj_fault {
  SJ_OK = 0,
  SJ_SYNTAX,        // not JSON
  SJ_UTF8,          // not UTF-8
  SJ_BAD_STRING,    // a bad escape, a lone surrogate, a raw control character
  SJ_BAD_NUMBER,    // malformed, or out of range
  SJ_TOO_DEEP,
  SJ_TRAILING,      // something after the end of the document
  SJ_EMPTY,         // nothing but white space
  SJ_MEMORY,
};

typedef struct {
  int32_t fault;    // enum sj_fault
  uint32_t offset;  // where, in bytes from the start of the text; a best effort
} sj_outcome;

typedef struct sj_parser sj_parser;

// Bytes that must be readable (their value is of no matter) after every text.
size_t sj_padding(void);

sj_parser *sj_parser_new(void);
void sj_parser_free(sj_parser *parser);

// Forgets all events. Strings of earlier events are no longer valid.
void sj_clear(sj_parser *parser);

// Forgets all events and keeps their strings: what was copied of an event stays good.
void sj_forget_events(sj_parser *parser);

// Parses one document of at most 2^32 - 1 bytes and appends its events. After a fault the events
// of this document are taken back.
sj_outcome sj_append(sj_parser *parser, const char *text, size_t length, uint32_t max_depth);
sj_outcome sj_append_located(sj_parser *parser, const char *text, size_t length, uint32_t max_depth);

// The events since `sj_clear`; valid until the next call on this parser.
const sj_event *sj_events(const sj_parser *parser, size_t *count);

// Whether the text is UTF-8; 0 if not.
int sj_valid_utf8(const char *text, size_t length);

// Where a JSON array's elements end. Feed the text in pieces; state starts zeroed, just after `[`.
typedef struct {
  uint32_t depth;
  uint8_t in_string;
  uint8_t escaped;
} sj_splitter;

// Returns the index of the `,` or `]` that ends the element in progress, or `length` if it goes on.
size_t sj_split(sj_splitter *state, const char *text, size_t length);

#ifdef __cplusplus
}
#endif
#endif
