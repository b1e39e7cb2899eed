/* The web page: files from the binary, and index.html for every address of the page's own.
 *
 * Files are prepared once, one response a form (plain, gzip, br), and queued by the thousand. index.html is put together for
 * each visit: the data the first screen needs and the modules it will ask for, so that the browser asks for nothing twice. It is
 * packed when it is worth it, with a filling of random length, because it holds the session's CSRF token beside texts that
 * others may have written: the packed length must not tell whether one contains the other (BREACH). */
#include "base/json.h"
#include "base/secrets.h"
#include "http/server_private.h"

#include <string.h>
#include <zlib.h>

#define PACKED_FROM 1400 /* what fits into one packet is not packed */
#define MOST_FILLING 64

typedef struct {
    const HibAsset *asset;
    struct MHD_Response *plain, *gzip, *br, *unchanged;
} File;

struct HibPages {
    GHashTable *files; /* path → File */
    const HibAsset *index;
    cJSON *manifest; /* Vite's; NULL where the page was built without */
};

static void
file_free(void *data)
{
    File *file = data;
    struct MHD_Response *all[] = {file->plain, file->gzip, file->br, file->unchanged};
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        if (all[i] != NULL)
            MHD_destroy_response(all[i]);
    }
    g_free(file);
}

static struct MHD_Response *
prepare(const HibServer *server, const HibAsset *asset, const void *data, size_t n,
        const char *encoding)
{
    if (data == NULL)
        return NULL;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(n, (void *)(uintptr_t)data, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, "Content-Type", asset->content_type);
    MHD_add_response_header(response, "ETag", asset->etag);
    MHD_add_response_header(response, "Vary", "Accept-Encoding");
    MHD_add_response_header(response, "Cache-Control",
                            asset->is_immutable ? "public, max-age=31536000, immutable"
                                                : "no-cache");
    if (encoding != NULL)
        MHD_add_response_header(response, "Content-Encoding", encoding);
    hib_response_secure(server, response);
    return response;
}

HibPages *
hib_pages_new(const HibServer *server, const HibAsset *assets)
{
    HibPages *pages = g_new0(HibPages, 1);
    pages->files = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, file_free);
    for (const HibAsset *a = assets; a != NULL && a->path != NULL; a++) {
        if (strcmp(a->path, "/.vite/manifest.json") == 0) {
            pages->manifest = cJSON_ParseWithLength(a->plain, a->n_plain);
            continue;
        }
        if (strcmp(a->path, "/index.html") == 0) {
            pages->index = a;
            continue;
        }
        File *file = g_new0(File, 1);
        file->asset = a;
        file->plain = prepare(server, a, a->plain, a->n_plain, NULL);
        file->gzip = prepare(server, a, a->gzip, a->n_gzip, "gzip");
        file->br = prepare(server, a, a->br, a->n_br, "br");
        file->unchanged = prepare(server, a, "", 0, NULL);
        g_hash_table_insert(pages->files, (char *)(uintptr_t)a->path, file);
    }
    return pages;
}

void
hib_pages_free(HibPages *pages)
{
    if (pages == NULL)
        return;
    g_hash_table_unref(pages->files);
    cJSON_Delete(pages->manifest);
    g_free(pages);
}

/* "br;q=0" and words that only contain the name are not the name. */
static bool
accepts(const char *header, const char *encoding)
{
    size_t n = strlen(encoding);
    for (const char *p = header; p != NULL && *p != '\0'; p += strcspn(p, ",")) {
        p += strspn(p, ", ");
        if (g_ascii_strncasecmp(p, encoding, n) != 0 || !strchr(" ,;", p[n]))
            continue;
        const char *q = p + n + strspn(p + n, " ;");
        return p[n] != ';' || g_ascii_strncasecmp(q, "q=", 2) != 0 ||
               g_ascii_strtod(q + 2, NULL) > 0;
    }
    return false;
}

bool
hib_pages_answer(HibPages *pages, HibCall *call, bool *ret_is_page)
{
    const char *last = strrchr(call->path, '/');
    *ret_is_page = pages->index != NULL && (last == NULL || strchr(last, '.') == NULL ||
                                            strcmp(call->path, "/index.html") == 0);
    const File *file = g_hash_table_lookup(pages->files, call->path);
    if (file == NULL)
        return false;
    const char *encodings = hib_call_header(call, "Accept-Encoding");
    struct MHD_Response *response = file->plain;
    if (file->br != NULL && accepts(encodings, "br"))
        response = file->br;
    else if (file->gzip != NULL && accepts(encodings, "gzip"))
        response = file->gzip;
    bool is_same = hib_etag_matches(hib_call_header(call, "If-None-Match"), file->asset->etag);
    return MHD_queue_response(call->connection, is_same ? 304 : 200,
                              is_same ? file->unchanged : response) == MHD_YES;
}

/* --- index.html ----------------------------------------------------------------------------------------- */
static const char *
file_of(const cJSON *chunk)
{
    const cJSON *file = cJSON_GetObjectItemCaseSensitive(chunk, "file");
    return cJSON_IsString(file) ? file->valuestring : NULL;
}

/* Links for a chunk and what it imports, each once. The manifest comes from our own build: it is a tree of few levels. */
static void
add_links(const cJSON *manifest, const char *key, GHashTable *seen, GString *out)
{
    const cJSON *chunk = cJSON_GetObjectItemCaseSensitive(manifest, key);
    if (chunk == NULL || file_of(chunk) == NULL || !g_hash_table_add(seen, chunk->string) ||
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(chunk, "isEntry")))
        return; /* the entry is in the page already */
    g_string_append_printf(out, "<link rel=\"modulepreload\" crossorigin href=\"/%s\">",
                           file_of(chunk));
    const cJSON *each = NULL;
    cJSON_ArrayForEach(each, cJSON_GetObjectItemCaseSensitive(chunk, "css"))
    {
        if (cJSON_IsString(each))
            g_string_append_printf(out, "<link rel=\"stylesheet\" crossorigin href=\"/%s\">",
                                   each->valuestring);
    }
    cJSON_ArrayForEach(each, cJSON_GetObjectItemCaseSensitive(chunk, "imports"))
    {
        if (cJSON_IsString(each))
            add_links(manifest, each->valuestring, seen, out);
    }
}

/* The screen of "/queue/…" is src/screens/Queue.svelte, that of "/" Today.svelte; who is not signed in gets SignIn. */
static char *
screen_key(HibCall *call)
{
    if (hib_call_person(call) == NULL)
        return g_strdup("src/screens/SignIn.svelte");
    size_t n = strcspn(call->path + 1, "/");
    if (n == 0)
        return g_strdup("src/screens/Today.svelte");
    g_autofree char *name = g_strndup(call->path + 1, n);
    name[0] = g_ascii_toupper(name[0]);
    return g_strdup_printf("src/screens/%s.svelte", name);
}

/* '<' stands only inside JSON's strings; escaped, no text can end the script element. */
static void
add_boot(HibCall *call, GString *out)
{
    const HibServerOptions *options = &call->server->options;
    g_autofree char *boot =
        options->boot != NULL ? options->boot(call, call->path, options->context) : NULL;
    if (boot == NULL)
        return;
    g_string_append(out, "<script type=\"application/json\" id=\"boot\">");
    for (const char *p = boot; *p != '\0'; p++) {
        if (*p == '<')
            g_string_append(out, "\\u003c");
        else
            g_string_append_c(out, *p);
    }
    g_string_append(out, "</script>");
}

static void
add_filling(GString *out)
{
    unsigned char random[MOST_FILLING];
    hib_random_bytes(random, sizeof random);
    g_string_append(out, "<!-- ");
    for (size_t i = 0; i <= random[0] % (MOST_FILLING - 1); i++)
        g_string_append_printf(out, "%02x", random[i + 1]);
    g_string_append(out, " -->");
}

/* gzip of `text`, taken over by the caller; NULL where it gains nothing. */
static char *
packed(const GString *text, size_t *ret_n)
{
    z_stream z = {0};
    if (deflateInit2(&z, 5, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return NULL;
    g_autofree char *out = g_malloc(text->len);
    z.next_in = (Bytef *)(void *)text->str;
    z.avail_in = (uInt)text->len;
    z.next_out = (Bytef *)(void *)out;
    z.avail_out = (uInt)text->len;
    bool is_done = deflate(&z, Z_FINISH) == Z_STREAM_END;
    *ret_n = z.total_out;
    deflateEnd(&z);
    return is_done ? g_steal_pointer(&out) : NULL;
}

void
hib_pages_run(HibPages *pages, HibCall *call)
{
    g_autoptr(GString) extra = g_string_new(NULL);
    if (pages->manifest != NULL) {
        g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
        g_autofree char *screen = screen_key(call);
        g_autofree char *messages = g_strconcat("virtual:messages/", hib_call_locale(call), NULL);
        add_links(pages->manifest, messages, seen, extra);
        add_links(pages->manifest, screen, seen, extra);
    }
    add_filling(extra);
    add_boot(call, extra);
    GString *page = g_string_new_len(pages->index->plain, (gssize)pages->index->n_plain);
    const char *head_end = strstr(page->str, "</head>");
    g_string_insert(page, head_end != NULL ? head_end - page->str : (gssize)page->len, extra->str);
    size_t n = page->len;
    char *small = NULL;
    hib_call_set_header(call, "Vary", "Accept-Encoding");
    if (page->len > PACKED_FROM && accepts(hib_call_header(call, "Accept-Encoding"), "gzip"))
        small = packed(page, &n);
    if (small != NULL) {
        g_string_free(page, TRUE);
        hib_call_set_header(call, "Content-Encoding", "gzip");
        hib_call_respond(call, 200, pages->index->content_type, "no-store", small, n);
        return;
    }
    n = page->len;
    hib_call_respond(call, 200, pages->index->content_type, "no-store", g_string_free(page, FALSE),
                     n);
}
