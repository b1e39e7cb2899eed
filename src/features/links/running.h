/* Inside links/ only: the part that runs (clicks.c), as a redirect (redirect.c) meets it. */
#pragma once
#include "http/call.h"
#include "links/click_store.h"

HibTable *hib_links_table(HibLinks *links);
HibKeys *hib_links_keys(HibLinks *links);
HibInstant hib_links_now(HibLinks *links);
/* A click's number: never the same twice, across processes and restarts. */
int64_t hib_links_click_id(HibLinks *links);
/* hib_visit_agent, remembered. */
HibVisitAgent hib_links_agent(HibLinks *links, const char *agent);
/* The visitor's hash for the day of `now`. */
uint64_t hib_links_visitor(HibLinks *links, HibArena *arena, HibInstant now, const char *client,
                           const char *agent);
/* More of one visitor on one link than a person does within a minute? Counts this one. */
bool hib_links_is_flood(HibLinks *links, const HibClick *click);
/* The call rests until the click is durable (or cannot be made so, which the health says), then its reply goes. NULL: the caller waits. */
void hib_links_record(HibLinks *links, const HibClick *click, HibCall *call);
