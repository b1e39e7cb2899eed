/* Starting and stopping of the worker threads; see server_private.h for what they do. */
#pragma once
#include "http/server_private.h"

bool hib_workers_start(HibWorkers *workers, int n);
/* Lets queued and running calls end. False: some still ran when patience ended; nothing of the server may be freed then. */
bool hib_workers_stop(HibWorkers *workers, int64_t patience_us);
