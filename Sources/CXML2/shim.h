#ifndef AIRLOCK_CXML2_SHIM_H
#define AIRLOCK_CXML2_SHIM_H

// What is used of libxml2's reader (libxml/xmlreader.h, its ABI since 2.6), declared here: its own headers
// bring those of ICU along, which Foundation has in another version.

typedef unsigned char xmlChar;
typedef struct _xmlTextReader *xmlTextReaderPtr;

typedef enum { XML_PARSE_NONET = 1 << 11, XML_PARSE_COMPACT = 1 << 16 } xmlParserOption;

typedef enum {
  XML_READER_TYPE_ELEMENT = 1,
  XML_READER_TYPE_TEXT = 3,
  XML_READER_TYPE_CDATA = 4,
  XML_READER_TYPE_ENTITY_REFERENCE = 5,
  XML_READER_TYPE_ENTITY = 6,
  XML_READER_TYPE_DOCUMENT_TYPE = 10,
  XML_READER_TYPE_NOTATION = 12,
  XML_READER_TYPE_WHITESPACE = 13,
  XML_READER_TYPE_SIGNIFICANT_WHITESPACE = 14,
  XML_READER_TYPE_END_ELEMENT = 15,
} xmlReaderTypes;

typedef int (*xmlInputReadCallback)(void *context, char *buffer, int length);
typedef int (*xmlInputCloseCallback)(void *context);
typedef void (*xmlStructuredErrorFunc)(void *data, void *error);

extern xmlTextReaderPtr xmlReaderForIO(xmlInputReadCallback read, xmlInputCloseCallback close,
                                       void *context, const char *url, const char *encoding,
                                       int options);
extern void xmlTextReaderSetStructuredErrorHandler(xmlTextReaderPtr reader,
                                                   xmlStructuredErrorFunc report, void *data);
extern void xmlFreeTextReader(xmlTextReaderPtr reader);
extern int xmlTextReaderRead(xmlTextReaderPtr reader);
extern int xmlTextReaderDepth(xmlTextReaderPtr reader);
extern int xmlTextReaderNodeType(xmlTextReaderPtr reader);
extern int xmlTextReaderIsEmptyElement(xmlTextReaderPtr reader);
extern int xmlTextReaderGetParserLineNumber(xmlTextReaderPtr reader);
extern const xmlChar *xmlTextReaderConstLocalName(xmlTextReaderPtr reader);
extern const xmlChar *xmlTextReaderConstValue(xmlTextReaderPtr reader);
extern xmlChar *xmlTextReaderGetAttribute(xmlTextReaderPtr reader, const xmlChar *name);
extern int xmlStrEqual(const xmlChar *one, const xmlChar *other);
extern int xmlStrlen(const xmlChar *text);
extern void (*xmlFree)(void *memory);

// libxml2 frees through a variable of its own, which Swift does not look at.
static inline void cxml_free(xmlChar *text) { xmlFree(text); }

#endif
