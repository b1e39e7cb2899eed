/* Videos in the child, by libav: opened through the descriptor (a 1 GiB file is never in memory), described, and one frame as a picture.
 *
 * The demuxer is chosen by the server from the file's first bytes, never guessed here; nothing a file refers to is opened. */
#include "media/worker/worker.h"
#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
#include <libswscale/swscale.h>
#include <string.h>
#include <unistd.h>

#define BUFFER (64 * 1024)
#define MOST_PIXELS (8192 * 4352)
#define MOST_STREAMS 32
#define MOST_PACKETS 20000 /* looked at for one frame */
#define MOST_ATOMS 256

/* --- reading and writing at a place of one's own ------------------------------------------------------------------------ */
typedef struct {
    int fd;
    int64_t at, size;
} Place;

static int64_t
size_of(int fd)
{
    return (int64_t)lseek(fd, 0, SEEK_END);
}

static int
read_place(void *data, uint8_t *out, int n)
{
    Place *place = data;
    const ssize_t got = pread(place->fd, out, (size_t)n, place->at);
    if (got < 0)
        return AVERROR(errno);
    place->at += got;
    return got == 0 ? AVERROR_EOF : (int)got;
}

static int
write_place(void *data, uint8_t *from, int n)
{
    Place *place = data;
    int done = 0;
    while (done < n) {
        const ssize_t written = pwrite(place->fd, from + done, (size_t)(n - done), place->at);
        if (written <= 0)
            return AVERROR(errno);
        place->at += written;
        done += (int)written;
    }
    return done;
}

static int64_t
seek_place(void *data, int64_t to, int whence)
{
    Place *place = data;
    const int64_t size = size_of(place->fd);
    if (whence & AVSEEK_SIZE)
        return size;
    whence &= ~AVSEEK_FORCE;
    const int64_t from = whence == SEEK_CUR ? place->at : whence == SEEK_END ? size : 0;
    if (to < -from || to > INT64_MAX - from)
        return AVERROR(EINVAL);
    return place->at = from + to;
}

AVIOContext *
hib_film_io(int fd, bool is_writing)
{
    Place *place = g_new0(Place, 1);
    unsigned char *buffer = av_malloc(BUFFER);
    place->fd = fd;
    AVIOContext *io = buffer != NULL
                          ? avio_alloc_context(buffer, BUFFER, is_writing, place, read_place,
                                               is_writing ? write_place : NULL, seek_place)
                          : NULL;
    if (io == NULL) {
        av_free(buffer);
        g_free(place);
    }
    return io;
}

void
hib_film_io_free(AVIOContext *io)
{
    if (io == NULL)
        return;
    g_free(io->opaque);
    av_freep(&io->buffer);
    avio_context_free(&io);
}

/* --- opening ------------------------------------------------------------------------------------------------------------- */
static int
refuse_open(AVFormatContext *format, AVIOContext **io, const char *url, int flags,
            AVDictionary **options)
{
    return AVERROR(EPERM);
}

static const AVInputFormat *
demuxer_of(const char *type)
{
    if (g_str_equal(type, "video/mp4"))
        return av_find_input_format("mov");
    if (g_str_equal(type, "video/webm"))
        return av_find_input_format("matroska");
    return g_str_equal(type, "image/gif") ? av_find_input_format("gif") : NULL;
}

/* How far the picture must be turned clockwise to be shown. */
static int
turned_of(const AVStream *stream)
{
    const uint8_t *matrix = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, NULL);
    if (matrix == NULL)
        return 0;
    const double turn = -av_display_rotation_get((const int32_t *)(const void *)matrix);
    return turn == turn ? ((int)(turn + 360.0 + 45.0) / 90 * 90) % 360 : 0;
}

static HibFault
measure(HibFilm *film)
{
    const AVCodecParameters *par = film->video->codecpar;
    const AVRational sar = par->sample_aspect_ratio;
    if (par->width <= 0 || par->height <= 0)
        return "damaged";
    if ((int64_t)par->width * par->height > MOST_PIXELS)
        return "too_large";
    film->turned = turned_of(film->video);
    film->width = par->width;
    film->height = par->height;
    if (sar.num > 0 && sar.den > 0 && sar.num != sar.den)
        film->width = (int)CLAMP(av_rescale(par->width, sar.num, sar.den), 1, 16384);
    if (film->turned % 180 != 0) {
        const int width = film->width;
        film->width = film->height;
        film->height = width;
    }
    film->fps = film->video->avg_frame_rate;
    if (film->fps.num <= 0 || film->fps.den <= 0)
        film->fps = film->video->r_frame_rate;
    if (film->fps.num <= 0 || film->fps.den <= 0 || av_q2d(film->fps) > 1000)
        film->fps = (AVRational){25, 1};
    film->start_us = film->format->start_time == AV_NOPTS_VALUE ? 0 : film->format->start_time;
    film->duration_us = MAX(film->format->duration, 0);
    return NULL;
}

HibFault
hib_film_open(const char *type, HibFilm *ret)
{
    const AVInputFormat *demuxer = demuxer_of(type);
    AVIOContext *io = hib_film_io(HIB_WORK_IN, false);
    AVFormatContext *format = avformat_alloc_context();
    if (demuxer == NULL || io == NULL || format == NULL)
        return "memory";
    format->pb = io;
    format->io_open = refuse_open;
    format->max_streams = MOST_STREAMS;
    format->flags |= AVFMT_FLAG_CUSTOM_IO;
    if (avformat_open_input(&format, NULL, demuxer, NULL) != 0) {
        hib_film_io_free(io);
        return "damaged";
    }
    ret->format = format;
    if (avformat_find_stream_info(format, NULL) < 0)
        return "damaged";
    const int video = av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, NULL, 0);
    const int audio = av_find_best_stream(format, AVMEDIA_TYPE_AUDIO, -1, video, NULL, 0);
    if (video < 0)
        return "no_video";
    ret->video = format->streams[video];
    ret->audio = audio >= 0 ? format->streams[audio] : NULL;
    return measure(ret);
}

void
hib_film_close(HibFilm *film)
{
    AVIOContext *io = film->format != NULL ? film->format->pb : NULL;
    avformat_close_input(&film->format);
    hib_film_io_free(io);
}

/* --- facts --------------------------------------------------------------------------------------------------------------- */
static uint64_t
big(const uint8_t *from, int n)
{
    uint64_t value = 0;
    for (int i = 0; i < n; i++)
        value = value << 8 | from[i];
    return value;
}

/* Does the index stand before the content, so that playing can begin while it loads? */
static bool
is_faststart(int fd)
{
    uint64_t at = 0;
    for (int i = 0; i < MOST_ATOMS; i++) {
        uint8_t head[16];
        if (at > INT64_MAX || pread(fd, head, sizeof head, (off_t)at) < 8)
            return false;
        if (memcmp(head + 4, "moov", 4) == 0)
            return true;
        if (memcmp(head + 4, "mdat", 4) == 0)
            return false;
        const uint64_t n = big(head, 4) == 1 ? big(head + 8, 8) : big(head, 4);
        if (n < 8)
            return false;
        at += n;
    }
    return false;
}

static const char *
mime_of(const HibFilm *film, const char *type)
{
    const AVDictionaryEntry *brand = av_dict_get(film->format->metadata, "major_brand", NULL, 0);
    const bool is_quicktime = brand != NULL && g_str_has_prefix(brand->value, "qt");
    return g_str_equal(type, "video/mp4") && is_quicktime ? "video/quicktime" : type;
}

void
hib_film_facts(const HibFilm *film, const char *type, HibWorkReply *reply)
{
    const int64_t bytes = size_of(HIB_WORK_IN);
    g_strlcpy(reply->mime, mime_of(film, type), sizeof reply->mime);
    reply->is_video = 1;
    reply->width = film->width;
    reply->height = film->height;
    reply->duration_ms = film->duration_us / 1000;
    reply->fps_milli = (int64_t)(av_q2d(film->fps) * 1000 + 0.5);
    reply->bitrate = film->duration_us > 0 ? av_rescale(bytes, 8000000, film->duration_us) : 0;
    reply->has_audio = film->audio != NULL;
    g_strlcpy(reply->video_codec, avcodec_get_name(film->video->codecpar->codec_id),
              sizeof reply->video_codec);
    if (film->audio != NULL)
        g_strlcpy(reply->audio_codec, avcodec_get_name(film->audio->codecpar->codec_id),
                  sizeof reply->audio_codec);
    reply->is_faststart = g_str_equal(type, "video/webm") || is_faststart(HIB_WORK_IN);
}

/* --- one frame ----------------------------------------------------------------------------------------------------------- */
AVCodecContext *
hib_film_decoder(const AVStream *stream)
{
    const AVCodec *codec = avcodec_find_decoder(stream->codecpar->codec_id);
    AVCodecContext *decoder = codec != NULL ? avcodec_alloc_context3(codec) : NULL;
    if (decoder == NULL)
        return NULL;
    if (avcodec_parameters_to_context(decoder, stream->codecpar) >= 0) {
        decoder->pkt_timebase = stream->time_base;
        decoder->max_pixels = MOST_PIXELS;
        decoder->thread_count = 2;
        if (avcodec_open2(decoder, codec, NULL) >= 0)
            return decoder;
    }
    avcodec_free_context(&decoder);
    return NULL;
}

/* The first frame at or after `target` (in the stream's time), or the last before the end. False: none. */
static bool
find_frame(HibFilm *film, AVCodecContext *decoder, int64_t target, AVFrame *ret)
{
    AVPacket *packet = av_packet_alloc();
    AVFrame *frame = av_frame_alloc();
    bool is_found = false, is_ended = false;
    for (int n = 0; n < MOST_PACKETS && !is_ended && packet != NULL && frame != NULL; n++) {
        av_packet_unref(packet);
        is_ended = av_read_frame(film->format, packet) < 0;
        if (!is_ended && packet->stream_index != film->video->index)
            continue;
        avcodec_send_packet(decoder, is_ended ? NULL : packet);
        while (avcodec_receive_frame(decoder, frame) >= 0) {
            const int64_t at = frame->best_effort_timestamp;
            av_frame_unref(ret);
            av_frame_move_ref(ret, frame);
            is_found = true;
            is_ended = is_ended || at == AV_NOPTS_VALUE || at >= target;
            if (is_ended && at >= target)
                break;
        }
    }
    av_packet_free(&packet);
    av_frame_free(&frame);
    return is_found;
}

static HibFault
to_picture(const HibFilm *film, const AVFrame *frame, VipsImage **ret)
{
    static const VipsAngle angles[] = {VIPS_ANGLE_D0, VIPS_ANGLE_D90, VIPS_ANGLE_D180,
                                       VIPS_ANGLE_D270};
    const bool is_sideways = film->turned % 180 != 0;
    const int width = is_sideways ? film->height : film->width;
    const int height = is_sideways ? film->width : film->height;
    struct SwsContext *sws =
        sws_getContext(frame->width, frame->height, frame->format, width, height, AV_PIX_FMT_RGB24,
                       SWS_BICUBIC, NULL, NULL, NULL);
    uint8_t *pixels[4] = {NULL};
    int strides[4] = {0};
    VipsImage *view = NULL, *whole = NULL;
    if (sws == NULL || av_image_alloc(pixels, strides, width, height, AV_PIX_FMT_RGB24, 1) < 0) {
        sws_freeContext(sws);
        return "memory";
    }
    sws_scale(sws, (const uint8_t *const *)frame->data, frame->linesize, 0, frame->height, pixels,
              strides);
    sws_freeContext(sws);
    view = vips_image_new_from_memory(pixels[0], (size_t)width * (size_t)height * 3, width, height,
                                      3, VIPS_FORMAT_UCHAR);
    if (view != NULL) {
        view->Type = VIPS_INTERPRETATION_sRGB;
        VipsImage *upright = NULL;
        if (vips_rot(view, &upright, angles[film->turned / 90], NULL) == 0) {
            whole = vips_image_copy_memory(upright);
            g_object_unref(upright);
        }
        g_object_unref(view);
    }
    if (film->turned != 0 || whole == NULL)
        av_freep(&pixels[0]); /* else `whole` may still look at them; the process ends soon */
    *ret = whole;
    return whole != NULL ? NULL : "memory";
}

HibFault
hib_film_picture(HibFilm *film, int64_t at_ms, VipsImage **ret)
{
    const int64_t at_us = film->start_us + MIN(at_ms * 1000, MAX(film->duration_us - 1, 0));
    const int64_t target = av_rescale_q(at_us, AV_TIME_BASE_Q, film->video->time_base);
    AVCodecContext *decoder = hib_film_decoder(film->video);
    if (decoder == NULL)
        return "codec";
    if (at_ms > 0)
        av_seek_frame(film->format, film->video->index, target, AVSEEK_FLAG_BACKWARD);
    AVFrame *frame = av_frame_alloc();
    HibFault fault = frame != NULL && find_frame(film, decoder, target, frame)
                         ? to_picture(film, frame, ret)
                         : "damaged";
    av_frame_free(&frame);
    avcodec_free_context(&decoder);
    return fault;
}
