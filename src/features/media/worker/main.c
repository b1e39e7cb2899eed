/* The media child: one request in, one reply out, and the end. It is the only program that decodes what people and networks send.
 *
 * Everything that opens files (the libraries' own start) happens before a byte of the input is looked at; then the walls close (sandbox.c). */
#include "media/worker/worker.h"
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <vips/vector.h>

static bool
read_request(HibWork *work)
{
    char text[HIB_WORK_MESSAGE];
    size_t n = 0;
    while (n < sizeof text) {
        const ssize_t got = read(0, text + n, sizeof text - n);
        if (got < 0)
            return false;
        if (got == 0)
            break;
        n += (size_t)got;
    }
    return hib_work_parse(text, n, work);
}

/* What libraries warn of is nobody's to read; writing it would ask about the terminal, which the walls forbid. */
static GLogWriterOutput
say_nothing(GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
    return G_LOG_WRITER_HANDLED;
}

/* Of all the formats libvips knows those we take; each is a decoder that strangers reach. */
static bool
start_libraries(void)
{
    static const char *const taken[] = {"VipsForeignLoadJpeg", "VipsForeignLoadPng",
                                        "VipsForeignLoadWebp", "VipsForeignLoadNsgif",
                                        "VipsForeignLoadHeif"};
    mallopt(M_ARENA_MAX, 1); /* an arena of its own that shrinks asks a file of /proc how */
    g_log_set_writer_func(say_nothing, NULL, NULL);
    if (VIPS_INIT("hibiki-media") != 0)
        return false;
    vips_operation_block_set("VipsForeignLoad", TRUE);
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        vips_operation_block_set(taken[i], FALSE);
    vips_vector_set_enabled(FALSE); /* it writes machine code */
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    av_log_set_level(AV_LOG_QUIET);
    tzset();
    return true;
}

static HibFault
map_input(HibInput *ret)
{
    struct stat found;
    if (fstat(HIB_WORK_IN, &found) != 0 || found.st_size <= 0)
        return "damaged";
    ret->n = (size_t)found.st_size;
    ret->data = mmap(NULL, ret->n, PROT_READ, MAP_PRIVATE, HIB_WORK_IN, 0);
    return ret->data == MAP_FAILED ? "memory" : NULL;
}

static HibFault
do_film(const HibWork *work, HibWorkReply *reply)
{
    HibFilm film = {0};
    VipsImage *picture = NULL;
    HibFault fault = hib_film_open(work->type, &film);
    if (fault == NULL && work->kind == HIB_WORK_VIDEO)
        fault = hib_film_transcode(&film, work, reply);
    else if (fault == NULL)
        fault = hib_film_picture(&film, work->at_ms, &picture);
    if (fault == NULL && work->kind == HIB_WORK_COVER)
        fault = hib_picture_make(picture, work, reply);
    if (fault == NULL && work->kind == HIB_WORK_LOOK)
        fault = hib_picture_thumb(picture, work, reply);
    if (fault == NULL && work->kind == HIB_WORK_LOOK)
        hib_film_facts(&film, work->type, reply);
    hib_film_close(&film);
    return fault;
}

static HibFault
do_work(const HibWork *work, HibWorkReply *reply)
{
    if (work->kind == HIB_WORK_TRY) {
        hib_sandbox_try(work->mime);
        return "tried";
    }
    if (g_str_has_prefix(work->type, "video/") || work->kind == HIB_WORK_VIDEO)
        return do_film(work, reply);
    HibInput input = {0};
    VipsImage *picture = NULL;
    HibFault fault = map_input(&input);
    if (fault == NULL && work->kind == HIB_WORK_SHEET)
        return hib_sheet_read(&input, work, reply);
    if (fault == NULL && work->kind == HIB_WORK_LOOK)
        return hib_picture_look(&input, work, reply);
    if (fault == NULL)
        fault = hib_picture_open(&input, work->type, &picture);
    return fault != NULL ? fault : hib_picture_make(picture, work, reply);
}

int
main(void)
{
    HibWork work;
    HibWorkReply reply = {0};
    char text[HIB_WORK_MESSAGE];
    close(HIB_WORK_SELF);
    if (!read_request(&work) || !hib_sandbox_limit(&work) || !start_libraries() ||
        !hib_sandbox_close())
        _exit(3);
    HibFault fault = do_work(&work, &reply);
    if (fault != NULL) {
        memset(&reply, 0, sizeof reply);
        snprintf(reply.fault, sizeof reply.fault, "%s", fault);
    }
    const size_t n = hib_work_reply_print(&reply, text, sizeof text);
    _exit(n > 0 && write(1, text, n) == (ssize_t)n ? 0 : 4);
}
