/* Many new posts at once, for imports: part of publish/publish.h.
 *
 * The same checks and the same rows as scheduling one, with what they need read once. The desk belongs to one piece of work; judging is pure and may be done by several threads
 * side by side, each with an arena of its own. */
#pragma once
#include "publish/publish.h"

typedef struct HibPublishDesk HibPublishDesk;
/* In the db's arena. */
bool hib_publish_desk(HibDb *db, HibPublishDesk **ret, GError **error);

/* Called for each thing that is wrong; `why` is of the caller only for the time of the call. Its pointer names the place in the post. */
typedef void (*HibPublishTell)(const GError *why, void *data);
/* What keeps the post from going out as it stands: accounts, the limits of their networks; where it is to be scheduled also its time and what the rules block. */
void hib_publish_judge(const HibPublishDesk *desk, HibArena *arena, const HibPost *post,
                       bool is_scheduled, HibPublishTell tell, void *data);
/* Of a post that is to be scheduled, in their order: whether its media may be shown then and can be fetched from here, whether the quota is enough after those before it, and
 * whether one of them says as good as the same on a network that minds. */
bool hib_publish_reckon(HibDb *db, const HibServices *services, HibPublishDesk *desk,
                        const HibPost *post, HibPublishTell tell, void *data, GError **error);
/* Deliveries and jobs of posts that the same transaction stored as scheduled (hib_plan_add_many) and that were judged before. No event and no audit line: the caller tells of
 * all of them. */
bool hib_publish_schedule_many(HibDb *db, const HibPublishDesk *desk, const HibPost *posts,
                               size_t n, GError **error);
