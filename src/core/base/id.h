/* Ids: UUIDv7 (RFC 9562) as 36 characters of lower-case text. They sort by the time they were made; ids made in
 * one process in the same millisecond keep their order. */
#pragma once
#include "base/arena.h"
#include "base/time.h"

#define HIB_ID_TEXT 37
const char *hib_id_new(HibArena *arena, HibClock *clock);
void hib_id_fill(char out[HIB_ID_TEXT], HibClock *clock);
bool hib_id_valid(const char *text);    /* any UUID in canonical lower-case form */
HibInstant hib_id_time(const char *id); /* the millisecond in it; 0 when not a v7 */
