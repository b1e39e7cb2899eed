/* Bulk: posts come in and go out as a table, CSV or XLSX, tens of thousands at once.
 *
 * An import is read, shown with every fault of every row, and stored only when a person confirms it and nothing is wrong: all of it in one transaction, once. Each row passes the
 * checks that scheduling a single post does. An export has the same columns, so it imports again. */
#pragma once
#include "store/feature.h"

extern const HibFeature hib_bulk;

/* Events out: post.imported (subject: the import, data {"n":…}). In: none. */
