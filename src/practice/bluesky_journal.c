/* The face's memory over a restart: one JSON line a change, read back in order. A last line cut off by a crash is left out; damage
 * anywhere else is said. */
#include "networks/bluesky.h"
#include "practice/bluesky_face_private.h"

#include <errno.h>
#include <string.h>

static void
write_line(HibFace *face, cJSON *line)
{
    char *text = cJSON_PrintUnformatted(line);
    cJSON_Delete(line);
    if (!text)
        return;
    fputs(text, face->journal);
    fputc('\n', face->journal);
    fflush(face->journal);
    cJSON_free(text);
}

void
hib_face_journal_put(HibFace *face, const FaceAccount *account, const FacePost *post)
{
    if (!face->journal)
        return;
    cJSON *line = cJSON_CreateObject();
    cJSON_AddStringToObject(line, "op", "put");
    cJSON_AddStringToObject(line, "did", account->did);
    cJSON_AddStringToObject(line, "rkey", post->rkey);
    cJSON_AddNumberToObject(line, "arrived", (double)post->arrived_at);
    cJSON_AddNumberToObject(line, "created", (double)post->created_at);
    cJSON_AddNumberToObject(line, "graphemes", post->graphemes);
    cJSON_AddNumberToObject(line, "images", post->n_images);
    if (post->topic)
        cJSON_AddStringToObject(line, "topic", post->topic);
    cJSON_AddStringToObject(line, "text", post->text);
    cJSON_AddStringToObject(line, "record", post->record);
    write_line(face, line);
}

void
hib_face_journal_delete(HibFace *face, const FaceAccount *account, const char *rkey, HibInstant at)
{
    if (!face->journal)
        return;
    cJSON *line = cJSON_CreateObject();
    cJSON_AddStringToObject(line, "op", "delete");
    cJSON_AddStringToObject(line, "did", account->did);
    cJSON_AddStringToObject(line, "rkey", rkey);
    cJSON_AddNumberToObject(line, "at", (double)at);
    write_line(face, line);
}

static bool
replay(HibFace *face, HibArena *arena, const char *text, size_t n)
{
    HibJson in = {0};
    FaceFacts facts = {0};
    const char *op = NULL;
    const char *did = NULL;
    int64_t graphemes = 0;
    int64_t images = 0;
    if (!hib_json_parse(arena, text, n, &in, NULL) || !hib_json_text(in, "op", &op, NULL) ||
        !hib_json_text(in, "did", &did, NULL) || !hib_json_text(in, "rkey", &facts.rkey, NULL) ||
        !hib_tid_valid(facts.rkey))
        return false;
    FaceAccount *account = hib_face_account(face, did);
    if (!account)
        return true; /* an account that is no longer played */
    if (!strcmp(op, "delete")) {
        HibInstant at = 0; /* older journals do not say */
        (void)hib_json_opt_int(in, "at", &at, NULL);
        (void)hib_face_delete(face, account, facts.rkey, at);
        return true;
    }
    if (!hib_json_text(in, "text", &facts.text, NULL) ||
        !hib_json_text(in, "record", &facts.record, NULL) ||
        !hib_json_int(in, "arrived", &facts.arrived_at, NULL) ||
        !hib_json_int(in, "created", &facts.created_at, NULL) ||
        !hib_json_int(in, "graphemes", &graphemes, NULL) ||
        !hib_json_int(in, "images", &images, NULL) ||
        !hib_json_opt_text(in, "topic", &facts.topic, NULL))
        return false;
    facts.graphemes = (int)graphemes;
    facts.n_images = (int)images;
    (void)hib_face_put(face, account, &facts);
    return true;
}

static bool
read_back(HibFace *face, const char *all, size_t n, size_t *ret_good, GError **error)
{
    size_t at = 0;
    while (at < n) {
        const char *end = memchr(all + at, '\n', n - at);
        if (!end)
            break; /* the process died while it wrote this line */
        g_autoptr(HibArena) arena = hib_arena_new();
        size_t length = (size_t)(end - (all + at));
        if (!replay(face, arena, all + at, length)) {
            hib_error_set(error, HIB_ERROR_CORRUPT, "practice.journal_damaged",
                          "the journal does not read at byte %zu", at);
            return false;
        }
        at += length + 1;
    }
    *ret_good = at;
    return true;
}

static bool
open_journal(HibFace *face, const char *path, GError **error)
{
    g_autofree char *all = NULL;
    gsize n = 0;
    size_t good = 0;
    if (g_file_get_contents(path, &all, &n, NULL) && !read_back(face, all, n, &good, error))
        return false;
    memset(&face->counts, 0, sizeof face->counts);
    for (size_t i = 0; i < face->n_accounts; i++)
        face->counts.n_live += g_tree_nnodes(face->accounts[i].posts);
    if (good < n && !g_file_set_contents_full(path, all, (gssize)good,
                                              G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL)) {
        hib_error_set(error, HIB_ERROR_INTERNAL, "practice.journal_unwritable", "cannot mend %s",
                      path);
        return false;
    }
    face->journal = fopen(path, "ae");
    if (!face->journal)
        hib_error_set(error, HIB_ERROR_INTERNAL, "practice.journal_unwritable",
                      "cannot write %s: %s", path, g_strerror(errno));
    return face->journal != NULL;
}

bool
hib_face_journal_open(HibFace *face, const char *path, GError **error)
{
    bool is_open = open_journal(face, path, error);
    if (!is_open && error && *error)
        hib_error_set_detail(*error, "path", path);
    return is_open;
}
