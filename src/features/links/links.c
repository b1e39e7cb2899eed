/* The feature's record: what it forgets of people. Its jobs are threads of its own (clicks.c). */
#include "links/links.h"
#include "links/links_private.h"

const HibFeature hib_links = {.name = "links", .forgets = hib_links_forgets};
