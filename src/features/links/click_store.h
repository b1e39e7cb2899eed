/* Inside links/ only: what the running part (clicks.c) asks of the store. Each opens a handle of its own; threads of the running part have none. */
#pragma once
#include "links/spool.h"
#include "links/table.h"

#define HIB_TABLE_MOST 200000 /* codes in memory: some 60 MB */

/* Records `from` … of a spool, each once however often it is asked. */
bool hib_clicks_take(HibStore *store, const char *spool, uint32_t from, const HibClick *clicks,
                     size_t n, GError **error);
/* The salt of a day: the first one proposed by any process. */
bool hib_clicks_salt(HibStore *store, int64_t day, const char *proposed, char out[65],
                     GError **error);
bool hib_clicks_sweep(HibStore *store, HibInstant now, GError **error); /* what days left behind */
/* Links changed since then; the newest change of them. */
bool hib_clicks_table_since(HibStore *store, HibTable *table, HibInstant since,
                            HibInstant *ret_newest, GError **error);
bool hib_clicks_table_code(HibDb *db, HibTable *table, const char *code, bool *ret_is_known,
                           GError **error);
