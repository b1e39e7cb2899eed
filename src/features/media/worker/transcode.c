/* A video made anew in the child: H.264 and AAC in MP4, the index in front, cut, cropped, scaled and padded as asked; without the metadata of the source.
 *
 * One loop: packets → decoders → filter graphs → encoders → muxer. Video always comes out at a constant frame rate, sound as 48 kHz stereo. */
#include "media/worker/worker.h"
#include <inttypes.h>
#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SOUND_RATE 48000
#define SOUND_BITRATE 128000
#define SOUND_FRAME 1024 /* samples AAC takes at once */
#define CRF "21"
#define PRESET "veryfast"
#define MOST_FAULTS 50 /* damaged packets that are passed over */
#define THREADS 2

/* One of the two streams on its way. */
typedef struct {
    const AVStream *from;
    AVCodecContext *decoder, *encoder;
    AVFilterGraph *graph;
    AVFilterContext *source, *sink;
    AVStream *to;
    bool is_ended;
} Lane;

typedef struct {
    HibFilm *film;
    const HibWork *work;
    AVFormatContext *out;
    Lane video, sound;
    int64_t from_us, to_us; /* of the source's time; to_us 0: the end */
    int64_t told;           /* thousandths */
    int n_faults;
} Making;

/* --- filters ------------------------------------------------------------------------------------------------------------- */
static void
add_trim(const Making *making, const char *prefix, GString *out)
{
    g_string_append_printf(out, "%strim=start=%" PRId64 "us", prefix, making->from_us);
    if (making->to_us > 0)
        g_string_append_printf(out, ":end=%" PRId64 "us", making->to_us);
    g_string_append_printf(out, ",%ssetpts=PTS-(%" PRId64 "/1000000)/TB", prefix, making->from_us);
}

static char *
describe_video(const Making *making)
{
    static const char *const turns[] = {"", ",transpose=clock", ",hflip,vflip",
                                        ",transpose=cclock"};
    const HibWork *w = making->work;
    const HibFilm *film = making->film;
    GString *out = g_string_new(NULL);
    add_trim(making, "", out);
    g_string_append(out, turns[film->turned / 90]);
    const AVRational sar = film->video->codecpar->sample_aspect_ratio;
    if (sar.num > 0 && sar.num != sar.den)
        g_string_append_printf(out, ",scale=%d:%d", film->width, film->height);
    if (w->crop_width > 0)
        g_string_append_printf(out, ",crop=%d:%d:%d:%d", (int)w->crop_width, (int)w->crop_height,
                               (int)w->crop_x, (int)w->crop_y);
    g_string_append_printf(out, ",scale=%d:%d:flags=bicubic", (int)w->width, (int)w->height);
    if (w->pad_width > 0)
        g_string_append_printf(out, ",pad=%d:%d:(ow-iw)/2:(oh-ih)/2", (int)w->pad_width,
                               (int)w->pad_height);
    g_string_append(out, ",setsar=1");
    if (w->fps_milli > 0)
        g_string_append_printf(out, ",fps=%d/1000", (int)w->fps_milli);
    else
        g_string_append_printf(out, ",fps=%d/%d", film->fps.num, film->fps.den);
    g_string_append(out, ",format=yuv420p");
    return g_string_free(out, FALSE);
}

static char *
describe_sound(const Making *making)
{
    GString *out = g_string_new(NULL);
    add_trim(making, "a", out);
    g_string_append_printf(out,
                           ",aresample=%d:async=1:first_pts=0,aformat=sample_fmts=fltp:channel_"
                           "layouts=stereo,asetnsamples=n=%d:p=0",
                           SOUND_RATE, SOUND_FRAME);
    return g_string_free(out, FALSE);
}

static char *
describe_source(const Lane *lane, bool is_video)
{
    const AVCodecContext *d = lane->decoder;
    const AVRational base = lane->from->time_base;
    if (is_video)
        return g_strdup_printf("video_size=%dx%d:pix_fmt=%d:time_base=%d/%d:pixel_aspect=1/1",
                               d->width, d->height, d->pix_fmt, base.num, base.den);
    char layout[64] = "stereo";
    AVChannelLayout plain = {0};
    if (d->ch_layout.order == AV_CHANNEL_ORDER_UNSPEC)
        av_channel_layout_default(&plain, d->ch_layout.nb_channels);
    else
        av_channel_layout_copy(&plain, &d->ch_layout);
    av_channel_layout_describe(&plain, layout, sizeof layout);
    av_channel_layout_uninit(&plain);
    return g_strdup_printf("time_base=%d/%d:sample_rate=%d:sample_fmt=%s:channel_layout=%s",
                           base.num, base.den, d->sample_rate,
                           av_get_sample_fmt_name(d->sample_fmt), layout);
}

static bool
make_graph(Lane *lane, bool is_video, const char *chain)
{
    g_autofree char *source = describe_source(lane, is_video);
    AVFilterInOut *ins = avfilter_inout_alloc(), *outs = avfilter_inout_alloc();
    lane->graph = avfilter_graph_alloc();
    bool is_made = ins != NULL && outs != NULL && lane->graph != NULL;
    if (is_made) {
        lane->graph->nb_threads = THREADS;
        is_made = avfilter_graph_create_filter(
                      &lane->source, avfilter_get_by_name(is_video ? "buffer" : "abuffer"), "in",
                      source, NULL, lane->graph) >= 0 &&
                  avfilter_graph_create_filter(
                      &lane->sink, avfilter_get_by_name(is_video ? "buffersink" : "abuffersink"),
                      "out", NULL, NULL, lane->graph) >= 0;
    }
    if (is_made) {
        *outs = (AVFilterInOut){.name = av_strdup("in"), .filter_ctx = lane->source};
        *ins = (AVFilterInOut){.name = av_strdup("out"), .filter_ctx = lane->sink};
        is_made = avfilter_graph_parse_ptr(lane->graph, chain, &ins, &outs, NULL) >= 0 &&
                  avfilter_graph_config(lane->graph, NULL) >= 0;
    }
    avfilter_inout_free(&ins);
    avfilter_inout_free(&outs);
    return is_made;
}

/* --- encoders ------------------------------------------------------------------------------------------------------------ */
static bool
open_encoder(Making *making, Lane *lane, const AVCodec *codec, AVDictionary **options)
{
    AVCodecContext *e = lane->encoder;
    if (making->out->oformat->flags & AVFMT_GLOBALHEADER)
        e->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    e->time_base = av_buffersink_get_time_base(lane->sink);
    e->thread_count = THREADS;
    lane->to = avformat_new_stream(making->out, NULL);
    if (lane->to == NULL || avcodec_open2(e, codec, options) < 0 ||
        avcodec_parameters_from_context(lane->to->codecpar, e) < 0)
        return false;
    lane->to->time_base = e->time_base;
    return true;
}

static bool
open_video(Making *making)
{
    Lane *lane = &making->video;
    const AVCodec *codec = avcodec_find_encoder_by_name("libx264");
    AVCodecContext *e = codec != NULL ? avcodec_alloc_context3(codec) : NULL;
    AVDictionary *options = NULL;
    if (e == NULL)
        return false;
    lane->encoder = e;
    e->width = av_buffersink_get_w(lane->sink);
    e->height = av_buffersink_get_h(lane->sink);
    e->pix_fmt = AV_PIX_FMT_YUV420P;
    e->sample_aspect_ratio = (AVRational){1, 1};
    e->framerate = av_buffersink_get_frame_rate(lane->sink);
    e->gop_size = (int)CLAMP(2 * av_q2d(e->framerate), 1, 250);
    if (making->work->bitrate > 0) {
        e->rc_max_rate = making->work->bitrate;
        e->rc_buffer_size = (int)MIN(making->work->bitrate, INT32_MAX);
    }
    av_dict_set(&options, "preset", PRESET, 0);
    av_dict_set(&options, "crf", CRF, 0);
    av_dict_set(&options, "profile", "high", 0);
    const bool is_open = open_encoder(making, lane, codec, &options);
    av_dict_free(&options);
    return is_open;
}

static bool
open_sound(Making *making)
{
    Lane *lane = &making->sound;
    const AVCodec *codec = avcodec_find_encoder(AV_CODEC_ID_AAC);
    AVCodecContext *e = codec != NULL ? avcodec_alloc_context3(codec) : NULL;
    if (e == NULL)
        return false;
    lane->encoder = e;
    e->sample_fmt = AV_SAMPLE_FMT_FLTP;
    e->sample_rate = SOUND_RATE;
    e->bit_rate = SOUND_BITRATE;
    av_channel_layout_default(&e->ch_layout, 2);
    return open_encoder(making, lane, codec, NULL);
}

/* --- the muxer ----------------------------------------------------------------------------------------------------------- */
/* To put the index in front it reads what it wrote: the same descriptor, at another place. */
static int
open_again(AVFormatContext *format, AVIOContext **io, const char *url, int flags,
           AVDictionary **options)
{
    *io = hib_film_io(HIB_WORK_OUT, (flags & AVIO_FLAG_WRITE) != 0);
    return *io != NULL ? 0 : AVERROR(ENOMEM);
}

static int
close_again(AVFormatContext *format, AVIOContext *io)
{
    hib_film_io_free(io);
    return 0;
}

static bool
open_out(Making *making)
{
    if (avformat_alloc_output_context2(&making->out, NULL, "mp4", NULL) < 0)
        return false;
    making->out->pb = hib_film_io(HIB_WORK_OUT, true);
    making->out->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT;
    making->out->io_open = open_again;
    making->out->io_close2 = close_again;
    making->out->url = av_strdup("out");
    return making->out->pb != NULL && making->out->url != NULL;
}

/* --- the loop ------------------------------------------------------------------------------------------------------------ */
static void
tell(Making *making, int64_t pts, AVRational base)
{
    const int64_t end =
        making->to_us > 0 ? making->to_us : making->film->start_us + making->film->duration_us;
    const int64_t all = end - making->from_us;
    const int64_t at = av_rescale_q(pts, base, AV_TIME_BASE_Q);
    const int64_t thousandths = all > 0 ? CLAMP(at * 1000 / all, 0, 1000) : 0;
    char line[32];
    if (thousandths < making->told + 5)
        return;
    making->told = thousandths;
    const int n = snprintf(line, sizeof line, "progress %d\n", (int)thousandths);
    if (write(1, line, (size_t)n) != n)
        _exit(5);
}

/* `frame` NULL: no more come. */
static HibFault
encode(Making *making, Lane *lane, AVFrame *frame)
{
    AVPacket *packet = av_packet_alloc();
    HibFault fault = packet == NULL ? "memory" : NULL;
    if (fault == NULL && frame != NULL && lane == &making->video)
        frame->pict_type = AV_PICTURE_TYPE_NONE;
    if (fault == NULL && avcodec_send_frame(lane->encoder, frame) < 0)
        fault = "codec";
    while (fault == NULL && avcodec_receive_packet(lane->encoder, packet) >= 0) {
        packet->stream_index = lane->to->index;
        if (packet->duration <= 0 && lane == &making->video) /* else the last frame lasts no time */
            packet->duration =
                av_rescale_q(1, av_inv_q(lane->encoder->framerate), lane->encoder->time_base);
        if (lane == &making->video && packet->pts != AV_NOPTS_VALUE)
            tell(making, packet->pts, lane->encoder->time_base);
        av_packet_rescale_ts(packet, lane->encoder->time_base, lane->to->time_base);
        if (av_interleaved_write_frame(making->out, packet) < 0)
            fault = "disk";
    }
    av_packet_free(&packet);
    return fault;
}

static HibFault
drain(Making *making, Lane *lane)
{
    AVFrame *frame = av_frame_alloc();
    HibFault fault = frame == NULL ? "memory" : NULL;
    while (fault == NULL) {
        const int got = av_buffersink_get_frame(lane->sink, frame);
        if (got == AVERROR_EOF)
            lane->is_ended = true;
        if (got < 0)
            break;
        fault = encode(making, lane, frame);
        av_frame_unref(frame);
    }
    av_frame_free(&frame);
    return fault;
}

/* A frame that comes in another size or format than the first would not fit the graph. */
static bool
is_as_begun(const Lane *lane, const AVFrame *frame)
{
    return frame->width == lane->decoder->width && frame->height == lane->decoder->height;
}

/* `packet` NULL: no more come. */
static HibFault
decode(Making *making, Lane *lane, const AVPacket *packet)
{
    AVFrame *frame = av_frame_alloc();
    HibFault fault = frame == NULL ? "memory" : NULL;
    if (fault == NULL && avcodec_send_packet(lane->decoder, packet) < 0 && packet != NULL)
        fault = ++making->n_faults > MOST_FAULTS ? "damaged" : NULL;
    while (fault == NULL && avcodec_receive_frame(lane->decoder, frame) >= 0) {
        frame->pts = frame->best_effort_timestamp;
        if (lane == &making->video && !is_as_begun(lane, frame))
            fault = "damaged";
        else if (av_buffersrc_add_frame(lane->source, frame) < 0)
            fault = "memory";
        else
            fault = drain(making, lane);
        av_frame_unref(frame);
    }
    if (fault == NULL && packet == NULL)
        fault = av_buffersrc_add_frame(lane->source, NULL) < 0 ? "memory" : drain(making, lane);
    av_frame_free(&frame);
    return fault;
}

static Lane *
lane_of(Making *making, int index)
{
    if (index == making->video.from->index)
        return &making->video;
    return making->sound.from != NULL && index == making->sound.from->index ? &making->sound : NULL;
}

static HibFault
run(Making *making)
{
    AVPacket *packet = av_packet_alloc();
    HibFault fault = packet == NULL ? "memory" : NULL;
    while (fault == NULL && !making->video.is_ended &&
           av_read_frame(making->film->format, packet) >= 0) {
        Lane *lane = lane_of(making, packet->stream_index);
        if (lane != NULL && !lane->is_ended)
            fault = decode(making, lane, packet);
        av_packet_unref(packet);
    }
    av_packet_free(&packet);
    Lane *lanes[] = {&making->video, &making->sound};
    for (size_t i = 0; i < G_N_ELEMENTS(lanes) && fault == NULL; i++) {
        if (lanes[i]->from == NULL)
            continue;
        fault = decode(making, lanes[i], NULL);
        if (fault == NULL)
            fault = encode(making, lanes[i], NULL);
    }
    return fault;
}

/* --- beginning and end --------------------------------------------------------------------------------------------------- */
static bool
prepare_sound(Making *making)
{
    if (making->film->audio == NULL || !making->work->keeps_sound)
        return true;
    g_autofree char *chain = describe_sound(making);
    making->sound.from = making->film->audio;
    making->sound.decoder = hib_film_decoder(making->film->audio);
    return making->sound.decoder != NULL && make_graph(&making->sound, false, chain) &&
           open_sound(making);
}

static HibFault
prepare(Making *making)
{
    g_autofree char *chain = describe_video(making);
    AVDictionary *options = NULL;
    making->video.from = making->film->video;
    making->video.decoder = hib_film_decoder(making->film->video);
    if (making->video.decoder == NULL)
        return "codec";
    if (!open_out(making) || !make_graph(&making->video, true, chain) || !open_video(making) ||
        !prepare_sound(making))
        return "codec";
    av_dict_set(&options, "movflags", "+faststart", 0);
    const int begun = avformat_write_header(making->out, &options);
    av_dict_free(&options);
    return begun < 0 ? "disk" : NULL;
}

static void
lane_clear(Lane *lane)
{
    avcodec_free_context(&lane->decoder);
    avcodec_free_context(&lane->encoder);
    avfilter_graph_free(&lane->graph);
}

/* What was made is described by what it is: the child opens it as a stranger's. */
static HibFault
describe(HibWorkReply *reply)
{
    HibFilm made = {0};
    if (dup2(HIB_WORK_OUT, HIB_WORK_IN) != HIB_WORK_IN)
        return "disk";
    HibFault fault = hib_film_open("video/mp4", &made);
    if (fault == NULL)
        hib_film_facts(&made, "video/mp4", reply);
    reply->bytes = (int64_t)lseek(HIB_WORK_OUT, 0, SEEK_END);
    hib_film_close(&made);
    return fault;
}

HibFault
hib_film_transcode(HibFilm *film, const HibWork *work, HibWorkReply *reply)
{
    Making making = {.film = film, .work = work};
    making.from_us = film->start_us + work->from_ms * 1000;
    making.to_us = work->to_ms > 0 ? film->start_us + work->to_ms * 1000 : 0;
    if (work->from_ms > 0)
        av_seek_frame(film->format, -1, making.from_us, AVSEEK_FLAG_BACKWARD);
    HibFault fault = prepare(&making);
    if (fault == NULL)
        fault = run(&making);
    if (fault == NULL && av_write_trailer(making.out) < 0)
        fault = "disk";
    lane_clear(&making.video);
    lane_clear(&making.sound);
    if (making.out != NULL) {
        avio_flush(making.out->pb);
        hib_film_io_free(making.out->pb);
        avformat_free_context(making.out);
    }
    return fault != NULL ? fault : describe(reply);
}
