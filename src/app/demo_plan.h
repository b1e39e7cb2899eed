/* The demo's plans: two campaigns that run and one to come, with their briefs, ideas on the board and tasks of the person who looks. */
#pragma once
#include "app/demo_history.h"

#define HIB_DEMO_CAMPAIGNS 3
#define HIB_DEMO_RUNNING_DAYS 6 /* the first one, when the demo begins */

/* Ids in the order of the enum below, in db's arena. The caller's transaction. */
bool hib_demo_plan(HibDb *db, const HibDemo *demo, const HibZone *zone,
                   const char *ret_campaigns[HIB_DEMO_CAMPAIGNS], GError **error);
enum { HIB_DEMO_WINTER, HIB_DEMO_WINDOW, HIB_DEMO_CAKE };
