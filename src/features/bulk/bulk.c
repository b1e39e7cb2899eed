/* The feature's record: its job. */
#include "bulk/bulk.h"
#include "bulk/bulk_private.h"

const HibFeature hib_bulk = {.name = "bulk", .jobs = hib_bulk_jobs};
