/* The calendar and acts on many posts over HTTP. Accounts and campaigns are named once a reply, posts name them by their place. */
#include "base/error.h"
#include "base/messages.h"
#include "http/call.h"
#include "publish/calendar.h"
#include <string.h>

#define PER_DAY_USUAL 8

/* Ids in the order they were first met. */
typedef struct {
    HibArena *arena;
    GHashTable *places; /* id → 1 + place */
    GPtrArray *ids;
} Names;

static int64_t
place_of(Names *names, const char *id)
{
    size_t known = GPOINTER_TO_SIZE(g_hash_table_lookup(names->places, id));
    if (known)
        return (int64_t)known - 1;
    g_ptr_array_add(names->ids, (gpointer)id);
    g_hash_table_insert(names->places, (gpointer)id, GSIZE_TO_POINTER(names->ids->len));
    return (int64_t)names->ids->len - 1;
}

static int64_t *
places_of(Names *names, const char *const *ids, size_t n)
{
    int64_t *out = hib_arena_array(names->arena, int64_t, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = place_of(names, ids[i]);
    return out;
}

static HibApiCalendarPost
post_out(const HibCalendarPost *post, Names *accounts, Names *campaigns)
{
    const HibPostHead *head = post->head;
    return (HibApiCalendarPost){.id = head->id,
                                .due_at = head->due_at,
                                .has_due_at = head->has_due_at,
                                .state = (int)head->state,
                                .version = head->version,
                                .text = head->head,
                                .accounts = places_of(accounts, post->accounts, post->n_accounts),
                                .n_accounts = post->n_accounts,
                                .campaign =
                                    head->campaign_id ? place_of(campaigns, head->campaign_id) : 0,
                                .has_campaign = head->campaign_id != NULL,
                                .has_media = head->has_media,
                                .has_has_media = head->has_media,
                                .collides = post->collides,
                                .has_collides = post->collides};
}

static HibApiCalendarPost *
posts_out(const HibCalendarPost *posts, size_t n, Names *accounts, Names *campaigns)
{
    HibApiCalendarPost *out = hib_arena_array(accounts->arena, HibApiCalendarPost, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = post_out(&posts[i], accounts, campaigns);
    return out;
}

static HibApiCalendarDay
day_out(const HibCalendarCell *cell, const HibZone *zone, Names *accounts, Names *campaigns)
{
    HibWall wall = hib_wall_at(zone, cell->day);
    return (HibApiCalendarDay){
        .day = hib_arena_printf(accounts->arena, "%04d-%02d-%02d", wall.year, wall.month, wall.day),
        .campaign = cell->campaign_id ? place_of(campaigns, cell->campaign_id) : 0,
        .has_campaign = cell->campaign_id != NULL,
        .n = (int64_t)cell->n,
        .n_collisions = (int64_t)cell->n_collisions,
        .without = places_of(accounts, cell->without, cell->n_without),
        .n_without = cell->n_without,
        .posts = posts_out(cell->posts, cell->n_posts, accounts, campaigns),
        .n_posts = cell->n_posts};
}

static bool
reply_calendar(HibCall *call, const HibCalendar *calendar)
{
    HibArena *arena = hib_call_arena(call);
    g_autoptr(GHashTable) of_accounts = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) of_campaigns = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) account_ids = g_ptr_array_new();
    g_autoptr(GPtrArray) campaign_ids = g_ptr_array_new();
    Names accounts = {arena, of_accounts, account_ids},
          campaigns = {arena, of_campaigns, campaign_ids};
    HibApiCalendarDay *days = hib_arena_array(arena, HibApiCalendarDay, calendar->n_cells + 1);
    HibApiCalendarSlot *slots =
        hib_arena_array(arena, HibApiCalendarSlot, calendar->n_free_slots + 1);
    for (size_t i = 0; i < calendar->n_cells; i++)
        days[i] = day_out(&calendar->cells[i], calendar->zone, &accounts, &campaigns);
    for (size_t i = 0; i < calendar->n_free_slots; i++)
        slots[i] =
            (HibApiCalendarSlot){.account = place_of(&accounts, calendar->free_slots[i].account_id),
                                 .at = calendar->free_slots[i].at};
    HibApiCalendarPost *undated =
        posts_out(calendar->undated, calendar->n_undated, &accounts, &campaigns);
    const HibApiCalendarView view = {.zone = hib_zone_name(calendar->zone),
                                     .accounts = (const char **)account_ids->pdata,
                                     .n_accounts = account_ids->len,
                                     .campaigns = (const char **)campaign_ids->pdata,
                                     .n_campaigns = campaign_ids->len,
                                     .days = days,
                                     .n_days = calendar->n_cells,
                                     .free_slots = slots,
                                     .n_free_slots = calendar->n_free_slots,
                                     .n = (int64_t)calendar->n,
                                     .is_cut = calendar->is_cut,
                                     .undated = undated,
                                     .n_undated = calendar->n_undated,
                                     .has_more_undated = calendar->has_more_undated};
    return hib_reply_calendar_view(call, 200, &view);
}

bool
hib_on_get_calendar(HibCall *call, const HibApiGetCalendarQuery *query, GError **error)
{
    const HibPostState state = (HibPostState)query->state;
    const HibCalendarQuery asked = {
        .from = query->from,
        .to = query->to,
        .per_day = query->has_per_day ? (size_t)query->per_day : PER_DAY_USUAL,
        .has_lanes = query->has_lanes && query->lanes,
        .account = query->has_account ? query->account : NULL,
        .network = query->has_network ? query->network : NULL,
        .campaign = query->has_campaign ? query->campaign : NULL,
        .tag = query->has_tag && *query->tag ? query->tag : NULL,
        .words = query->has_words && *query->words ? query->words : NULL,
        .state = query->has_state ? &state : NULL,
    };
    HibCalendar calendar;
    return hib_calendar_read(hib_call_db(call), &asked, &calendar, error) &&
           reply_calendar(call, &calendar);
}

/* --- one act on many posts ------------------------------------------------------------------------------------------- */
static HibApiPostOutcome
outcome_out(HibCall *call, const HibBatchItem *item, const HibBatchResult *result, HibBatchAct act)
{
    bool is_refused = result->outcome == HIB_BATCH_REFUSED;
    bool is_copy = act == HIB_ACT_COPY && result->post;
    return (HibApiPostOutcome){.post_id = item->post,
                               .outcome = (int)result->outcome,
                               .reason = is_refused ? hib_error_reason(result->refusal) : NULL,
                               .has_reason = is_refused,
                               .detail = is_refused ? hib_message_fill(hib_call_arena(call),
                                                                       hib_call_locale(call),
                                                                       result->refusal)
                                                    : NULL,
                               .has_detail = is_refused,
                               .made_id = is_copy ? result->post->id : NULL,
                               .has_made_id = is_copy,
                               .version = result->post ? result->post->version : 0,
                               .has_version = result->post != NULL};
}

bool
hib_on_change_posts(HibCall *call, const HibApiPostBatch *in, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    const HibBatchAct act = (HibBatchAct)in->act;
    HibBatchItem *items = hib_arena_array(arena, HibBatchItem, in->n_items);
    HibBatchResult *results = hib_arena_array(arena, HibBatchResult, in->n_items);
    HibApiPostOutcome *out = hib_arena_array(arena, HibApiPostOutcome, in->n_items);
    HibApiPostBatchResult reply = {.items = out, .n_items = in->n_items};
    for (size_t i = 0; i < in->n_items; i++)
        items[i] =
            (HibBatchItem){.post = in->items[i].post_id,
                           .version = in->items[i].has_version ? &in->items[i].version : NULL,
                           .at = in->items[i].has_at ? &in->items[i].at : NULL};
    if (!hib_publish_batch(hib_call_db(call), hib_call_context(call), act, items, in->n_items,
                           in->has_campaign_id ? in->campaign_id : NULL,
                           in->has_is_whole && in->is_whole, results, error))
        return false;
    for (size_t i = 0; i < in->n_items; i++) {
        out[i] = outcome_out(call, &items[i], &results[i], act);
        reply.n_done += results[i].outcome == HIB_BATCH_DONE;
    }
    return hib_reply_post_batch_result(call, 200, &reply);
}
