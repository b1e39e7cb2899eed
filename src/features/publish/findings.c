/* The rules over a post: every text of it, each once, for the networks it goes to, and the rights of its media on the day it goes out. What blocks keeps the post from being
 * scheduled until a person with the right role said why it may go out; that holds for these very texts, and for what stood against these media.
 *
 * Rights end while posts wait, and cards are written anew: just before a post goes out they are looked at once more (hib_rights_hold). */
#include "base/error.h"
#include "base/secrets.h"
#include "days/days.h"
#include "publish/hold.sql.h"
#include "publish/publish_private.h"
#include "publish/repeat.h"
#include "publish/schedule.h"
#include "publish/series.h"
#include "team/team.h"

#include <string.h>

#define MOST 400

typedef struct {
    HibArena *arena;
    HibCheckHouse house;
    HibCheckSubject subject;
    HibPostFinding *rows;
    size_t n;
    GString *texts; /* all of them, and what stands against media: what an override holds for */
} Look;

/* `is_main`: what the text as a whole lacks is said of it; further texts and comments lack what the first one has. */
static void
look_at(Look *look, const char *pointer, const char *account, const char *text,
        const char *const *networks, bool is_main)
{
    HibCheckResult result;
    if (!text)
        return;
    g_string_append_printf(look->texts, "%zu\n%s", strlen(text), text);
    look->subject.text = text;
    look->subject.networks = networks;
    hib_check(look->arena, &look->house, &look->subject, &result);
    for (size_t i = 0; i < result.n && look->n < MOST; i++) {
        const HibCheckFinding *finding = &result.findings[i];
        if (is_main || finding->span.end > 0)
            look->rows[look->n++] = (HibPostFinding){pointer, account, text, finding};
    }
}

/* The network of each variant's account; NULL where the account is gone. */
static bool
networks_of(HibDb *db, const HibPost *post, const char ***ret, GError **error)
{
    *ret = hib_arena_array(hib_db_arena(db), const char *, post->n_variants + 1);
    for (size_t i = 0; i < post->n_variants; i++) {
        HibAccount *account;
        if (!hib_accounts_get(db, post->variants[i].account_id, &account, error))
            return false;
        (*ret)[i] = account->network;
    }
    return true;
}

static void
look_at_variant(Look *look, const HibPost *post, size_t i, const char *network)
{
    const HibPostVariant *variant = &post->variants[i];
    const char **networks = hib_arena_array(look->arena, const char *, 2);
    networks[0] = network;
    const char *at = hib_arena_printf(look->arena, "/variants/%zu", i);
    look_at(look, hib_arena_printf(look->arena, "%s/text", at), variant->account_id, variant->text,
            networks, true);
    look_at(look, hib_arena_printf(look->arena, "%s/title", at), variant->account_id,
            variant->title, networks, false);
    look_at(look, hib_arena_printf(look->arena, "%s/first_comment", at), variant->account_id,
            variant->first_comment, networks, false);
    for (size_t k = 0; k < variant->n_thread; k++)
        look_at(look, hib_arena_printf(look->arena, "%s/thread/%zu/text", at, k),
                variant->account_id, variant->thread[k].text, networks, false);
}

/* What the post says of itself goes before what its campaign says of all its posts; only which relation is paid, the campaign knows better. */
static HibCheckRelation
relation_of(const HibPost *post, HibCheckRelation of_campaign)
{
    bool is_shared = of_campaign > HIB_RELATION_OWN_ACCOUNT;
    if (post->disclosure.is_advertising)
        return is_shared ? of_campaign : HIB_RELATION_PAID;
    return post->disclosure.is_own_brand ? HIB_RELATION_OWN_ACCOUNT : of_campaign;
}

/* Both lists, each name once. */
static const char *const *
joined(HibArena *arena, const char *const *own, const char *campaign)
{
    g_auto(GStrv) words = g_strsplit(campaign ? campaign : "", " ", -1);
    size_t n = g_strv_length((char **)(void *)own);
    const char **all = hib_arena_array(arena, const char *, n + g_strv_length(words) + 1);
    for (size_t i = 0; i < n; i++)
        all[i] = own[i];
    for (size_t i = 0; words[i]; i++)
        if (*words[i] && !g_strv_contains(all, words[i]))
            all[n++] = hib_arena_strdup(arena, words[i]);
    return all;
}

/* Where the post stands: whose it is, what it has beside its text, what happens when it goes out. */
static void
place(Look *look, const HibScheduleRules *rules, const HibPost *post, const HibSchedulePlace *at)
{
    HibCheckSubject *subject = &look->subject;
    const HibCampaign *campaign = at->campaign;
    *subject = (HibCheckSubject){.disclosure_at_ms = -1,
                                 .disclosure_for_ms = -1,
                                 .is_switched = post->disclosure.is_advertising,
                                 .is_disaster = rules->is_disaster,
                                 .is_election = at->is_election,
                                 .now = rules->now};
    subject->industries = joined(look->arena, rules->setting.industries,
                                 campaign ? campaign->content.industries : NULL);
    subject->relation = relation_of(post, campaign ? (HibCheckRelation)campaign->content.relation
                                                   : HIB_RELATION_UNSAID);
    for (size_t i = 0; i < post->n_media; i++) {
        const char *mime = post->media[i].mime ? post->media[i].mime : "";
        subject->has_image |= g_str_has_prefix(mime, "image/");
        subject->has_video |= g_str_has_prefix(mime, "video/");
    }
}

static void
look_at_all(Look *look, const HibScheduleRules *rules, const HibPost *post,
            const HibSchedulePlace *at)
{
    const char *const *networks = at->networks;
    look->house = rules->house;
    look->rows = hib_arena_array(look->arena, HibPostFinding, MOST + 1);
    place(look, rules, post, at);
    const char **shared = hib_arena_array(look->arena, const char *, post->n_variants + 1);
    size_t n_shared = 0;
    for (size_t i = 0; i < post->n_variants; i++)
        if (!post->variants[i].text)
            shared[n_shared++] = networks[i];
    if (n_shared || !post->n_variants)
        look_at(look, "/text", NULL, post->text, shared, true);
    for (size_t i = 0; i < post->n_variants; i++)
        look_at_variant(look, post, i, networks[i]);
}

bool
hib_schedule_rules(HibDb *db, HibScheduleRules *ret, GError **error)
{
    *ret = (HibScheduleRules){.now = hib_db_now(db)};
    return hib_check_house(db, &ret->house, error) && hib_check_setting(db, &ret->setting, error) &&
           hib_publish_is_disaster(db, &ret->is_disaster, error);
}

/* --- the rights of media ------------------------------------------------------------------------------------------------------ */
typedef struct {
    const char **ids, **pointers;
    size_t n;
} Shown;

static void
show(Look *look, Shown *shown, const HibPostMedia *media, size_t n, const char *at)
{
    for (size_t i = 0; i < n; i++) {
        shown->ids[shown->n] = media[i].media_id;
        shown->pointers[shown->n++] = hib_arena_printf(look->arena, "%s/%zu", at, i);
    }
}

static Shown
shown_by(Look *look, const HibPost *post)
{
    size_t most = post->n_media;
    for (size_t i = 0; i < post->n_variants; i++)
        for (size_t k = 0; k < post->variants[i].n_thread; k++)
            most += post->variants[i].thread[k].n_media;
    Shown out = {.ids = hib_arena_array(look->arena, const char *, most + 1),
                 .pointers = hib_arena_array(look->arena, const char *, most + 1)};
    show(look, &out, post->media, post->n_media, "/media");
    for (size_t i = 0; i < post->n_variants; i++)
        for (size_t k = 0; k < post->variants[i].n_thread; k++)
            show(look, &out, post->variants[i].thread[k].media, post->variants[i].thread[k].n_media,
                 hib_arena_printf(look->arena, "/variants/%zu/thread/%zu/media", i, k));
    return out;
}

/* The day of an instant in the workspace's zone. */
static bool
day_of(HibDb *db, HibInstant at, const char **ret, GError **error)
{
    HibWorkspace *workspace;
    if (!hib_team_workspace(db, &workspace, error))
        return false;
    g_autoptr(HibZone) zone = hib_zone_open(workspace->zone);
    if (!zone)
        zone = hib_zone_utc();
    *ret = hib_day_text(hib_db_arena(db), hib_day_at(zone, at));
    return true;
}

static void
look_at_medium(Look *look, const char *id, const char *pointer, const char *const *rights)
{
    HibCheckResult result;
    look->subject.text = "";
    look->subject.networks = NULL;
    look->subject.facts = rights;
    hib_check(look->arena, &look->house, &look->subject, &result);
    look->subject.facts = NULL;
    for (size_t i = 0; i < result.n && look->n < MOST; i++) {
        look->rows[look->n++] = (HibPostFinding){pointer, NULL, id, &result.findings[i]};
        g_string_append_printf(look->texts, "\n%s %s", id, result.findings[i].rule->id);
    }
}

static bool
look_at_media(HibDb *db, const HibPost *post, HibInstant at, Look *look, GError **error)
{
    const Shown shown = shown_by(look, post);
    HibMedia **media = hib_arena_array(look->arena, HibMedia *, shown.n + 1);
    HibMediaCard **cards = hib_arena_array(look->arena, HibMediaCard *, shown.n + 1);
    const char *day;
    if (!shown.n)
        return true;
    if (!day_of(db, at, &day, error) ||
        !hib_media_cards(db, shown.ids, shown.n, media, cards, error))
        return false;
    for (size_t i = 0; i < shown.n; i++) {
        const char *const *rights = cards[i] ? hib_media_rights(look->arena, cards[i], day) : NULL;
        if (rights && rights[0])
            look_at_medium(look, shown.ids[i], shown.pointers[i], rights);
    }
    return true;
}

/* --- saying the same again ------------------------------------------------------------------------------------------------------ */
/* What a network's rules say of it; nothing: it does not mind. */
HibCheckResult
hib_schedule_repeat_rules(HibArena *arena, const HibCheckHouse *house, const HibCheckSubject *place,
                          const char *network)
{
    static const char *const facts[] = {HIB_REPEAT_FACT, NULL};
    const char **networks = hib_arena_array(arena, const char *, 2);
    HibCheckSubject subject = *place;
    HibCheckResult result;
    networks[0] = network;
    subject.text = "";
    subject.networks = networks;
    subject.facts = facts;
    hib_check(arena, house, &subject, &result);
    return result;
}

static bool
look_at_repeats(HibDb *db, const HibPost *post, const char *const *networks, HibInstant at,
                Look *look, GError **error)
{
    HibPost *sent;
    if (!hib_plan_as_sent(db, post, &sent, error))
        return false;
    for (size_t i = 0; i < post->n_variants; i++) {
        const HibPostVariant *variant = &post->variants[i];
        const HibCheckResult told =
            hib_schedule_repeat_rules(look->arena, &look->house, &look->subject, networks[i]);
        const char *pointer =
            variant->text ? hib_arena_printf(look->arena, "/variants/%zu/text", i) : "/text";
        bool is_repeat = false;
        if (told.n && (!hib_repeat_is(db, sent, i, networks, at, &is_repeat, error) ||
                       (!is_repeat && post->id &&
                        !hib_series_draft_repeats(db, post->id, networks[i], &is_repeat, error))))
            return false;
        for (size_t k = 0; is_repeat && k < told.n && look->n < MOST; k++) {
            const HibCheckFinding *finding = &told.findings[k];
            look->rows[look->n++] = (HibPostFinding){pointer, variant->account_id, NULL, finding};
            g_string_append_printf(look->texts, "\n%s %s", variant->account_id, finding->rule->id);
        }
    }
    return true;
}

/* `due_at`: when it goes out. */
static bool
look_at_post(HibDb *db, const HibPost *post, HibInstant due_at, Look *look, GError **error)
{
    HibScheduleRules rules;
    HibSchedulePlace at = {0};
    HibCampaign *campaign = NULL;
    look->arena = hib_db_arena(db);
    if (!hib_schedule_rules(db, &rules, error) ||
        !hib_check_is_election(db, &rules.setting, due_at, &at.is_election, error) ||
        (post->campaign_id && !hib_plan_campaign(db, post->campaign_id, &campaign, error)) ||
        !networks_of(db, post, &at.networks, error))
        return false;
    at.campaign = campaign;
    look_at_all(look, &rules, post, &at);
    return look_at_repeats(db, post, at.networks, due_at, look, error) &&
           look_at_media(db, post, due_at, look, error);
}

size_t
hib_schedule_blocks(HibArena *arena, const HibScheduleRules *rules, const HibPost *post,
                    const HibSchedulePlace *at, HibPostFinding **ret)
{
    g_autoptr(GString) texts = g_string_new("");
    Look look = {.arena = arena, .texts = texts};
    size_t n = 0;
    look_at_all(&look, rules, post, at);
    for (size_t i = 0; i < look.n; i++)
        if (look.rows[i].finding->severity == HIB_CHECK_BLOCK)
            look.rows[n++] = look.rows[i];
    *ret = look.rows;
    return n;
}

/* As it is planned now. */
static HibInstant
goes_out_at(HibDb *db, const HibPost *post)
{
    const HibInstant now = hib_db_now(db);
    return post->has_due_at ? MAX(post->due_at, now) : now;
}

bool
hib_publish_findings(HibDb *db, const HibPost *post, HibPostFinding **ret, size_t *ret_n,
                     GError **error)
{
    g_autoptr(GString) texts = g_string_new("");
    Look look = {.texts = texts};
    if (!look_at_post(db, post, goes_out_at(db, post), &look, error))
        return false;
    *ret = look.rows;
    *ret_n = look.n;
    return true;
}

void
hib_schedule_refuse_finding(const HibPostFinding *found, GError **error)
{
    GError *refused = NULL;
    hib_error_set_at(&refused, HIB_ERROR_INVALID, "check.blocked", found->pointer, "%s blocks",
                     found->finding->rule->id);
    hib_error_set_detail(refused, "rule", found->finding->rule->id);
    hib_error_set_detail(refused, "found", found->finding->found);
    g_propagate_error(error, refused);
}

bool
hib_schedule_check_rules(HibDb *db, const HibPost *post, HibInstant at, GError **error)
{
    g_autoptr(GString) texts = g_string_new("");
    Look look = {.texts = texts};
    bool is_overridden = false;
    if (!look_at_post(db, post, at, &look, error) ||
        !hib_check_overridden(db, post->id, hib_sha256_hex(look.arena, texts->str, texts->len),
                              &is_overridden, error))
        return false;
    for (size_t i = 0; i < look.n; i++) {
        if (look.rows[i].finding->severity == HIB_CHECK_BLOCK && !is_overridden) {
            hib_schedule_refuse_finding(&look.rows[i], error);
            return false;
        }
    }
    for (size_t i = 0; i < look.n; i++) {
        const HibCheckResult one = {.findings = look.rows[i].finding, .n = 1};
        if (!hib_check_told(db, look.rows[i].text, &one, error))
            return false;
    }
    return true;
}

bool
hib_publish_is_let_pass(HibDb *db, const HibPost *post, bool *ret, GError **error)
{
    g_autoptr(GString) texts = g_string_new("");
    Look look = {.texts = texts};
    return look_at_post(db, post, goes_out_at(db, post), &look, error) &&
           hib_check_overridden(db, post->id, hib_sha256_hex(look.arena, texts->str, texts->len),
                                ret, error);
}

bool
hib_publish_override(HibDb *db, const char *id, const char *reason, GError **error)
{
    HibPost *post;
    g_autoptr(GString) texts = g_string_new("");
    Look look = {.texts = texts};
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_plan_get(db, id, false, &post, error) ||
        !look_at_post(db, post, goes_out_at(db, post), &look, error))
        return false;
    g_autoptr(GString) rules = g_string_new("");
    for (size_t i = 0; i < look.n; i++)
        if (look.rows[i].finding->severity == HIB_CHECK_BLOCK)
            g_string_append_printf(rules, "%s%s", rules->len ? " " : "",
                                   look.rows[i].finding->rule->id);
    return hib_check_override(db, id, hib_sha256_hex(look.arena, texts->str, texts->len),
                              rules->str, reason, error) &&
           hib_publish_wake_released(db, error) && hib_tx_commit(tx, error);
}

/* --- just before it goes out -------------------------------------------------------------------------------------------------- */
static bool
is_rights(const HibPostFinding *found)
{
    return found->finding->severity == HIB_CHECK_BLOCK && strstr(found->pointer, "/media/");
}

bool
hib_rights_hold(HibDb *db, const HibDeliverWork *work, const HibCheckRule **ret, GError **error)
{
    HibPost *post;
    HibSqlCareCleared *cleared;
    bool is_overridden;
    g_autoptr(GString) texts = g_string_new("");
    Look look = {.texts = texts};
    *ret = NULL;
    if (work->kind != HIB_KIND_POST) /* what follows a post follows it */
        return true;
    if (!hib_plan_get(db, work->post_id, true, &post, error))
        return false;
    look.arena = hib_db_arena(db);
    if (!shown_by(&look, post).n)
        return true;
    if (!look_at_post(db, post, hib_db_now(db), &look, error) ||
        !hib_check_overridden(db, post->id, hib_sha256_hex(look.arena, texts->str, texts->len),
                              &is_overridden, error) ||
        !hib_sql_care_cleared(db, work->post_id, &cleared, error))
        return false;
    for (size_t i = 0; i < look.n && !*ret && !is_overridden && !cleared; i++)
        if (is_rights(&look.rows[i]))
            *ret = look.rows[i].finding->rule;
    return true;
}

/* Twice: the second time nothing is held that may go. */
bool
hib_publish_rights_run(HibDb *db, const HibJob *job G_GNUC_UNUSED, void *context G_GNUC_UNUSED,
                       HibJobEnd *ret_end, HibInstant *ret_at G_GNUC_UNUSED, GError **error)
{
    *ret_end = HIB_JOB_DONE;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_publish_wake_released(db, error) && hib_tx_commit(tx, error);
}
