/* Who hears of an event. Nobody is told what they did themselves; who left the workspace hears nothing; clients hear only what they were asked or answered. */
#include "accounts/accounts.h"
#include "base/json.h"
#include "notify/notify_private.h"
#include "plan/plan.h"
#include "publish/publish.h"
#include <string.h>

#define SHOWN 40 /* characters of a post */

typedef struct {
    HibDb *db;
    HibArena *arena;
    const HibNoticeEvent *event;
    const char *subject;
    const char *by, *name, *reason, *person, *comment, *what, *place; /* of the data; NULL */
    const HibSqlNoticeMember *members;
    size_t n_members;
    HibNotice *rows;
    size_t n;
} Telling;

/* --- adding --------------------------------------------------------------------------------------------------------- */
/* `what` and `place` of the last arguments; once a person, and never the one who did it. */
static void
tell(Telling *t, const char *person, HibNoticeKind kind, const char *word, const char *what,
     const char *place)
{
    bool is_member = false;
    if (!person || g_strcmp0(person, t->by) == 0)
        return;
    for (size_t i = 0; i < t->n_members; i++)
        is_member = is_member || g_str_equal(t->members[i].person_id, person);
    for (size_t i = 0; i < t->n; i++)
        if (g_str_equal(t->rows[i].person, person))
            return;
    if (is_member)
        t->rows[t->n++] = (HibNotice){.person = person,
                                      .kind = kind,
                                      .word = word,
                                      .who = t->name ? t->name : "",
                                      .what = what,
                                      .place = place};
}

static bool
has_role(const HibSqlNoticeMember *member, const char *roles)
{
    return strstr(roles, member->role) != NULL;
}

static void
tell_roles(Telling *t, const char *roles, const char *what, const char *place)
{
    for (size_t i = 0; i < t->n_members; i++)
        if (has_role(&t->members[i], roles))
            tell(t, t->members[i].person_id, t->event->kind, t->event->word, what, place);
}

/* --- approvals and comments --------------------------------------------------------------------------------------------- */
static const char *
shown(Telling *t, const HibPost *post)
{
    const char *text = post->text;
    for (size_t i = 0; !*text && i < post->n_variants; i++)
        text = post->variants[i].text ? post->variants[i].text : "";
    return hib_notice_short(t->arena, text, SHOWN);
}

static bool
is_own(const HibPost *post, const HibApprovalFacts *facts, const char *person)
{
    return g_strcmp0(person, post->created_by) == 0 || g_strcmp0(person, facts->edited_by) == 0;
}

/* Those who may approve, and today's deputies of those who are asked. */
static bool
tell_approvers(Telling *t, const HibPost *post, const HibApprovalFacts *facts, GError **error)
{
    HibDeputyFacts *deputies;
    size_t n_deputies;
    const char *what = shown(t, post), *place = hib_arena_printf(t->arena, "/compose/%s", post->id);
    if (!hib_plan_deputies(t->db, &deputies, &n_deputies, error))
        return false;
    for (size_t i = 0; i < t->n_members; i++) {
        const HibSqlNoticeMember *one = &t->members[i];
        bool is_asked = has_role(one, "owner manager approver") ||
                        (facts->mode == HIB_APPROVAL_CLIENT && has_role(one, "client"));
        bool is_barred = facts->mode == HIB_APPROVAL_TWO && is_own(post, facts, one->person_id);
        for (size_t k = 0; k < n_deputies; k++)
            if (g_str_equal(deputies[k].deputy, one->person_id) &&
                !(facts->mode == HIB_APPROVAL_TWO && is_own(post, facts, deputies[k].person)))
                is_asked = true;
        if (is_asked && !is_barred)
            tell(t, one->person_id, t->event->kind, t->event->word, what, place);
    }
    return true;
}

static bool
about_approval(Telling *t, const HibPost *post, GError **error)
{
    HibApprovalFacts facts;
    const char *what = shown(t, post), *place = hib_arena_printf(t->arena, "/compose/%s", post->id);
    if (!hib_plan_approval_facts(t->db, post->id, &facts, error))
        return false;
    if (t->event->kind == HIB_NOTICE_ASKED) {
        bool is_told = !t->reason || !g_str_equal(t->event->word, "edited") ||
                       g_str_equal(t->reason, "edited");
        return !facts.is_waiting || !is_told || tell_approvers(t, post, &facts, error);
    }
    if (t->event->kind == HIB_NOTICE_CHANGES && t->reason)
        what = hib_arena_printf(t->arena, "%s — %s", what,
                                hib_notice_short(t->arena, t->reason, 2 * SHOWN));
    tell(t, facts.asked_by, t->event->kind, t->event->word, what, place);
    tell(t, post->created_by, t->event->kind, t->event->word, what, place);
    return true;
}

static bool
about_comment(Telling *t, const HibPost *post, GError **error)
{
    HibCommentFacts comment;
    const char *const *others;
    HibApprovalFacts facts;
    if (!t->comment)
        return true;
    if (!hib_plan_comment_facts(t->db, t->comment, &comment, error) ||
        !hib_plan_commenters(t->db, post->id, &others, error) ||
        !hib_plan_approval_facts(t->db, post->id, &facts, error))
        return false;
    t->by = comment.person_id;
    t->name = comment.name;
    const char *what = hib_notice_short(t->arena, comment.text, 2 * SHOWN);
    const char *place = hib_arena_printf(t->arena, "/compose/%s", post->id);
    for (size_t i = 0; i < t->n_members; i++) {
        const HibSqlNoticeMember *one = &t->members[i];
        if (hib_notice_mentions(comment.text, one->name) &&
            (comment.is_shared || !has_role(one, "client")))
            tell(t, one->person_id, HIB_NOTICE_MENTION, "mention", what, place);
    }
    tell(t, post->created_by, HIB_NOTICE_COMMENT, "comment", what, place);
    tell(t, facts.asked_by, HIB_NOTICE_COMMENT, "comment", what, place);
    for (size_t i = 0; others[i]; i++) {
        const HibSqlNoticeMember *who = NULL;
        for (size_t k = 0; k < t->n_members; k++)
            if (g_str_equal(t->members[k].person_id, others[i]))
                who = &t->members[k];
        if (who && (comment.is_shared || !has_role(who, "client")))
            tell(t, others[i], HIB_NOTICE_COMMENT, "comment", what, place);
    }
    return true;
}

static bool
about_post(Telling *t, GError **error)
{
    HibPost *post;
    g_autoptr(GError) gone = NULL;
    if (!hib_plan_get(t->db, t->subject, false, &post, &gone))
        return true; /* deleted meanwhile */
    return g_str_equal(t->event->event, "comment.added") ? about_comment(t, post, error)
                                                         : about_approval(t, post, error);
}

/* --- deliveries, accounts, the switch ------------------------------------------------------------------------------------- */
static bool
about_delivery(Telling *t, GError **error)
{
    HibDelivery *delivery;
    HibPost *post;
    g_autoptr(GError) gone = NULL;
    if (!hib_publish_get(t->db, t->subject, &delivery, error))
        return false;
    bool is_open = delivery->state == HIB_DELIVERY_FAILED || delivery->next == HIB_NEXT_CHECK;
    if (!is_open)
        return true; /* tried again or found out meanwhile */
    const char *what = hib_arena_printf(t->arena, "@%s: %s", delivery->handle,
                                        hib_notice_short(t->arena, delivery->text, SHOWN));
    const char *place = "/queue?tab=attention";
    if (*delivery->post_id && hib_plan_get(t->db, delivery->post_id, false, &post, &gone))
        tell(t, post->created_by, t->event->kind, t->event->word, what, place);
    tell_roles(t, "owner manager", what, place);
    return true;
}

static bool
about_account(Telling *t, GError **error)
{
    HibAccount *account;
    if (!hib_accounts_find(t->db, t->subject, &account, error))
        return false;
    if (account)
        tell_roles(t, "owner manager", hib_arena_printf(t->arena, "@%s", account->handle),
                   "/settings/accounts");
    return true;
}

static bool
about_hold(Telling *t, HibJson data, GError **error)
{
    static HibNoticeEvent released = {"hold.changed", "released", HIB_NOTICE_HOLD};
    bool is_held = false;
    HibHold *hold;
    if (data.value && !hib_json_opt_bool(data, "is_held", &is_held, error))
        return false;
    if (!hib_publish_hold(t->db, &hold, error))
        return false;
    for (size_t i = 0; i < hold->n_switches; i++)
        if (is_held && hold->switches[i].by)
            t->name = hold->switches[i].by;
    if (!is_held)
        t->event = &released;
    tell_roles(t, "owner manager editor approver", t->reason ? t->reason : "", "/queue");
    return true;
}

/* --- all together ------------------------------------------------------------------------------------------------------------ */
static bool
read_data(Telling *t, const char *data, HibJson *ret, GError **error)
{
    *ret = (HibJson){0};
    if (!data || !*data)
        return true;
    return hib_json_parse(t->arena, data, strlen(data), ret, error) &&
           hib_json_opt_text(*ret, "by", &t->by, error) &&
           hib_json_opt_text(*ret, "name", &t->name, error) &&
           hib_json_opt_text(*ret, "reason", &t->reason, error) &&
           hib_json_opt_text(*ret, "person", &t->person, error) &&
           hib_json_opt_text(*ret, "comment", &t->comment, error) &&
           hib_json_opt_text(*ret, "what", &t->what, error) &&
           hib_json_opt_text(*ret, "place", &t->place, error);
}

bool
hib_notice_audience(HibDb *db, const char *event, const char *subject, const char *data,
                    HibNotice **ret, size_t *ret_n, GError **error)
{
    HibSqlNoticeMember *members;
    HibJson json;
    Telling t = {
        .db = db, .arena = hib_db_arena(db), .event = hib_notice_event(event), .subject = subject};
    *ret_n = 0;
    if (!t.event)
        return true;
    if (!read_data(&t, data, &json, error) ||
        !hib_sql_notice_members(db, &members, &t.n_members, error))
        return false;
    t.members = members;
    t.rows = hib_arena_array(t.arena, HibNotice, t.n_members + 1);
    bool ok = true;
    if (t.person) { /* the event names whom it is for */
        tell(&t, t.person, t.event->kind, t.event->word, t.what ? t.what : "",
             t.place ? t.place : "/");
        *ret = t.rows;
        *ret_n = t.n;
        return true;
    }
    switch (t.event->kind) {
    case HIB_NOTICE_DELIVERY:
        if (t.what) /* no post: it says itself what did not go out */
            tell_roles(&t, "owner manager", t.what, t.place ? t.place : "/");
        else
            ok = about_delivery(&t, error);
        break;
    case HIB_NOTICE_ACCOUNT:
        ok = about_account(&t, error);
        break;
    case HIB_NOTICE_HOLD:
        ok = about_hold(&t, json, error);
        break;
    case HIB_NOTICE_TASK:
        break; /* for nobody */
    default:
        ok = about_post(&t, error);
        break;
    }
    *ret = t.rows;
    *ret_n = t.n;
    return ok;
}
