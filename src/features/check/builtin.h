/* Inside check only: the files of rules/check, laid into the binary by tools/embed_rules.py. */
#pragma once
#include <stddef.h>

typedef struct {
    const char *name; /* "drug.json" */
    const char *bytes;
    size_t n;
} HibCheckFile;
extern const HibCheckFile hib_check_files[];
extern const size_t hib_n_check_files;
