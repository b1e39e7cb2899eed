/* Inside plan/ only: the pure rules of posts, and reading them whole. */
#pragma once
#include "base/json.h"
#include "http/call.h"
#include "plan/plan.h"
#include "plan/post.sql.h"

#define HIB_PLAN_PURGE "plan.purge"
#define HIB_PLAN_KEEP_DELETED (30 * HIB_DAY)
extern const HibJobKind hib_plan_jobs[];

/* --- post.c: pure ----------------------------------------------------------------------------------- */
/* What needs no store: lengths, counts, an account named twice. INVALID with pointer. */
bool hib_post_check(const HibPostContent *content, GError **error);
bool hib_post_is_open(HibPostState state); /* neither on its way nor out: may be edited */
/* The texts in NFC, as networks count and receive them. In the arena; media and due_at are shared. */
HibPostContent hib_post_normalise(HibArena *arena, const HibPostContent *content);
/* What the audit log shows of a post: compact JSON, each text at most 500 characters. */
const char *hib_post_audit(HibArena *arena, const HibPost *post);

/* One text of an audit line, cut there. */
void hib_post_audit_text(cJSON *object, const char *name, const char *text);

/* Where a list goes on. Posts with a time are walked by (due_at, id) upwards, then those without by (created_at, id)
 * downwards; a post keeps its place whatever other posts do, so nothing is lost or shown twice. */
typedef struct {
    bool is_untimed;
    HibInstant at;
    const char *id;
} HibPostCursor;
const char *hib_post_cursor_text(HibArena *arena, const HibPost *last);
/* INVALID post.bad_cursor. */
bool hib_post_cursor_read(HibArena *arena, const char *text, HibPostCursor *ret, GError **error);

/* The first words of the post, or of a variant's own text where it has none: one line. */
const char *hib_post_head(HibArena *arena, const HibPost *post);

/* --- approval_api.c: posts that wait for the person who asks, at most `most` ------------------------------ */
bool hib_approvals_mine(HibCall *call, size_t most, HibApiMyApproval **ret, size_t *ret_n,
                        GError **error);

/* --- post_read.c ------------------------------------------------------------------------------------ */
/* Rows to posts with all that belongs to them: three statements at most (none when n is 0). */
bool hib_post_fill(HibDb *db, const HibSqlPostRow *rows, size_t n, HibPost *ret, GError **error);

/* --- post_store.c ----------------------------------------------------------------------------------- */
/* --- library.c: media by what is said of them, and where they are used ------------------------------------------------ */
typedef enum { /* after ALL in the order of the contract's `only` */
               HIB_LIBRARY_ALL,
               HIB_LIBRARY_EXPIRING,
               HIB_LIBRARY_EXPIRED,
               HIB_LIBRARY_NO_RIGHTS,
               HIB_LIBRARY_NO_CONSENT,
               HIB_LIBRARY_UNUSED,
               HIB_LIBRARY_ALIKE
} HibLibraryOnly;
typedef struct {
    const char *words, *tag, *kind, *cursor; /* words "": all; NULL: any, from the start */
    HibLibraryOnly only;
    int limit;
} HibLibraryQuery;
typedef struct {
    HibMedia *media;
    HibMediaCard *card;
    const char *const *rights; /* against its use today; hib_media_rights */
    int64_t n_posts, n_alike;
} HibLibraryItem;
typedef struct {
    const char *post, *head;
    HibPostState state;
    bool has_due_at, is_following;
    HibInstant due_at;
} HibMediaUse;
typedef struct {
    const char *id, *title;
} HibMediaIdea;
typedef struct {
    HibMedia *media;
    HibMediaCard *card;
    int distance;
    int64_t n_posts;
} HibLibraryAlike;
typedef struct {
    HibMedia *media;
    HibMediaCard *card;
    const char *const *rights;
    HibMediaUse *uses;
    HibMediaIdea *ideas;
    HibLibraryAlike *alike;
    size_t n_uses, n_ideas, n_alike;
    bool is_cut; /* there are more uses */
} HibLibraryDetail;
/* Newest first; INVALID media.bad_cursor. */
bool hib_library_search(HibDb *db, const HibLibraryQuery *query, HibLibraryItem **ret,
                        size_t *ret_n, const char **ret_next, GError **error);
/* NOT_FOUND media.unknown, GONE media.deleted. */
bool hib_library_get(HibDb *db, const char *media, HibLibraryDetail *ret, GError **error);

/* crop.c: as stored (NULL: none), read back, and checked (INVALID post.bad_crop below `at`). */
const char *hib_crops_print(HibArena *arena, const HibPostMedia *media);
void hib_crops_read(HibArena *arena, const char *json, HibPostMedia *media);
bool hib_crops_check(const HibPostMedia *media, const char *at, GError **error);
/* Variants, texts that follow and media of a post; in the caller's transaction. */
bool hib_post_drop_parts(HibDb *db, const char *post, GError **error);

/* --- version.c -------------------------------------------------------------------------------------- */
/* In the caller's transaction: the content of a post was changed. */
bool hib_version_keep(HibDb *db, const HibPost *before, const HibPost *after, GError **error);
bool hib_version_purge(HibDb *db, const char *post, GError **error);

/* --- kpi.c, tags.c: pure --------------------------------------------------------------------------------- */
typedef enum {
    HIB_KPI_COUNT,
    HIB_KPI_RATE, /* 0..1 */
    HIB_KPI_MONEY,
    HIB_KPI_MULTIPLE,
    HIB_KPI_MINUTES
} HibKpiUnit; /* same order as the contract's enum and as HibMetricUnit begins */
typedef struct {
    const char *name;
    HibKpiUnit unit;
    bool is_lower_better;
} HibKpi;
size_t hib_kpis(const HibKpi **ret);
const HibKpi *hib_kpi_find(const char *name); /* NULL: none */
/* Tags one a line, tidy and each once. */
const char *hib_tags_join(HibArena *arena, const char *const *words, size_t n);
const char **hib_tags_split(HibArena *arena, const char *text, char between, size_t *ret_n);

/* --- idea.c ----------------------------------------------------------------------------------------------- */
typedef struct {
    const char *id;
    HibIdeaContent content;
    int64_t rank;
    const char *owner_name; /* NULL: nobody */
    const char *post_id;    /* the draft made of it; NULL: none, or deleted */
    HibPostState post_state;
    HibInstant created_at, updated_at;
    const char *created_by_name;
    int64_t version;
} HibIdea;
/* Column by column, from the top. `owner` NULL: of all; `open_only`: new, shaping and ready ones. */
bool hib_ideas(HibDb *db, const char *owner, bool open_only, int64_t most, HibIdea **ret_rows,
               size_t *ret_n, GError **error);
bool hib_idea(HibDb *db, const char *idea, HibIdea **ret, GError **error); /* idea.unknown */
/* CONFLICT idea.edited. In another column it stands at the foot. */
bool hib_idea_change(HibDb *db, const char *idea, int64_t version, const HibIdeaContent *content,
                     HibIdea **ret, GError **error);
/* Just above `below`; NULL: to the foot of the column. */
bool hib_idea_move(HibDb *db, const char *idea, HibIdeaStatus status, const char *below,
                   HibIdea **ret, GError **error);
/* Makes the post. CONFLICT idea.drafted. */
bool hib_idea_draft(HibDb *db, const char *idea, HibIdea **ret, GError **error);
bool hib_idea_delete(HibDb *db, const char *idea, GError **error);
void hib_idea_to_api(HibArena *arena, const HibIdea *idea, HibApiIdea *out);

/* --- due.c: what is somebody's to do --------------------------------------------------------------------------- */
#define HIB_PLAN_DUE "plan.due"
typedef struct {
    bool is_idea, is_open;
    const char *id, *title, *person, *due_on; /* person, due_on NULL: nobody's, without a day */
} HibCharge;
HibCharge hib_idea_charge(const HibIdea *idea);
/* In the transaction of a change: tells whom it was given to, and sets the reminder. before NULL: new; after NULL: gone. */
bool hib_charge_changed(HibDb *db, const HibCharge *before, const HibCharge *after, GError **error);
/* The next morning on which to remind: the day before, or the day itself; false: both are past. Pure. */
bool hib_charge_next(const HibZone *zone, const char *due_on, HibInstant now, HibInstant *ret);
bool hib_charge_remind(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                       HibInstant *ret_at, GError **error);

/* In NFC, without blanks at the ends; NULL is "". */
const char *hib_plan_tidy(HibArena *arena, const char *text);
/* What an idea or a task names must be there. */
typedef struct {
    const char *campaign_id, *media_id, *post_id, *due_on;
    const char *person, *person_at; /* and the pointer for it */
} HibPlanRefs;
bool hib_plan_check_refs(HibDb *db, const HibPlanRefs *refs, GError **error);

/* --- task.c ----------------------------------------------------------------------------------------------- */
typedef struct {
    const char *id;
    HibTaskContent content;
    const char *assignee_name; /* NULL: anybody */
    bool has_done_at;
    HibInstant done_at, created_at, updated_at;
    const char *done_by_name, *created_by_name;
    int64_t version;
} HibTask;
typedef struct {
    const char *assignee, *campaign; /* NULL: all */
    bool is_done;
    int64_t most;
} HibTaskQuery;
/* Open ones by their day, done ones the last first. */
bool hib_tasks(HibDb *db, const HibTaskQuery *query, HibTask **ret_rows, size_t *ret_n,
               GError **error);
bool hib_task(HibDb *db, const char *task, HibTask **ret, GError **error); /* task.unknown */
/* CONFLICT task.edited. */
bool hib_task_change(HibDb *db, const char *task, int64_t version, const HibTaskContent *content,
                     HibTask **ret, GError **error);
HibCharge hib_task_charge(const HibTask *task);
bool hib_task_set_done(HibDb *db, const char *task, bool is_done, HibTask **ret, GError **error);
bool hib_task_delete(HibDb *db, const char *task, GError **error);

/* --- links in a text (wording.c) ------------------------------------------------------------------------------------------ */
/* What stands instead of a whole address; NULL: it stays. */
typedef const char *(*HibLinkMap)(void *data, const char *url);
const char *hib_plan_map_links(HibArena *arena, const char *text, HibLinkMap map, void *data);
