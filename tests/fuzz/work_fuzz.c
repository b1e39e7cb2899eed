/* Fuzz target: the words between the server and its media child, in both directions. Whatever the bytes, the parsers stay inside them; what they take is printed and taken
 * again as the same, every text ends and has only the letters of names, and a reply that is taken is a likely one. */
#include "media/worker/work.h"
#include <glib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check_text(const char text[HIB_WORK_TEXT])
{
    g_assert_nonnull(memchr(text, '\0', HIB_WORK_TEXT));
    for (const char *c = text; *c != '\0'; c++)
        g_assert_true(g_ascii_isalnum(*c) || strchr("_-./+", *c) != NULL);
}

static void
check_reply(const char *text, size_t n)
{
    HibWorkReply reply, again;
    char out[HIB_WORK_MESSAGE];
    if (!hib_work_reply_parse(text, n, &reply))
        return;
    check_text(reply.fault);
    check_text(reply.mime);
    check_text(reply.video_codec);
    check_text(reply.audio_codec);
    g_assert_true(*reply.fault != '\0' || (reply.width > 0 && reply.height > 0));
    g_assert_cmpint(MAX(reply.width, reply.height), <=, 65535);
    const size_t n_out = hib_work_reply_print(&reply, out, sizeof out);
    g_assert_cmpuint(n_out, >, 0);
    g_assert_true(hib_work_reply_parse(out, n_out, &again));
    g_assert_cmpint(memcmp(&reply, &again, sizeof reply), ==, 0);
}

static void
check_request(const char *text, size_t n)
{
    HibWork work, again;
    char out[HIB_WORK_MESSAGE];
    if (!hib_work_parse(text, n, &work))
        return;
    check_text(work.type);
    check_text(work.mime);
    check_text(work.second);
    g_assert_cmpint(work.kind, <, HIB_WORK_N);
    const size_t n_out = hib_work_print(&work, out, sizeof out);
    g_assert_cmpuint(n_out, >, 0);
    g_assert_true(hib_work_parse(out, n_out, &again));
    g_assert_cmpint(memcmp(&work, &again, sizeof work), ==, 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    double progress = -1;
    g_autofree char *copy = g_memdup2(data, n); /* exactly as long: a byte too far is seen */
    const char *text = n > 0 ? copy : "";
    check_reply(text, n);
    check_request(text, n);
    if (hib_work_progress_parse(text, n, &progress))
        g_assert_true(progress >= 0 && progress <= 1);
    return 0;
}
