/* What the server writes into the page so that the first screen needs no further round trip. */
#pragma once
#include "http/call.h"

/* {"about":…,"session":…|null,"screen":{"url","data"}|null} for a GET of `path`; g_free. */
char *hib_boot(HibCall *call, const char *path, void *context);
