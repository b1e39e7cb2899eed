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
/* Paths to conversions, by network: "x 0:bluesky=1/0 ", a network where it was clicked, what was said with its kind before it, conversions and nulls behind; most frequent first. */
const char *hib_test_paths(HibTestWorkspace *ws, HibDb *db);
/* Whether what people say counts. */
void hib_test_counts_said(HibTestWorkspace *ws, HibDb *db, bool counts);
