/* For tests of features above links/: clicks as the spool brings them, conversions as a shop tells them. */
#pragma once
#include "links/links.h"
#include "test_workspace.h"

/* The n-th click there is: `n` is its number and its place in the spool. `contact` NULL: on a link of nobody. */
void hib_test_click(HibTestWorkspace *ws, const char *link, const char *contact, uint32_t n,
                    HibInstant at, bool is_bot);
/* {"kind","id","value_minor",…} as a server sends one; `visitor`: the browser; NULL: not known. */
void hib_test_convert(HibTestWorkspace *ws, HibDb *db, const char *json, const char *visitor);
/* A page shows a click to us. */
void hib_test_visit(HibTestWorkspace *ws, HibDb *db, const char *visitor, int64_t click);
/* The conversion by its number. */
const char *hib_test_conversion(HibDb *db, const char *number);
