/* Event streams: one ring of the last events, and a suspended connection for each listener.
 *
 * The store's listener puts an event's text into the ring once and wakes the streams of its workspace; each copies from the
 * ring at its own pace. A stream that has nothing to say is suspended and costs nothing; one that fell a whole ring behind
 * is told to reload ("reset"). A stream ends after ten minutes so that its right to listen is looked at again, and at once
 * when an event says that rights may have changed; the page then opens it anew and goes on where it was. */
#include "base/error.h"
#include "base/limits.h"
#include "base/time.h"
#include "http/server_private.h"
#include "http/shape_private.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#define RING 1024
#define LIFE_US (10 * HIB_MINUTE)
#define MAX_STREAMS (HIB_LIMIT_CONNECTIONS / 2)
#define RETRY_MS 2000

typedef struct {
    int64_t number; /* 0: told only, cannot be asked for again */
    char *workspace, *text;
} Slot;

typedef struct HibStream {
    struct HibStream *previous, *next;
    HibStreams *owner;
    struct MHD_Connection *connection;
    char *workspace, *person;
    int fd;
    uint64_t at;      /* place in the ring of the next event to look at */
    GString *pending; /* taken from the ring, not sent yet */
    size_t n_sent;
    bool is_suspended, needs_beat, is_ending;
    int64_t since, last_sent;
} HibStream;

struct HibStreams {
    HibLoop *loop;
    pthread_mutex_t lock;
    HibStream *first;
    int n_streams;
    bool is_stopping;
    uint64_t head;     /* place of the next event; the ring holds [tail, head) */
    int64_t forgotten; /* the highest number that is no longer in the ring; -1: none came yet */
    int64_t heartbeat_us;
    Slot ring[RING];
};

HibStreams *
hib_streams_new(HibLoop *loop, int64_t heartbeat_us)
{
    HibStreams *streams = g_new0(HibStreams, 1);
    streams->loop = loop;
    pthread_mutex_init(&streams->lock, NULL);
    streams->heartbeat_us = heartbeat_us;
    streams->forgotten = -1;
    return streams;
}

void
hib_streams_free(HibStreams *streams)
{
    if (streams == NULL)
        return;
    for (size_t i = 0; i < RING; i++) {
        g_free(streams->ring[i].workspace);
        g_free(streams->ring[i].text);
    }
    pthread_mutex_destroy(&streams->lock);
    g_free(streams);
}

int
hib_streams_count(HibStreams *streams)
{
    pthread_mutex_lock(&streams->lock);
    int n = streams->n_streams;
    pthread_mutex_unlock(&streams->lock);
    return n;
}

static uint64_t
tail_of(const HibStreams *streams)
{
    return streams->head > RING ? streams->head - RING : 0;
}

/* The lock is held. */
static void
wake(HibStream *stream)
{
    if (!stream->is_suspended)
        return;
    stream->is_suspended = false;
    hib_loop_resume(stream->owner->loop, stream->connection);
}

/* Nobody reads a suspended connection, so nobody hears that its other end has gone. */
static bool
is_left(const HibStream *stream)
{
    struct tcp_info info = {0};
    socklen_t n = sizeof info;
    return getsockopt(stream->fd, IPPROTO_TCP, TCP_INFO, &info, &n) == 0 &&
           info.tcpi_state != TCP_ESTABLISHED;
}

/* After these kinds somebody may no longer be who they were: everybody of the workspace is, or, where a person's session ended
 * somewhere (no workspace), that person is, looked at anew. */
static bool
is_about_rights(const char *kind)
{
    static const char *const kinds[] = {"member.changed", "member.removed", "token.revoked",
                                        "session.ended", NULL};
    return g_strv_contains(kinds, kind);
}

static bool
ends_with(const HibStream *stream, const HibEvent *event)
{
    if (!is_about_rights(event->kind))
        return false;
    return *event->workspace != '\0' ? strcmp(stream->workspace, event->workspace) == 0
                                     : g_strcmp0(stream->person, event->subject) == 0;
}

/* --- an event ------------------------------------------------------------------------------------------- */
static char *
event_text(const HibEvent *event)
{
    char at[HIB_INSTANT_TEXT];
    GString *text = g_string_sized_new(256);
    if (event->number > 0)
        g_string_append_printf(text, "id: %" G_GINT64_FORMAT "\n", event->number);
    g_string_append_printf(text, "event: %s\ndata: {\"subject\":", event->kind);
    hib_shape_print_text(event->subject, text);
    g_string_append_printf(text, ",\"at\":\"%s\",\"data\":", hib_instant_format(event->at, at));
    gsize from = text->len;
    g_string_append(text, event->json != NULL && event->json[0] != '\0' ? event->json : "null");
    g_strdelimit(text->str + from, "\r\n", ' '); /* a line end would end the field */
    g_string_append(text, "}\n\n");
    return g_string_free(text, FALSE);
}

void
hib_streams_event(const HibEvent *event, void *data)
{
    HibStreams *streams = data;
    char *text = event_text(event);
    pthread_mutex_lock(&streams->lock);
    Slot *slot = &streams->ring[streams->head % RING];
    if (slot->text != NULL && slot->number > 0)
        streams->forgotten = slot->number;
    else if (streams->forgotten < 0 && event->number > 0)
        streams->forgotten = event->number - 1; /* what came before this process is not known */
    g_free(slot->text);
    g_free(slot->workspace);
    *slot = (Slot){.number = event->number, .workspace = g_strdup(event->workspace), .text = text};
    uint64_t place = streams->head++;
    for (HibStream *s = streams->first; s != NULL; s = s->next) {
        s->is_ending |= ends_with(s, event);
        if (s->is_ending || strcmp(s->workspace, event->workspace) == 0)
            wake(s);
        else if (
            s->at ==
            place) /* nothing waits for it: pass over, so that others' events never cost it a reset */
            s->at = streams->head;
    }
    pthread_mutex_unlock(&streams->lock);
}

void
hib_streams_tick(HibStreams *streams, int64_t now)
{
    pthread_mutex_lock(&streams->lock);
    for (HibStream *s = streams->first; s != NULL; s = s->next) {
        if (s->is_suspended && is_left(s))
            s->is_ending = true;
        else if (now - s->last_sent < streams->heartbeat_us && now - s->since < LIFE_US)
            continue;
        s->needs_beat = true;
        wake(s);
    }
    pthread_mutex_unlock(&streams->lock);
}

void
hib_streams_stop(HibStreams *streams)
{
    pthread_mutex_lock(&streams->lock);
    streams->is_stopping = true;
    for (HibStream *s = streams->first; s != NULL; s = s->next)
        wake(s);
    pthread_mutex_unlock(&streams->lock);
}

/* --- a stream ------------------------------------------------------------------------------------------- */
static void
collect(HibStream *stream)
{
    HibStreams *streams = stream->owner;
    g_string_truncate(stream->pending, 0);
    stream->n_sent = 0;
    if (stream->at < tail_of(streams)) {
        g_string_append(stream->pending, "event: reset\ndata: {}\n\n");
        stream->at = streams->head;
        return;
    }
    for (; stream->at < streams->head && stream->pending->len < 16384; stream->at++) {
        const Slot *slot = &streams->ring[stream->at % RING];
        if (strcmp(slot->workspace, stream->workspace) == 0)
            g_string_append(stream->pending, slot->text);
    }
}

static ssize_t
on_read(void *data, uint64_t position, char *out, size_t max)
{
    HibStream *stream = data;
    HibStreams *streams = stream->owner;
    ssize_t n = 0;
    int64_t now = hib_monotonic_us();
    pthread_mutex_lock(&streams->lock);
    if (stream->n_sent == stream->pending->len)
        collect(stream);
    if (stream->pending->len == 0 && stream->needs_beat)
        g_string_assign(stream->pending, ":\n\n");
    bool is_over = stream->pending->len == 0 && stream->is_ending;
    if (streams->is_stopping || is_over || (stream->n_sent == 0 && now - stream->since > LIFE_US)) {
        n = MHD_CONTENT_READER_END_OF_STREAM;
    } else if (stream->n_sent < stream->pending->len) {
        n = (ssize_t)MIN(max, stream->pending->len - stream->n_sent);
        memcpy(out, stream->pending->str + stream->n_sent, (size_t)n);
        stream->n_sent += (size_t)n;
        stream->last_sent = now;
        stream->needs_beat = false;
    } else {
        stream->is_suspended = true;
        MHD_suspend_connection(stream->connection);
    }
    pthread_mutex_unlock(&streams->lock);
    return n;
}

static void
on_free(void *data)
{
    HibStream *stream = data;
    HibStreams *streams = stream->owner;
    pthread_mutex_lock(&streams->lock);
    if (stream->next != NULL)
        stream->next->previous = stream->previous;
    if (stream->previous != NULL)
        stream->previous->next = stream->next;
    else
        streams->first = stream->next;
    streams->n_streams--;
    pthread_mutex_unlock(&streams->lock);
    g_string_free(stream->pending, TRUE);
    g_free(stream->workspace);
    g_free(stream->person);
    g_free(stream);
}

/* The lock is held. */
static bool
has_room_for(const HibStreams *streams, const char *person)
{
    int n_own = 0;
    for (const HibStream *s = streams->first; s != NULL; s = s->next)
        n_own += g_strcmp0(s->person, person) == 0;
    return streams->n_streams < MAX_STREAMS && n_own < HIB_LIMIT_STREAMS_PER_PERSON;
}

static void
refuse(HibCall *call)
{
    g_autoptr(GError) error = NULL;
    hib_error_set(&error, HIB_ERROR_BUSY, "http.busy", "too many event streams");
    hib_call_fail(call, error);
}

static HibStream *
stream_new(HibStreams *streams, HibCall *call)
{
    HibStream *stream = g_new0(HibStream, 1);
    stream->owner = streams;
    stream->connection = call->connection;
    stream->fd = call->conn->fd;
    stream->workspace = g_strdup(call->workspace);
    stream->person = g_strdup(call->caller.person);
    stream->pending = g_string_new(NULL);
    g_string_append_printf(stream->pending, "retry: %d\n\n", RETRY_MS);
    stream->since = stream->last_sent = hib_monotonic_us();
    return stream;
}

/* The number of the newest event told. The lock is held. */
static int64_t
newest_of(const HibStreams *streams)
{
    int64_t newest = streams->forgotten;
    for (uint64_t place = tail_of(streams); place < streams->head; place++)
        newest = MAX(newest, streams->ring[place % RING].number);
    return newest;
}

/* Where a listener that has seen event `last` goes on. A place before the ring makes it reload, and so does one that never was: the
 * database was put back from a backup since. The lock is held. */
static void
rewind_to(HibStreams *streams, HibStream *stream, const char *last)
{
    stream->at = streams->head;
    if (last == NULL)
        return;
    int64_t number = g_ascii_strtoll(last, NULL, 10);
    if (streams->forgotten < 0 || number < streams->forgotten || number > newest_of(streams)) {
        g_string_append(stream->pending, "event: reset\ndata: {}\n\n");
        return;
    }
    for (uint64_t place = tail_of(streams); place < streams->head; place++) {
        if (streams->ring[place % RING].number > number) {
            stream->at = place;
            return;
        }
    }
}

void
hib_streams_run(HibStreams *streams, HibCall *call)
{
    pthread_mutex_lock(&streams->lock);
    if (!has_room_for(streams, call->caller.person)) {
        pthread_mutex_unlock(&streams->lock);
        refuse(call);
        return;
    }
    HibStream *stream = stream_new(streams, call);
    rewind_to(streams, stream, hib_call_header(call, "Last-Event-ID"));
    stream->next = streams->first;
    if (stream->next != NULL)
        stream->next->previous = stream;
    streams->first = stream;
    streams->n_streams++;
    pthread_mutex_unlock(&streams->lock);

    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1024, on_read, stream, on_free);
    MHD_add_response_header(response, "Content-Type", "text/event-stream");
    MHD_add_response_header(response, "Cache-Control", "no-store");
    MHD_add_response_header(response, "X-Accel-Buffering", "no"); /* a proxy must not collect it */
    MHD_add_response_header(response, "X-Request-Id", call->id);
    hib_response_secure(call->server, response);
    call->response = response;
    call->status = 200;
}
