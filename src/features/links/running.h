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
/* The same of what pages tell a site, by where it comes from: a hash with the day's salt, as of visitors. */
bool hib_links_is_beacon_flood(HibLinks *links, HibArena *arena, const char *site,
                               const char *client);
/* Would a click be recorded without waiting? */
bool hib_links_is_ready(HibLinks *links);
/* What a killed process does not take along, before the reply goes. */
void hib_links_record(HibLinks *links, const HibClick *click);
