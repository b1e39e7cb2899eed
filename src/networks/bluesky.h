/* Bluesky (AT Protocol): posts through the account's own server (PDS), reads numbers through the same door.
 *
 * The one idea: we choose the record key ourselves (a TID, stored before the call), so putRecord under the same key with the
 * same content is one post however often it arrives. */
#pragma once
#include "networks/network.h"

extern const HibNetwork hib_bluesky;

#define HIB_TID_TEXT 14 /* 13 digits and the end */
/* A record key: µs and 10 random bits, never the same twice in one process. */
void hib_tid_fill(char out[HIB_TID_TEXT], HibInstant at);
/* The key that belongs to (at, salt): for histories that must come out the same each time. */
void hib_tid_fill_salted(char out[HIB_TID_TEXT], HibInstant at, unsigned salt);
bool hib_tid_valid(const char *text);
HibInstant hib_tid_time(const char *tid); /* 0 when it is none */
