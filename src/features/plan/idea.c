/* Ideas: what might become a post, on a board of columns, each looked after by a person.
 *
 * A draft made of an idea is an ordinary post that the idea remembers; when that post is deleted the idea can be drafted again. Within a column ideas
 * stand by rank: whole numbers with gaps, so that a move writes one row; the column is numbered anew when a gap is used up. */
#include "base/error.h"
#include "base/json.h"
#include "days/days.h"
#include "plan/idea.sql.h"
#include "plan/plan_private.h"
#include "team/team.h"
#include "text/count.h"
#include <string.h>

#define GAP ((int64_t)1 << 20)

/* --- reading ------------------------------------------------------------------------------------------------------------------ */
static HibIdea
of_row(const HibSqlIdeaRow *row)
{
    return (HibIdea){
        .id = row->id,
        .content = {.title = row->title,
                    .note = row->note,
                    .status = (HibIdeaStatus)row->status,
                    .campaign_id = row->campaign_id,
                    .owner_id = row->owner_id,
                    .due_on = row->due_on,
                    .url = row->url,
                    .media_id = row->media_id,
                    .tags = row->tags},
        .rank = row->rank,
        .owner_name = row->owner_name,
        .post_id = row->post_id,
        .post_state = (HibPostState)row->post_state,
        .created_at = row->created_at,
        .updated_at = row->updated_at,
        .created_by_name = row->created_by_name ? row->created_by_name : "",
        .version = row->version,
    };
}

bool
hib_ideas(HibDb *db, const char *owner, bool open_only, int64_t most, HibIdea **ret_rows,
          size_t *ret_n, GError **error)
{
    HibSqlIdeaRow *rows;
    if (!hib_sql_idea_list(db, owner, open_only, most, &rows, ret_n, error))
        return false;
    *ret_rows = hib_arena_array(hib_db_arena(db), HibIdea, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret_rows)[i] = of_row(&rows[i]);
    return true;
}

bool
hib_idea(HibDb *db, const char *idea, HibIdea **ret, GError **error)
{
    HibSqlIdeaRow *row;
    if (!hib_sql_idea_get(db, idea, &row, error))
        return false;
    if (!row) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "idea.unknown", "no idea %s", idea);
        return false;
    }
    *ret = hib_arena_new0(hib_db_arena(db), HibIdea);
    **ret = of_row(row);
    return true;
}

/* --- what ideas and tasks have in common ---------------------------------------------------------------------------------------- */
const char *
hib_plan_tidy(HibArena *arena, const char *text)
{
    g_autofree char *stripped = g_strstrip(g_strdup(text ? text : ""));
    return hib_text_nfc(arena, stripped);
}

/* A person of the workspace; NULL is nobody. */
static bool
check_person(HibDb *db, const char *person, const char *pointer, GError **error)
{
    const char *role = NULL;
    if (!person)
        return true;
    if (!hib_team_role(db, person, &role, error))
        return false;
    if (!role)
        hib_error_set_at(error, HIB_ERROR_NOT_FOUND, "team.member_unknown", pointer,
                         "%s is no member", person);
    return role != NULL;
}

bool
hib_plan_check_refs(HibDb *db, const HibPlanRefs *refs, GError **error)
{
    HibCampaign *campaign;
    HibMedia *media;
    HibPost *post;
    GError *fault = NULL;
    if (refs->due_on && !hib_day_number(refs->due_on)) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "campaign.bad_day", "/due_on", "no day %s",
                         refs->due_on);
        return false;
    }
    const char *pointer =
        refs->campaign_id && !hib_plan_campaign(db, refs->campaign_id, &campaign, &fault)
            ? "/campaign_id"
        : refs->media_id && !hib_media_get(db, refs->media_id, &media, &fault)    ? "/media_id"
        : refs->post_id && !hib_plan_get(db, refs->post_id, false, &post, &fault) ? "/post_id"
                                                                                  : NULL;
    if (!pointer)
        return check_person(db, refs->person, refs->person_at, error);
    hib_error_set_pointer(fault, pointer);
    g_propagate_error(error, fault);
    return false;
}

/* --- writing ------------------------------------------------------------------------------------------------------------------ */
static HibIdeaContent *
take(HibDb *db, const HibIdeaContent *in, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibIdeaContent *out = hib_arena_new0(arena, HibIdeaContent);
    *out = *in;
    out->title = hib_plan_tidy(arena, in->title);
    out->note = hib_plan_tidy(arena, in->note);
    out->tags = in->tags ? in->tags : "";
    if (!*out->title) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "idea.no_title", "/title", "an empty title");
        return NULL;
    }
    const HibPlanRefs refs = {.campaign_id = in->campaign_id,
                              .media_id = in->media_id,
                              .due_on = in->due_on,
                              .person = in->owner_id,
                              .person_at = "/owner_id"};
    return hib_plan_check_refs(db, &refs, error) ? out : NULL;
}

static const char *
audit_text(HibDb *db, const HibIdea *idea)
{
    const HibIdeaContent *content = &idea->content;
    cJSON *out = cJSON_CreateObject();
    const struct {
        const char *name, *text;
    } texts[] = {{"name", content->title},
                 {"note", content->note},
                 {"status", hib_api_idea_status_names[content->status]},
                 {"campaign_id", content->campaign_id},
                 {"owner", idea->owner_name},
                 {"due_on", content->due_on},
                 {"url", content->url},
                 {"tags", content->tags},
                 {"post_id", idea->post_id}};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (texts[i].text && *texts[i].text)
            hib_post_audit_text(out, texts[i].name, texts[i].text);
    return hib_json_print(hib_db_arena(db), out);
}

HibCharge
hib_idea_charge(const HibIdea *idea)
{
    return (HibCharge){.is_idea = true,
                       .is_open = idea->content.status < HIB_IDEA_DRAFTED,
                       .id = idea->id,
                       .title = idea->content.title,
                       .person = idea->content.owner_id,
                       .due_on = idea->content.due_on};
}

static bool
tell(HibDb *db, const char *action, const HibIdea *before, const HibIdea *after, GError **error)
{
    const char *id = after ? after->id : before->id; /* NOLINT: one of the two is there */
    const HibCharge was = before ? hib_idea_charge(before) : (HibCharge){0},
                    is = after ? hib_idea_charge(after) : (HibCharge){0};
    return hib_charge_changed(db, before ? &was : NULL, after ? &is : NULL, error) &&
           hib_event_emit(db, "idea.changed", id, NULL, error) &&
           hib_audit(db, action, "idea", id, before ? audit_text(db, before) : NULL,
                     after ? audit_text(db, after) : NULL, error);
}

/* New ideas stand at the top. */
bool
hib_plan_add_idea(HibDb *db, const HibIdeaContent *content, const char **ret_id, GError **error)
{
    const char *id = hib_db_new_id(db), *actor = NULL;
    const char *person = hib_db_actor(db, &actor) == HIB_ACTOR_PERSON ? actor : NULL;
    HibSqlIdeaTop *top = NULL;
    HibIdea *made;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    const HibIdeaContent *in = tx ? take(db, content, error) : NULL;
    *ret_id = id;
    return in && hib_sql_idea_top(db, in->status, &top, error) &&
           hib_sql_idea_insert(db, id, in->title, in->note, in->status,
                               (top && top->has_rank ? top->rank : 0) - GAP, in->campaign_id,
                               in->owner_id, in->due_on, in->url, in->media_id, in->tags,
                               hib_db_now(db), person, error) &&
           hib_idea(db, id, &made, error) && tell(db, "idea.create", NULL, made, error) &&
           hib_tx_commit(tx, error);
}

/* The rank at the foot of a column, for an idea that comes into it. */
static bool
at_foot(HibDb *db, HibIdeaStatus status, const char *idea, int64_t *ret, GError **error)
{
    HibSqlIdeaBottom *bottom = NULL;
    if (!hib_sql_idea_bottom(db, status, idea, &bottom, error))
        return false;
    *ret = (bottom && bottom->has_rank ? bottom->rank : 0) + GAP;
    return true;
}

bool
hib_idea_change(HibDb *db, const char *idea, int64_t version, const HibIdeaContent *content,
                HibIdea **ret, GError **error)
{
    HibIdea *before;
    int64_t changed = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    const HibIdeaContent *in =
        tx && hib_idea(db, idea, &before, error) ? take(db, content, error) : NULL;
    if (!in)
        return false;
    int64_t rank = before->rank;
    if (in->status != before->content.status && !at_foot(db, in->status, idea, &rank, error))
        return false;
    if (!hib_sql_idea_update(db, idea, version, in->title, in->note, in->status, rank,
                             in->campaign_id, in->owner_id, in->due_on, in->url, in->media_id,
                             in->tags, hib_db_now(db), &changed, error))
        return false;
    if (!changed) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "idea.edited",
                      "idea %s is at version %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT, idea,
                      before->version, version);
        return false;
    }
    return hib_idea(db, idea, ret, error) && tell(db, "idea.change", before, *ret, error) &&
           hib_tx_commit(tx, error);
}

static bool
number_anew(HibDb *db, HibIdeaStatus status, GError **error)
{
    HibSqlIdeaColumn *rows;
    size_t n;
    if (!hib_sql_idea_column(db, status, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!hib_sql_idea_set_rank(db, rows[i].id, ((int64_t)i + 1) * GAP, error))
            return false;
    return true;
}

/* A rank just above `below`; one try more when the column had to be numbered anew. */
static bool
rank_above(HibDb *db, const char *idea, HibIdeaStatus status, const char *below, int64_t *ret,
           GError **error)
{
    for (int tries = 0; tries < 2; tries++) {
        HibIdea *next;
        HibSqlIdeaAbove *above = NULL;
        if (!hib_idea(db, below, &next, error) ||
            !hib_sql_idea_above(db, status, next->rank, idea, &above, error))
            return false;
        int64_t low = above && above->has_rank ? above->rank : next->rank - 2 * GAP;
        *ret = low + (next->rank - low) / 2;
        if (*ret > low && *ret < next->rank)
            return true;
        if (!number_anew(db, status, error))
            return false;
    }
    return true;
}

bool
hib_idea_move(HibDb *db, const char *idea, HibIdeaStatus status, const char *below, HibIdea **ret,
              GError **error)
{
    HibIdea *before, *next;
    int64_t rank = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_idea(db, idea, &before, error) || (below && !hib_idea(db, below, &next, error)))
        return false;
    /* Somebody else may have taken it to another column meanwhile: then the foot is as good a place. */
    bool is_below = below && next->content.status == status && !g_str_equal(below, idea);
    bool is_placed = is_below ? rank_above(db, idea, status, below, &rank, error)
                              : at_foot(db, status, idea, &rank, error);
    return is_placed && hib_sql_idea_place(db, idea, status, rank, hib_db_now(db), error) &&
           hib_idea(db, idea, ret, error) && tell(db, "idea.change", before, *ret, error) &&
           hib_tx_commit(tx, error);
}

/* What a reader would see of it: the note, or the title where there is none, and the link. */
static const char *
draft_text(HibArena *arena, const HibIdeaContent *content)
{
    const char *text = *content->note ? content->note : content->title;
    return content->url ? hib_arena_printf(arena, "%s\n%s", text, content->url) : text;
}

/* False, too, when somebody else changed it or made it a post meanwhile. */
static bool
become(HibDb *db, const HibIdea *idea, const char *post, HibInstant now, GError **error)
{
    int64_t changed;
    if (!hib_sql_idea_set_post(db, idea->id, idea->version, post, now, &changed, error))
        return false;
    if (!changed)
        hib_error_set(error, HIB_ERROR_CONFLICT, "idea.edited", "changed meanwhile");
    return changed;
}

bool
hib_idea_draft(HibDb *db, const char *idea, HibIdea **ret, GError **error)
{
    HibIdea *before;
    HibPost *post;
    int64_t rank;
    HibInstant now = hib_db_now(db);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_idea(db, idea, &before, error))
        return false;
    if (before->post_id) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "idea.drafted", "idea %s is post %s already", idea,
                      before->post_id);
        return false;
    }
    const HibPostMedia media = {.media_id = before->content.media_id, .alt = ""};
    const HibPostContent content = {.text = draft_text(hib_db_arena(db), &before->content),
                                    .media = &media,
                                    .n_media = media.media_id ? 1 : 0};
    const char *campaign = before->content.campaign_id;
    return hib_plan_create(db, &content, &post, error) &&
           become(db, before, post->id, now, error) &&
           (!campaign || hib_plan_set_campaign(db, post->id, campaign, error)) &&
           at_foot(db, HIB_IDEA_DRAFTED, idea, &rank, error) &&
           hib_sql_idea_place(db, idea, HIB_IDEA_DRAFTED, rank, now, error) &&
           hib_idea(db, idea, ret, error) && tell(db, "idea.draft", before, *ret, error) &&
           hib_tx_commit(tx, error);
}

bool
hib_idea_delete(HibDb *db, const char *idea, GError **error)
{
    HibIdea *before;
    int64_t gone = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_idea(db, idea, &before, error) &&
           hib_sql_idea_delete(db, idea, &gone, error) &&
           tell(db, "idea.delete", before, NULL, error) && hib_tx_commit(tx, error);
}
