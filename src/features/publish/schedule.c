/* What a post must satisfy before it may be scheduled: every variant, and what follows it, within its network's limits, every account able
 * to send. The limits are the network's own data; nothing of them is written here. */
#include "publish/schedule.h"
#include "base/error.h"
#include "networks/check.h"
#include "publish/publish_private.h"
#include <string.h>

#define OF_ONE_TEXT 32 /* things wrong with one text that are told */

typedef struct {
    HibArena *arena;
    const HibNetwork *network;
    const char *account_id, *at; /* "/variants/0" */
    HibPostProblem *rows;
    size_t n, most;
} Found;

static void
add(Found *found, const char *reason, const char *pointer, double limit, double actual)
{
    if (found->n < found->most)
        found->rows[found->n++] = (HibPostProblem){.reason = reason,
                                                   .pointer = pointer,
                                                   .limit = limit,
                                                   .actual = actual,
                                                   .network = found->network,
                                                   .account_id = found->account_id};
}

/* Where in the post as the contract names it: media and disclosure are the post's own, the rest is the variant's. */
static const char *
pointer_in(const Found *found, const char *pointer)
{
    if (g_str_has_prefix(pointer, "/media") || g_str_has_prefix(pointer, "/disclosure"))
        return pointer;
    return hib_arena_printf(found->arena, "%s%s", found->at, pointer);
}

HibNetPost
hib_schedule_post(HibArena *arena, const HibNetwork *network, const char *text,
                  const HibPostMedia *media, size_t n)
{
    HibNetMedia *list = hib_arena_array(arena, HibNetMedia, n + 1);
    for (size_t i = 0; i < n; i++) {
        list[i] = hib_deliver_medium(&media[i], network);
        list[i].url =
            ""; /* it gets one when it is sent; whether it can: hib_schedule_unreachable */
    }
    return (HibNetPost){.text = text, .media = list, .n_media = n};
}

/* `under`: where a further text stands; NULL for the post itself. `is_whole`: the text has no parts of its own to point at. */
static void
check_text(Found *found, const HibNetPost *post, const char *under, bool is_whole)
{
    HibNetProblem wrong[OF_ONE_TEXT];
    size_t n = hib_net_check(found->arena, found->network, post, wrong, OF_ONE_TEXT);
    for (size_t i = 0; i < n && found->n < found->most; i++) {
        const char *pointer = !under ? pointer_in(found, wrong[i].pointer)
                              : is_whole
                                  ? under
                                  : hib_arena_printf(found->arena, "%s%s", under, wrong[i].pointer);
        add(found, wrong[i].reason, pointer, wrong[i].limit, wrong[i].actual);
        found->rows[found->n - 1].is_fittable = wrong[i].is_fittable;
    }
}

/* What the library could not read goes nowhere. */
static void
check_read(Found *found, const HibPostMedia *media, size_t n, const char *at)
{
    for (size_t i = 0; i < n; i++)
        if (media[i].state == HIB_MEDIA_FAILED)
            add(found, "post.media_failed", hib_arena_printf(found->arena, "%s/%zu", at, i), 0, 0);
}

static void
check_following(Found *found, const HibPostVariant *variant)
{
    int most = found->network->limits()->max_thread;
    if (variant->n_thread && most <= 1)
        add(found, "post.no_thread", pointer_in(found, "/thread"), 0, 0);
    else if (variant->n_thread && variant->n_thread + 1 > (size_t)most)
        add(found, "post.thread_too_long", pointer_in(found, "/thread"), most,
            (double)variant->n_thread + 1);
    for (size_t i = 0; i < variant->n_thread; i++) {
        const HibPostPart *part = &variant->thread[i];
        HibNetPost post =
            hib_schedule_post(found->arena, found->network, part->text, part->media, part->n_media);
        post.reply_to = "";
        const char *at = hib_arena_printf(found->arena, "%s/thread/%zu", found->at, i);
        check_text(found, &post, at, false);
        check_read(found, part->media, part->n_media,
                   hib_arena_printf(found->arena, "%s/media", at));
    }
    if (!variant->first_comment)
        return;
    const char *at = pointer_in(found, "/first_comment");
    HibNetPost post = {.text = variant->first_comment, .reply_to = ""};
    if (found->network->can_reply)
        check_text(found, &post, at, true);
    else
        add(found, "post.no_comment", at, 0, 0);
}

static void
add_option(const char *reason, const char *pointer, double limit, double actual, void *data)
{
    Found *found = data;
    add(found, reason, pointer_in(found, pointer), limit, actual);
}

size_t
hib_schedule_problems(HibArena *arena, const HibPost *post, size_t variant,
                      const HibNetwork *network, HibPostProblem *ret, size_t most)
{
    const HibPostVariant *one = &post->variants[variant];
    Found found = {.arena = arena,
                   .network = network,
                   .account_id = one->account_id,
                   .at = hib_arena_printf(arena, "/variants/%zu", variant),
                   .rows = ret,
                   .most = most};
    HibNetPost first = hib_schedule_post(arena, network, one->text ? one->text : post->text,
                                         post->media, post->n_media);
    first.format = one->format;
    first.title = one->title;
    first.options = one->options;
    first.recipient = one->recipient;
    first.disclosure = post->disclosure;
    check_text(&found, &first, NULL, false);
    check_read(&found, post->media, post->n_media, "/media");
    hib_options_check(arena, network->limits(), one->format, one->options, add_option, &found);
    check_following(&found, one);
    return found.n;
}

/* --- as the error a person reads ---------------------------------------------------------------------------------------- */
/* "8.4 MB", "0.80", "300": as the reason counts. */
static char *
shown(const char *reason, double value)
{
    if (g_str_equal(reason, "post.media_too_large"))
        return g_format_size((guint64)value);
    return g_str_equal(reason, "post.media_ratio") ? g_strdup_printf("%.2f", value)
                                                   : g_strdup_printf("%.10g", value);
}

void
hib_schedule_refuse(const HibPostProblem *problem, GError **error)
{
    g_autofree char *limit = shown(problem->reason, problem->limit);
    g_autofree char *actual = shown(problem->reason, problem->actual);
    GError *refused = NULL;
    hib_error_set_at(&refused, HIB_ERROR_INVALID, problem->reason, problem->pointer,
                     "%s: %s, %s of %s", problem->network->title, problem->reason, actual, limit);
    hib_error_set_detail(refused, "limit", limit);
    hib_error_set_detail(refused, "actual", actual);
    hib_error_set_detail(refused, "network", problem->network->title);
    g_propagate_error(error, refused);
}

static bool
check_account(HibDb *db, const HibPost *post, size_t variant, HibAccount **ret, GError **error)
{
    const char *pointer = hib_arena_printf(hib_db_arena(db), "/variants/%zu/account_id", variant);
    g_autoptr(GError) failed = NULL;
    if (!hib_accounts_get(db, post->variants[variant].account_id, ret, &failed)) {
        hib_error_set_pointer(failed, pointer);
        g_propagate_error(error, g_steal_pointer(&failed));
        return false;
    }
    if ((*ret)->state == HIB_ACCOUNT_OK)
        return true;
    hib_error_set_at(error, HIB_ERROR_CONFLICT, "accounts.needs_reconnect", pointer,
                     "account %s needs a person", (*ret)->id);
    return false;
}

static bool
check_variant(HibDb *db, const HibPost *post, size_t variant, const HibAccount *account,
              GError **error)
{
    HibPostProblem rows[OF_ONE_TEXT];
    const HibNetwork *network = hib_network_find(account->network);
    if (!network) {
        hib_error_set(error, HIB_ERROR_INVALID, "accounts.network_unknown", "no connector for %s",
                      account->network);
        return false;
    }
    size_t n = hib_schedule_problems(hib_db_arena(db), post, variant, network, rows, OF_ONE_TEXT);
    for (size_t i = 0; i < n; i++)
        if (!rows[i].is_fittable) {
            hib_schedule_refuse(&rows[i], error);
            return false;
        }
    return true;
}

bool
hib_schedule_check(HibDb *db, const HibPost *post, HibInstant at, HibAccount ***ret_accounts,
                   GError **error)
{
    HibAccount **accounts = hib_arena_array(hib_db_arena(db), HibAccount *, post->n_variants + 1);
    HibPost *sent;
    if (!post->n_variants) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "post.no_account", "/variants",
                         "no account chosen");
        return false;
    }
    if (!hib_plan_check_links(db, post, error) || !hib_plan_as_sent(db, post, &sent, error))
        return false;
    for (size_t i = 0; i < post->n_variants; i++)
        if (!check_account(db, post, i, &accounts[i], error) ||
            !check_variant(db, sent, i, accounts[i], error))
            return false;
    *ret_accounts = accounts;
    return hib_schedule_check_rules(db, post, at, error);
}

bool
hib_schedule_check_time(HibInstant at, HibInstant now, GError **error)
{
    if (at >= now - HIB_SCHEDULE_SLACK)
        return true;
    hib_error_set_at(error, HIB_ERROR_INVALID, "post.time_past", "/at", "the time is over already");
    return false;
}
