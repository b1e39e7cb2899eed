/* The feature's record: its jobs and what it listens to. */
#include "links/links.h"

const HibFeature hib_links = {.name = "links"};
