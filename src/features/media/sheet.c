/* Spreadsheets: the media child reads the package, this side hands it the bytes and takes CSV back. Both lie in memory; no file has a name. */
#include "base/error.h"
#include "media/media_private.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define DEADLINE_MS 30000
#define WAIT_MS 10000 /* for a free child */
#define MEMORY_MB 1536
#define CSV_BYTES (96 * 1024 * 1024)

/* What the child says of pictures, said of a sheet. */
static void
say_of_sheet(GError **fault, GError **error)
{
    g_autoptr(GError) said = g_steal_pointer(fault);
    const char *reason = hib_error_reason(said);
    if (!hib_error_is(said, HIB_ERROR_INVALID))
        g_propagate_error(error, g_steal_pointer(&said));
    else if (g_str_equal(reason, "media.fit_bytes") ||
             g_str_equal(reason, "media.too_large_to_decode") ||
             g_str_equal(reason, "media.took_too_long"))
        hib_error_set(error, HIB_ERROR_TOO_LARGE, "table.sheet_too_large", "%s", said->message);
    else
        hib_error_set(error, HIB_ERROR_INVALID, "table.bad_sheet", "%s", said->message);
}

static bool
take_out(int fd, GBytes **ret)
{
    const off_t n = lseek(fd, 0, SEEK_END);
    if (n < 0 || n > CSV_BYTES || lseek(fd, 0, SEEK_SET) != 0)
        return false;
    char *text = g_malloc((gsize)n + 1);
    size_t got = 0;
    while (got < (size_t)n) {
        const ssize_t piece = read(fd, text + got, (size_t)n - got);
        if (piece <= 0) {
            g_free(text);
            return false;
        }
        got += (size_t)piece;
    }
    *ret = g_bytes_new_take(text, got);
    return true;
}

static bool
run(const HibServices *services, int in, int out, GBytes **ret, GError **error)
{
    const HibWork work = {.kind = HIB_WORK_SHEET,
                          .type = "application/zip",
                          .max_bytes = CSV_BYTES,
                          .cpu_s = DEADLINE_MS / 1000,
                          .memory_mb = MEMORY_MB};
    const HibChildTask task = {.work = &work, .in = in, .out = out, .deadline_ms = DEADLINE_MS};
    HibWorkReply reply;
    GError *fault = NULL;
    if (!hib_media_workers_take(services->media_workers, false, WAIT_MS)) {
        hib_error_set(error, HIB_ERROR_BUSY, "store.busy", "no media child is free");
        return false;
    }
    const bool is_read = hib_child_run(services->media_workers, &task, &reply, &fault);
    hib_media_workers_give(services->media_workers, false);
    if (!is_read)
        say_of_sheet(&fault, error);
    else if (!take_out(out, ret))
        hib_error_set(error, HIB_ERROR_INVALID, "table.bad_sheet", "nothing came out");
    return is_read && *ret;
}

bool
hib_media_sheet_to_csv(const HibServices *services, GBytes *sheet, GBytes **ret, GError **error)
{
    gsize n = 0;
    const void *data = g_bytes_get_data(sheet, &n);
    const int in = hib_child_memory(data, n), out = hib_child_memory(NULL, 0);
    *ret = NULL;
    bool is_read = false;
    if (in < 0 || out < 0)
        hib_error_set(error, HIB_ERROR_INTERNAL, "media.no_worker", "%s", g_strerror(errno));
    else
        is_read = run(services, in, out, ret, error);
    if (in >= 0)
        close(in);
    if (out >= 0)
        close(out);
    return is_read;
}
