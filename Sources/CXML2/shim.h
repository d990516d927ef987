#ifndef AIRLOCK_CXML2_SHIM_H
#define AIRLOCK_CXML2_SHIM_H

#include <libxml/xmlreader.h>

// libxml2 frees through a variable of its own, which Swift does not look at.
static inline void cxml_free(xmlChar *text) { xmlFree(text); }

#endif
