/* What came with something said, as files of ours: stored with the message that brings it, fetched by the job engage.fetch, taken away with the message.
 *
 * The network is called outside of any transaction; what came is looked at, put among the blobs, and only then one transaction writes the row that keeps it and
 * says ready. A crash before that fetches once more and stores the same blob under the same name. */
#include "accounts/accounts.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "engage/attached.sql.h"
#include "engage/engage_private.h"
#include "media/media.h"
#include "networks/content.h"
#include <string.h>

#define GIVE_UP HIB_DAY
#define HUMAN_LATER (6 * HIB_HOUR)
#define HUMAN_GIVES_UP (7 * HIB_DAY)
#define FIRST_WAIT (10 * HIB_SECOND)
#define LONGEST_WAIT HIB_HOUR

/* --- what is fetched ------------------------------------------------------------------------------------------------------------------- */
static bool
is_playlist(const char *url)
{
    return url && strstr(url, ".m3u8") != NULL; /* pieces of a film, not one */
}

static const char *
where(const HibNetAttachment *one)
{
    const char *url = one->url && *one->url && !is_playlist(one->url) ? one->url : one->preview_url;
    bool is_one = url && (g_str_has_prefix(url, "https://") || g_str_has_prefix(url, "http://"));
    return is_one && strlen(url) <= HIB_LIMIT_URL_BYTES ? url : NULL;
}

bool
hib_attached_take(HibDb *db, const char *account, const char *talk, const HibNetAttachment *rows,
                  size_t n, GError **error)
{
    HibInstant now = hib_db_now(db);
    for (size_t i = 0; i < MIN(n, (size_t)HIB_NET_ATTACHMENTS); i++) {
        const HibNetAttachment *one = &rows[i];
        const char *url = one->content_id ? NULL : where(one), *id = hib_db_new_id(db);
        if (one->kind > HIB_ATTACH_STICKER || (!one->content_id && !url))
            continue;
        const char *name = one->kind == HIB_ATTACH_FILE && one->title ? one->title : "";
        if (!hib_sql_attached_add(db, id, talk, account, (int64_t)i, one->kind, url,
                                  one->content_id, name, now, error) ||
            !hib_job_add(db, HIB_JOB_TALK_FETCH, NULL, id, NULL, now, NULL, error))
            return false;
    }
    return true;
}

/* What was kept is asked of the row that goes: the fetch may have ended since the list was read. */
static bool
drop(HibDb *db, const char *id, GError **error)
{
    HibSqlAttachedDrop *gone;
    return hib_jobs_cancel(db, HIB_JOB_TALK_FETCH, id, error) &&
           hib_sql_attached_drop(db, id, &gone, error) &&
           (!gone || !gone->kept_id || hib_kept_drop(db, gone->kept_id, error));
}

bool
hib_attached_drop(HibDb *db, const char *talk, GError **error)
{
    HibSqlAttachedOf *rows;
    size_t n;
    if (!hib_sql_attached_of(db, talk, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!drop(db, rows[i].id, error))
            return false;
    return true;
}

bool
hib_attached_forget(HibDb *db, const char *account, const char *author, GError **error)
{
    HibSqlAttachedOfAuthor *rows;
    size_t n;
    if (!hib_sql_attached_of_author(db, account, author, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!drop(db, rows[i].id, error))
            return false;
    return true;
}

/* Addresses are signed anew with each telling: what stands before the "?" counts. */
static bool
is_same_text(const char *a, const char *b)
{
    size_t n = a ? strcspn(a, "?") : 0, m = b ? strcspn(b, "?") : 0;
    return n == m && (n == 0 || memcmp(a, b, n) == 0);
}

bool
hib_attached_is_same(HibDb *db, const char *known, const HibNetAttachment *rows, size_t n)
{
    HibNetAttachment *before;
    size_t n_before;
    if (!n) /* a telling that leaves them out says nothing of them */
        return true;
    hib_net_attachments_read(hib_db_arena(db), known, &before, &n_before);
    if (n_before != MIN(n, (size_t)HIB_NET_ATTACHMENTS))
        return false;
    for (size_t i = 0; i < n_before; i++)
        if (before[i].kind != rows[i].kind || !is_same_text(before[i].url, rows[i].url) ||
            g_strcmp0(before[i].content_id, rows[i].content_id) != 0)
            return false;
    return true;
}

/* --- as they stand ----------------------------------------------------------------------------------------------------------------------- */
bool
hib_attached_fill(HibDb *db, HibTalk *talk, size_t n, GError **error)
{
    g_autoptr(GString) ids = g_string_new(NULL);
    g_autoptr(GHashTable) at = g_hash_table_new(g_str_hash, g_str_equal);
    HibSqlAttachedMany *rows;
    size_t n_rows;
    for (size_t i = 0; i < n; i++)
        if (talk[i].n_attachments) {
            g_string_append(ids, talk[i].id);
            g_hash_table_insert(at, (char *)(uintptr_t)talk[i].id, &talk[i]);
            talk[i].files = hib_arena_array(hib_db_arena(db), HibTalkFile, talk[i].n_attachments);
        }
    guint n_with = g_hash_table_size(at);
    if (!n_with)
        return true;
    if (!hib_sql_attached_many(db, ids->str, n_with, &rows, &n_rows, error))
        return false;
    for (size_t i = 0; i < n_rows; i++) {
        HibTalk *one = g_hash_table_lookup(at, rows[i].talk_id);
        if (!one || rows[i].ordinal < 0 || (size_t)rows[i].ordinal >= one->n_attachments)
            continue;
        one->files[rows[i].ordinal] = (HibTalkFile){.id = rows[i].id,
                                                    .state = (HibFileState)rows[i].state,
                                                    .name = rows[i].name,
                                                    .shown = (int)rows[i].kind,
                                                    .has_thumb = rows[i].has_thumb,
                                                    .mime = rows[i].mime,
                                                    .bytes = rows[i].bytes,
                                                    .width = (int)rows[i].width,
                                                    .height = (int)rows[i].height,
                                                    .duration_ms = rows[i].duration_ms};
    }
    return true;
}

bool
hib_attached_kept(HibDb *db, const char *file, const char **ret_kept, GError **error)
{
    HibSqlAttachedGet *row;
    if (!hib_sql_attached_get(db, file, &row, error))
        return false;
    *ret_kept = row ? row->kept_id : NULL;
    if (!row)
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "engage.file_unknown", "no file %s", file);
    else if (row->state == HIB_FILE_GONE)
        hib_error_set(error, HIB_ERROR_GONE, "engage.file_gone", "the network has it no longer");
    else if (!row->kept_id)
        hib_error_set(error, HIB_ERROR_CONFLICT, "engage.file_not_here", "state %d",
                      (int)row->state);
    return *ret_kept != NULL && row->state == HIB_FILE_READY;
}

/* --- the job -------------------------------------------------------------------------------------------------------------------------------- */
typedef struct {
    const HibSqlAttachedGet *file;
    HibNetContent content;
} Fetch;

static HibNetResult
fetch_now(const HibNetContext *net, const HibNetwork *network, const HibGrant *grant, void *data)
{
    Fetch *fetch = data;
    const HibSqlAttachedGet *file = fetch->file;
    if (file->content_id && network->read_content)
        return network->read_content(net, grant, file->content_id, &fetch->content);
    if (file->url)
        return hib_net_fetch(net, grant->service, file->url, &fetch->content);
    return (HibNetResult){.class = HIB_NET_FATAL, .code = "", .message = "", .remaining = -1};
}

static bool
end(HibDb *db, const HibSqlAttachedGet *file, HibFileState state, GError **error)
{
    int64_t changed;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_sql_attached_end(db, file->id, state, &changed, error) &&
           (!changed || hib_event_emit(db, "thread.changed", file->thread_id, NULL, error)) &&
           hib_tx_commit(tx, error);
}

/* Taken away meanwhile, it is not kept: the row that keeps it goes with the transaction. */
static bool
keep(HibDb *db, const HibSqlAttachedGet *file, HibKept *kept, GError **error)
{
    int64_t changed;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_kept_add(db, kept, error) ||
        !hib_sql_attached_ready(db, file->id, kept->id, &changed, error))
        return false;
    return !changed || (hib_event_emit(db, "thread.changed", file->thread_id, NULL, error) &&
                        hib_tx_commit(tx, error));
}

static bool
look(HibDb *db, const HibServices *services, const HibSqlAttachedGet *file, HibBlobDraft *draft,
     GError **error)
{
    HibKept kept;
    g_autoptr(GError) failure = NULL;
    bool wants_picture = file->kind == HIB_ATTACH_IMAGE || file->kind == HIB_ATTACH_STICKER ||
                         file->kind == HIB_ATTACH_VIDEO;
    if (hib_kept_look(db, services, draft, file->name, wants_picture, &kept, &failure))
        return keep(db, file, &kept, error);
    if (hib_error_is(failure, HIB_ERROR_INVALID)) {
        hib_log(HIB_INFO, "engage.file_refused", "file", file->id, "reason",
                hib_error_reason(failure), NULL);
        return end(db, file, HIB_FILE_REFUSED, error);
    }
    g_propagate_error(error, g_steal_pointer(&failure));
    return false;
}

/* Later, ever more rarely; *ret 0: never again. */
static HibInstant
again_at(const HibNetResult *said, const Fetch *fetch, HibInstant now)
{
    HibDuration passed = now - fetch->file->asked_at;
    bool is_passing = said->class == HIB_NET_RETRY_SAME || said->class == HIB_NET_RETRY_AFTER ||
                      said->class == HIB_NET_RECONCILE || said->class == HIB_NET_WAIT_ASYNC ||
                      said->class == HIB_NET_QUOTA;
    if (said->class == HIB_NET_REAUTH_HUMAN || said->class == HIB_NET_BLOCKED)
        return passed < HUMAN_GIVES_UP ? now + HUMAN_LATER : 0;
    if (fetch->content.is_full || (is_passing && passed < GIVE_UP))
        return MAX(said->retry_at, now + CLAMP(passed, FIRST_WAIT, LONGEST_WAIT));
    return 0;
}

static bool
settle(HibDb *db, const HibServices *services, Fetch *fetch, const HibNetResult *said,
       HibBlobDraft *draft, HibInstant *ret_again, GError **error)
{
    const HibNetContent *content = &fetch->content;
    *ret_again = 0;
    if (said->class == HIB_NET_OK)
        return content->is_over ? end(db, fetch->file, HIB_FILE_TOO_LARGE, error)
                                : look(db, services, fetch->file, draft, error);
    if (content->is_gone || content->is_spoilt)
        return end(db, fetch->file, content->is_gone ? HIB_FILE_GONE : HIB_FILE_REFUSED, error);
    *ret_again = again_at(said, fetch, hib_db_now(db));
    if (*ret_again)
        return true;
    hib_log(HIB_WARN, "engage.file_not_fetched", "file", fetch->file->id, "class",
            hib_net_class_name(said->class), NULL);
    return end(db, fetch->file, HIB_FILE_UNREACHABLE, error);
}

bool
hib_engage_fetch_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                     HibInstant *ret_at, GError **error)
{
    const HibServices *services = context;
    HibSqlAttachedGet *file;
    HibNetResult said;
    g_autoptr(GError) failure = NULL;
    *ret_end = HIB_JOB_DONE;
    if (!hib_sql_attached_get(db, job->subject, &file, error))
        return false;
    if (!file || file->state != HIB_FILE_FETCHING)
        return true;
    const char *name = hib_arena_printf(hib_db_arena(db), "attached-%s", file->id);
    g_autoptr(HibBlobDraft) draft = hib_blob_draft_open(services->blobs, name, error);
    if (!draft || !hib_blob_draft_write(draft, 0, "", 0, error)) /* what a crash left */
        return false;
    bool is_seen = file->kind == HIB_ATTACH_IMAGE || file->kind == HIB_ATTACH_STICKER;
    Fetch fetch = {
        .file = file,
        .content = {.fd = hib_blob_draft_fd(draft),
                    .most = is_seen ? HIB_LIMIT_UPLOAD_BYTES : HIB_LIMIT_ATTACHED_BYTES}};
    bool is_done =
        hib_accounts_call(db, services, file->account_id, fetch_now, &fetch, &said, &failure);
    if (is_done)
        is_done = settle(db, services, &fetch, &said, draft, ret_at, error);
    else if (hib_error_is(failure, HIB_ERROR_NOT_FOUND)) /* disconnected */
        is_done = end(db, file, HIB_FILE_UNREACHABLE, error);
    else
        g_propagate_error(error, g_steal_pointer(&failure));
    *ret_end = is_done && *ret_at ? HIB_JOB_AGAIN : HIB_JOB_DONE;
    hib_blob_draft_drop(draft); /* what was kept has its own name by now */
    return is_done;
}
