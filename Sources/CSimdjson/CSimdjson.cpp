#include "CSimdjson.h"

#include <simdjson.h>

#include <cstring>
#include <memory>
#include <new>
#include <vector>

using namespace simdjson;

namespace {

constexpr size_t KEPT_CAPACITY = 1 << 20;

// A vector without a look at its capacity for every event: room is made once for a document.
struct Events {
  std::unique_ptr<sj_event[]> items;
  size_t count = 0, capacity = 0;

  // Every event but the last END has a byte of text of its own.
  void make_room(size_t text) {
    size_t wanted = count + text + 2;
    if (wanted <= capacity) return;
    std::unique_ptr<sj_event[]> larger(new sj_event[wanted]);
    if (count) memcpy(larger.get(), items.get(), count * sizeof(sj_event));
    items = std::move(larger);
    capacity = wanted;
  }
};

}  // namespace

// Strings of small records, copied: a document each would cost many times their text.
class StringArena {
 public:
  const char *keep(const char *bytes, size_t length) {
    if (block == blocks.size()) blocks.push_back(std::make_unique<char[]>(kBlock));
    if (used + length > kBlock) {
      block++;
      used = 0;
      return keep(bytes, length);
    }
    char *place = blocks[block].get() + used;
    memcpy(place, bytes, length);
    used += length;
    return place;
  }

  void clear() { block = used = 0; }

 private:
  static constexpr size_t kBlock = 256 << 10;
  std::vector<std::unique_ptr<char[]>> blocks;
  size_t block = 0, used = 0;
};

struct sj_parser {
  // Records up to this many bytes share one document, and their strings are copied.
  static constexpr size_t kSmall = 512;

  dom::parser dom;
  // One document for each large record of a batch: their strings stay valid until `sj_clear`.
  std::vector<std::unique_ptr<dom::document>> documents;
  size_t used = 0;
  StringArena strings;
  bool copies = false;

  ondemand::parser located;
  std::vector<std::unique_ptr<uint8_t[]>> arenas;

  Events events;
};

namespace {

struct Stop {
  int32_t fault;
  uint32_t offset;
};

int32_t fault_of(error_code code) {
  switch (code) {
    case SUCCESS: return SJ_OK;
    case MEMALLOC: return SJ_MEMORY;
    case DEPTH_ERROR: return SJ_TOO_DEEP;
    case STRING_ERROR:
    case UNCLOSED_STRING:
    case UNESCAPED_CHARS: return SJ_BAD_STRING;
    case NUMBER_ERROR:
    case NUMBER_OUT_OF_RANGE: return SJ_BAD_NUMBER;
    case UTF8_ERROR: return SJ_UTF8;
    case EMPTY: return SJ_EMPTY;
    default: return SJ_SYNTAX;
  }
}

inline size_t push(sj_parser *p, uint8_t kind, uint32_t offset) {
  sj_event &event = p->events.items[p->events.count];
  event.payload.natural = 0;
  event.length = 0;
  event.offset = offset;
  event.kind = kind;
  return p->events.count++;
}

void push_text(sj_parser *p, uint8_t kind, const char *bytes, size_t length, uint32_t offset) {
  auto &event = p->events.items[push(p, kind, offset)];
  event.payload.bytes = p->copies ? p->strings.keep(bytes, length) : bytes;
  event.length = uint32_t(length);
}

void close(sj_parser *p, size_t opened, uint32_t offset) {
  p->events.items[opened].payload.natural = push(p, SJ_END, offset);
}

// simdjson lets a lone low surrogate through as three bytes of "UTF-8" (ED B0..BF ..).
bool has_surrogate(const char *bytes, size_t length) {
  const char *end = bytes + length;
  while (const void *lead = memchr(bytes, 0xED, size_t(end - bytes))) {
    bytes = static_cast<const char *>(lead) + 1;
    if (bytes < end && uint8_t(*bytes) >= 0xA0) return true;
  }
  return false;
}

void walk(sj_parser *p, const dom::element &element, uint32_t depth) {
  if (depth == 0) throw Stop{SJ_TOO_DEEP, 0};
  switch (element.type()) {
    case dom::element_type::OBJECT: {
      size_t opened = push(p, SJ_OBJECT, 0);
      for (auto field : dom::object(element)) {
        push_text(p, SJ_KEY, field.key.data(), field.key.size(), 0);
        walk(p, field.value, depth - 1);
      }
      close(p, opened, 0);
      break;
    }
    case dom::element_type::ARRAY: {
      size_t opened = push(p, SJ_ARRAY, 0);
      for (auto child : dom::array(element)) walk(p, child, depth - 1);
      close(p, opened, 0);
      break;
    }
    case dom::element_type::STRING: {
      std::string_view text = element.get_string().value_unsafe();
      push_text(p, SJ_STRING, text.data(), text.size(), 0);
      break;
    }
    case dom::element_type::INT64:
      p->events.items[push(p, SJ_INT, 0)].payload.integer = element.get_int64().value_unsafe();
      break;
    case dom::element_type::UINT64:
      p->events.items[push(p, SJ_UINT, 0)].payload.natural = element.get_uint64().value_unsafe();
      break;
    case dom::element_type::DOUBLE:
      p->events.items[push(p, SJ_DOUBLE, 0)].payload.real = element.get_double().value_unsafe();
      break;
    case dom::element_type::BOOL:
      push(p, element.get_bool().value_unsafe() ? SJ_TRUE : SJ_FALSE, 0);
      break;
    case dom::element_type::NULL_VALUE:
      push(p, SJ_NULL, 0);
      break;
  }
}

// The On-Demand walker. `start` is the text's first byte, `arena` where unescaped strings go.
struct Located {
  sj_parser *p;
  const char *start;
  uint8_t *arena;

  uint32_t at(const char *pointer) const { return uint32_t(pointer - start); }

  void text(uint8_t kind, ondemand::raw_json_string raw, uint32_t offset) {
    std::string_view unescaped;
    auto code = p->located.unescape(raw, arena).get(unescaped);
    if (code) throw Stop{fault_of(code), offset};
    if (has_surrogate(unescaped.data(), unescaped.size())) throw Stop{SJ_BAD_STRING, offset};
    push_text(p, kind, unescaped.data(), unescaped.size(), offset);
  }

  template <typename T>
  T take(simdjson_result<T> result, uint32_t offset) {
    T value;
    if (auto code = std::move(result).get(value)) throw Stop{fault_of(code), offset};
    return value;
  }

  template <typename V>
  void number(V &value, uint32_t offset) {
    auto number = take<ondemand::number>(value.get_number(), offset);
    if (number.is_int64()) {
      p->events.items[push(p, SJ_INT, offset)].payload.integer = number.get_int64();
    } else if (number.is_uint64()) {
      p->events.items[push(p, SJ_UINT, offset)].payload.natural = number.get_uint64();
    } else {
      p->events.items[push(p, SJ_DOUBLE, offset)].payload.real = number.get_double();
    }
  }

  template <typename V>
  void value(V &node, uint32_t offset, uint32_t depth) {
    if (depth == 0) throw Stop{SJ_TOO_DEEP, offset};
    switch (take<ondemand::json_type>(node.type(), offset)) {
      case ondemand::json_type::object: {
        size_t opened = push(p, SJ_OBJECT, offset);
        auto object = take<ondemand::object>(node.get_object(), offset);
        for (auto result : object) {
          ondemand::field field;
          if (auto code = std::move(result).get(field)) throw Stop{fault_of(code), last()};
          uint32_t key = at(field.key().raw()) - 1;
          text(SJ_KEY, field.key(), key);
          ondemand::value child = field.value();
          value(child, offset_of(child), depth - 1);
        }
        close(p, opened, last());
        break;
      }
      case ondemand::json_type::array: {
        size_t opened = push(p, SJ_ARRAY, offset);
        auto array = take<ondemand::array>(node.get_array(), offset);
        for (auto result : array) {
          ondemand::value child;
          if (auto code = std::move(result).get(child)) throw Stop{fault_of(code), last()};
          value(child, offset_of(child), depth - 1);
        }
        close(p, opened, last());
        break;
      }
      case ondemand::json_type::string:
        text(SJ_STRING, take<ondemand::raw_json_string>(node.get_raw_json_string(), offset), offset);
        break;
      case ondemand::json_type::number:
        number(node, offset);
        break;
      case ondemand::json_type::boolean:
        push(p, take<bool>(node.get_bool(), offset) ? SJ_TRUE : SJ_FALSE, offset);
        break;
      case ondemand::json_type::null: {
        if (!take<bool>(node.is_null(), offset)) throw Stop{SJ_SYNTAX, offset};
        push(p, SJ_NULL, offset);
        break;
      }
    }
  }

  uint32_t offset_of(ondemand::value &child) {
    return at(child.raw_json_token().data());
  }

  uint32_t last() const { return p->events.count ? p->events.items[p->events.count - 1].offset : 0; }
};

uint32_t first_bad_utf8(const char *text, size_t length) {
  size_t low = 0, high = length;  // the prefix of `low` bytes is good, give or take a cut character
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2, cut = middle;
    while (cut > low && (uint8_t(text[cut]) & 0xC0) == 0x80) cut--;
    if (cut > low && validate_utf8(text, cut)) low = cut; else if (cut > low) high = cut; else break;
  }
  return uint32_t(low);
}

sj_outcome undo(sj_parser *p, size_t events, Stop stop) {
  p->events.count = events;
  return {stop.fault, stop.offset};
}

}  // namespace

extern "C" {

size_t sj_padding(void) { return SIMDJSON_PADDING; }

sj_parser *sj_parser_new(void) { return new (std::nothrow) sj_parser; }

void sj_parser_free(sj_parser *parser) { delete parser; }

void sj_clear(sj_parser *parser) {
  parser->events.count = 0;
  parser->used = 0;
  parser->arenas.clear();
  // One huge record must not be paid for ever after.
  for (auto &document : parser->documents)
    if (document->capacity() > KEPT_CAPACITY) document = std::make_unique<dom::document>();
  if (parser->dom.capacity() > KEPT_CAPACITY) parser->dom = dom::parser();
  if (parser->events.capacity > KEPT_CAPACITY) parser->events = Events();
  parser->strings.clear();
}

void sj_forget_events(sj_parser *parser) { parser->events.count = 0; }

sj_outcome sj_append(sj_parser *p, const char *text, size_t length, uint32_t max_depth) {
  size_t events = p->events.count;
  try {
    p->events.make_room(length);
    p->copies = length <= sj_parser::kSmall;
    // The first document is the one that all small records share.
    size_t number = p->copies ? 0 : 1 + p->used;
    while (p->documents.size() <= number) p->documents.push_back(std::make_unique<dom::document>());
    dom::document &document = *p->documents[number];
    // Roomier than it must be: the next record in this place may be a little longer.
    if (document.capacity() < length && document.allocate((length | 1023) + 1))
      return undo(p, events, {SJ_MEMORY, 0});
    dom::element root;
    auto result = p->dom.parse_into_document(document, text, length, false);
    if (auto code = result.get(root)) return undo(p, events, {fault_of(code), 0});
    if (!p->copies) p->used++;
    walk(p, root, max_depth);
    // Only an escape can make a surrogate: simdjson has seen to the UTF-8.
    if (!memchr(text, '\\', length)) return {SJ_OK, 0};
    for (size_t i = events; i < p->events.count; i++) {
      const sj_event &e = p->events.items[i];
      if ((e.kind == SJ_STRING || e.kind == SJ_KEY) && has_surrogate(e.payload.bytes, e.length))
        return undo(p, events, {SJ_BAD_STRING, 0});
    }
    return {SJ_OK, 0};
  } catch (const Stop &stop) {
    return undo(p, events, stop);
  } catch (const simdjson_error &error) {
    return undo(p, events, {fault_of(error.error()), 0});
  } catch (const std::bad_alloc &) {
    return undo(p, events, {SJ_MEMORY, 0});
  }
}

sj_outcome sj_append_located(sj_parser *p, const char *text, size_t length, uint32_t max_depth) {
  size_t events = p->events.count;
  p->copies = false;
  Located walker{p, text, nullptr};
  try {
    p->events.make_room(length);
    // Unescaping writes in strides: leave room past the last string.
    p->arenas.push_back(std::make_unique<uint8_t[]>(length + 2 * SIMDJSON_PADDING));
    walker.arena = p->arenas.back().get();
    ondemand::document document;
    auto code = p->located.iterate(text, length, length + SIMDJSON_PADDING).get(document);
    if (code == UTF8_ERROR) return undo(p, events, {SJ_UTF8, first_bad_utf8(text, length)});
    if (code) return undo(p, events, {fault_of(code), 0});
    const char *root = nullptr;
    uint32_t offset = 0;
    if (!document.current_location().get(root)) offset = walker.at(root);
    bool scalar = false;
    if (document.is_scalar().get(scalar)) return undo(p, events, {SJ_SYNTAX, offset});
    if (scalar) {
      walker.value(document, offset, max_depth);
    } else {
      ondemand::value value;
      if (auto error = document.get_value().get(value)) return undo(p, events, {fault_of(error), offset});
      walker.value(value, offset, max_depth);
    }
    const char *rest = nullptr;
    if (!document.current_location().get(rest) && rest < text + length)
      return undo(p, events, {SJ_TRAILING, walker.at(rest)});
    return {SJ_OK, 0};
  } catch (const Stop &stop) {
    return undo(p, events, stop);
  } catch (const simdjson_error &error) {
    return undo(p, events, {fault_of(error.error()), walker.last()});
  } catch (const std::bad_alloc &) {
    return undo(p, events, {SJ_MEMORY, 0});
  }
}

const sj_event *sj_events(const sj_parser *parser, size_t *count) {
  *count = parser->events.count;
  return parser->events.items.get();
}

int sj_valid_utf8(const char *text, size_t length) { return simdjson::validate_utf8(text, length); }

size_t sj_split(sj_splitter *state, const char *text, size_t length) {
  for (size_t i = 0; i < length; i++) {
    char c = text[i];
    if (state->in_string) {
      if (state->escaped) state->escaped = 0;
      else if (c == '\\') state->escaped = 1;
      else if (c == '"') state->in_string = 0;
      continue;
    }
    switch (c) {
      case '"': state->in_string = 1; break;
      case '[': case '{': state->depth++; break;
      case ']': case '}':
        if (state->depth == 0) return i;
        state->depth--;
        break;
      case ',':
        if (state->depth == 0) return i;
        break;
      default: break;
    }
  }
  return length;
}

}  // extern "C"
