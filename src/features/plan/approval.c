/* Approvals: the rules that need no store. Who counts as what, what is enough, and what an approval is about. */
#include "plan/approval.h"
#include "base/json.h"
#include "plan/plan_private.h"
#include <string.h>

bool
hib_voter_is_client(const HibVoter *voter)
{
    return !voter->role || g_str_equal(voter->role, "client");
}

/* An urgent one lets the post go, but the others still owe theirs. */
static bool
counts(const HibApproval *approval, const HibVote *vote)
{
    return vote->round == approval->round && vote->is_approval && !vote->is_urgent;
}

HibApprovalTally
hib_approval_tally(const HibApproval *approval)
{
    static const int team[] = {0, 1, 2, 1};
    HibApprovalTally tally = {.team_needed = team[approval->policy.mode],
                              .client_needed = approval->policy.mode == HIB_APPROVAL_CLIENT};
    for (size_t i = 0; i < approval->n_votes; i++)
        if (counts(approval, &approval->votes[i]))
            *(approval->votes[i].is_client ? &tally.client : &tally.team) += 1;
    return tally;
}

bool
hib_approval_is_enough(const HibApprovalTally *tally)
{
    return tally->team >= tally->team_needed && tally->client >= tally->client_needed;
}

bool
hib_role_approves(const char *role)
{
    return g_str_equal(role, "owner") || g_str_equal(role, "manager") ||
           g_str_equal(role, "approver");
}

/* A vote takes a person's place whether they gave it themselves, for somebody, or had it given. */
static bool
is_seat_taken(const HibVote *vote, const char *person)
{
    return person &&
           (g_strcmp0(vote->person_id, person) == 0 || g_strcmp0(vote->for_id, person) == 0);
}

static bool
has_voted(const HibApproval *approval, const HibVoter *voter)
{
    for (size_t i = 0; i < approval->n_votes; i++) {
        const HibVote *vote = &approval->votes[i];
        if (vote->round != approval->round || !vote->is_approval)
            continue;
        if (is_seat_taken(vote, voter->person) || is_seat_taken(vote, voter->place) ||
            (voter->link && g_strcmp0(vote->link_id, voter->link) == 0))
            return true;
    }
    return false;
}

bool
hib_voter_seat(const HibApproval *approval, const HibDeputy *today, size_t n, HibVoter *voter)
{
    if (hib_voter_is_client(voter) || hib_role_approves(voter->role))
        return true;
    for (size_t i = 0; i < n; i++) {
        if (!g_str_equal(today[i].deputy_id, voter->person) ||
            !hib_role_approves(today[i].person_role))
            continue;
        voter->place = today[i].person_id;
        if (!has_voted(approval, voter))
            break;
    }
    return voter->place != NULL;
}

static bool
has_written(const HibApproval *approval, const HibPost *post, const char *person)
{
    return person && (g_strcmp0(post->created_by, person) == 0 ||
                      g_strcmp0(approval->edited_by, person) == 0);
}

const char *
hib_approval_refusal(const HibApproval *approval, const HibPost *post, const HibVoter *voter,
                     bool is_urgent)
{
    bool is_open = approval->state == HIB_APPROVAL_WAITING ||
                   (approval->state == HIB_APPROVAL_APPROVED && approval->has_owed_until);
    if (!is_open)
        return "approval.not_asked";
    if (hib_voter_is_client(voter) && approval->policy.mode != HIB_APPROVAL_CLIENT)
        return "approval.client_not_asked";
    if (has_voted(approval, voter))
        return "approval.voted";
    bool is_own =
        has_written(approval, post, voter->person) || has_written(approval, post, voter->place);
    if (approval->policy.mode == HIB_APPROVAL_TWO && is_own && !is_urgent)
        return "approval.own_post";
    return NULL;
}

/* --- what is judged ----------------------------------------------------------------------------------------- */
static void
add_media(cJSON *object, const HibPostMedia *media, size_t n)
{
    cJSON *list = cJSON_AddArrayToObject(object, "media");
    for (size_t i = 0; i < n; i++) {
        cJSON *one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "id", media[i].media_id);
        cJSON_AddStringToObject(one, "alt", media[i].alt ? media[i].alt : "");
        cJSON_AddNumberToObject(one, "x", media[i].has_focus ? media[i].focus_x : -1);
        cJSON_AddNumberToObject(one, "y", media[i].has_focus ? media[i].focus_y : -1);
        cJSON_AddNumberToObject(one, "cover",
                                media[i].has_cover ? (double)media[i].cover_ms : -1.0);
        for (size_t k = 0; k < media[i].n_crops; k++) {
            const HibPostCrop *crop = &media[i].crops[k];
            const double edges[] = {crop->x, crop->y, crop->width, crop->height};
            cJSON_AddItemToObject(one, crop->network, cJSON_CreateDoubleArray(edges, 4));
        }
        cJSON_AddItemToArray(list, one);
    }
}

static void
add_text(cJSON *object, const char *name, const char *text)
{
    if (text)
        cJSON_AddStringToObject(object, name, text);
}

static cJSON *
variant_of(const HibPostVariant *variant)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "account", variant->account_id);
    cJSON_AddNumberToObject(out, "format", variant->format);
    add_text(out, "text", variant->text);
    add_text(out, "title", variant->title);
    add_text(out, "recipient", variant->recipient);
    add_text(out, "first_comment", variant->first_comment);
    add_text(out, "options", variant->options);
    cJSON *thread = cJSON_AddArrayToObject(out, "thread");
    for (size_t i = 0; i < variant->n_thread; i++) {
        cJSON *part = cJSON_CreateObject();
        add_text(part, "text", variant->thread[i].text);
        add_media(part, variant->thread[i].media, variant->thread[i].n_media);
        cJSON_AddItemToArray(thread, part);
    }
    return out;
}

const char *
hib_approval_digest(HibArena *arena, const HibPost *post)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "text", post->text);
    cJSON_AddBoolToObject(out, "advertising", post->disclosure.is_advertising);
    cJSON_AddBoolToObject(out, "own_brand", post->disclosure.is_own_brand);
    cJSON_AddBoolToObject(out, "ai_made", post->disclosure.is_ai_made);
    add_media(out, post->media, post->n_media);
    cJSON *variants = cJSON_AddArrayToObject(out, "variants");
    for (size_t i = 0; i < post->n_variants; i++)
        cJSON_AddItemToArray(variants, variant_of(&post->variants[i]));
    const char *text = hib_json_print(arena, out);
    return hib_sha256_hex(arena, text, strlen(text));
}
