/* Makes pictures and videos for tests and benches, so that none need be stored: make_media PATH KEY=VALUE…
 *
 *   format   jpeg png webp gif avif mp4 mov webm (by the name's ending when not said)
 *   width height fps seconds
 *   codec    libx264 (default), mjpeg, libvpx …    sound 1: a tone    noise 1: of a kind that hardly packs
 *   bytes    the frames are repeated until the file is that large (mjpeg: each stands alone)
 *   turn     clockwise degrees a player must turn it (videos), EXIF orientation (JPEG)
 *   scene N  not the test pattern but a picture of its own for each N, the same at every size (pictures)
 *   crop P   only what is left without P percent on each side      bright B  this much brighter (scenes)      quality Q  of a JPEG
 *   place 1  a JPEG with a GPS position and a camera's name
 *   front 1  the index before the content
 *   at X,Y   makes nothing: prints red, green and blue of PATH at that place, 0..1 of its width and height
 * The picture is libav's test pattern; its upper left quarter is red, so that a crop and a turn show. */
#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/display.h>
#include <libavutil/opt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vips/vips.h>

#define KEPT 10

static int argc_;
static char **argv_;

static const char *
word(const char *key, const char *otherwise)
{
    const size_t n = strlen(key);
    for (int i = 2; i < argc_; i++)
        if (strncmp(argv_[i], key, n) == 0 && argv_[i][n] == '=')
            return argv_[i] + n + 1;
    return otherwise;
}

static int
number(const char *key, int otherwise)
{
    const char *text = word(key, NULL);
    return text != NULL ? (int)strtol(text, NULL, 10) : otherwise;
}

static int
must(int result, const char *what)
{
    if (result >= 0)
        return result;
    fprintf(stderr, "make_media: %s: %s\n", what, av_err2str(result));
    exit(1);
}

/* --- videos ---------------------------------------------------------------------------------------------------------------- */
typedef struct {
    AVFilterGraph *graph;
    AVFilterContext *sink;
    AVCodecContext *encoder;
    AVStream *stream;
    bool is_ended;
    AVPacket *kept[KEPT];
    int n_kept;
} Lane;

static void
begin(Lane *lane, AVFormatContext *out, const char *chain, const char *encoder, bool is_video)
{
    AVFilterInOut *ins = avfilter_inout_alloc(), *outs = NULL;
    lane->graph = avfilter_graph_alloc();
    must(avfilter_graph_create_filter(&lane->sink,
                                      avfilter_get_by_name(is_video ? "buffersink" : "abuffersink"),
                                      "out", NULL, NULL, lane->graph),
         "sink");
    *ins = (AVFilterInOut){.name = av_strdup("out"), .filter_ctx = lane->sink};
    must(avfilter_graph_parse_ptr(lane->graph, chain, &ins, &outs, NULL), chain);
    must(avfilter_graph_config(lane->graph, NULL), "config");
    avfilter_inout_free(&ins);
    const AVCodec *codec = avcodec_find_encoder_by_name(encoder);
    must(codec != NULL ? 0 : AVERROR_ENCODER_NOT_FOUND, encoder);
    AVCodecContext *e = lane->encoder = avcodec_alloc_context3(codec);
    e->time_base = av_buffersink_get_time_base(lane->sink);
    if (is_video) {
        e->width = av_buffersink_get_w(lane->sink);
        e->height = av_buffersink_get_h(lane->sink);
        e->pix_fmt = av_buffersink_get_format(lane->sink);
        e->framerate = av_buffersink_get_frame_rate(lane->sink);
        if (strcmp(encoder, "mjpeg") == 0) {
            e->strict_std_compliance = FF_COMPLIANCE_UNOFFICIAL;
            e->flags |= AV_CODEC_FLAG_QSCALE;
            e->global_quality = FF_QP2LAMBDA;
        }
        if (strcmp(encoder, "libx264") == 0)
            av_opt_set(e->priv_data, "preset", "ultrafast", 0);
    } else {
        e->sample_rate = 48000;
        e->sample_fmt = av_buffersink_get_format(lane->sink);
        e->bit_rate = 96000;
        av_channel_layout_default(&e->ch_layout, 2);
    }
    if (out->oformat->flags & AVFMT_GLOBALHEADER)
        e->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    must(avcodec_open2(e, codec, NULL), encoder);
    lane->stream = avformat_new_stream(out, NULL);
    must(avcodec_parameters_from_context(lane->stream->codecpar, e), "stream");
    lane->stream->time_base = e->time_base;
    lane->stream->avg_frame_rate = e->framerate;
}

static void
step(Lane *lane, AVFormatContext *out, int64_t until_us)
{
    AVFrame *frame = av_frame_alloc();
    AVPacket *packet = av_packet_alloc();
    int got = av_buffersink_get_frame(lane->sink, frame);
    if (got < 0)
        lane->is_ended = true;
    else if (av_rescale_q(frame->pts, lane->encoder->time_base, AV_TIME_BASE_Q) >= until_us)
        lane->is_ended = true;
    must(avcodec_send_frame(lane->encoder, lane->is_ended ? NULL : frame), "encode");
    while (avcodec_receive_packet(lane->encoder, packet) >= 0) {
        packet->stream_index = lane->stream->index;
        av_packet_rescale_ts(packet, lane->encoder->time_base, lane->stream->time_base);
        if (lane->n_kept < KEPT)
            lane->kept[lane->n_kept++] = av_packet_clone(packet);
        must(av_interleaved_write_frame(out, packet), "write");
    }
    av_packet_free(&packet);
    av_frame_free(&frame);
}

/* The first frames once more, and once more. */
static void
repeat(Lane *lane, AVFormatContext *out, int64_t bytes)
{
    const int64_t apart = lane->n_kept > 1 ? lane->kept[1]->pts - lane->kept[0]->pts : 1;
    int64_t pts =
        apart * (int64_t)(strtod(word("seconds", "2"), NULL) * av_q2d(lane->encoder->framerate));
    for (int i = 0; avio_tell(out->pb) < bytes; i++, pts += apart) {
        AVPacket *packet = av_packet_clone(lane->kept[i % lane->n_kept]);
        packet->pts = packet->dts = pts;
        must(av_interleaved_write_frame(out, packet), "write");
        av_packet_free(&packet);
    }
}

static void
add_turn(Lane *lane, int degrees)
{
    if (degrees == 0)
        return;
    uint8_t *matrix =
        av_stream_new_side_data(lane->stream, AV_PKT_DATA_DISPLAYMATRIX, 9 * sizeof(int32_t));
    av_display_rotation_set((int32_t *)(void *)matrix, degrees); /* clockwise, in this release */
}

static void
make_video(const char *path, const char *format)
{
    AVFormatContext *out = NULL;
    Lane video = {0}, sound = {0};
    const int width = number("width", 320), height = number("height", 240);
    const char *codec = word("codec", strcmp(format, "webm") == 0  ? "libvpx"
                                      : strcmp(format, "gif") == 0 ? "gif"
                                                                   : "libx264");
    const double seconds = strtod(word("seconds", "2"), NULL);
    char chain[400];
    snprintf(chain, sizeof chain,
             "testsrc2=size=%dx%d:rate=%s:duration=%.3f,drawbox=0:0:%d:%d:red:fill,format=%s",
             width, height, word("fps", "25"), seconds, width / 2, height / 2,
             strcmp(format, "gif") == 0 ? "rgb8" : "yuv420p");
    must(avformat_alloc_output_context2(&out, NULL, format, path), "format");
    begin(&video, out, chain, codec, true);
    add_turn(&video, number("turn", 0));
    if (number("sound", 0)) {
        const bool is_webm = strcmp(format, "webm") == 0;
        snprintf(
            chain, sizeof chain,
            "sine=frequency=440:sample_rate=48000:duration=%.3f,aformat=channel_layouts=stereo:"
            "sample_fmts=%s,asetnsamples=n=%d:p=0",
            seconds, is_webm ? "s16" : "fltp", is_webm ? 960 : 1024);
        begin(&sound, out, chain, is_webm ? "libopus" : "aac", false);
    }
    must(avio_open(&out->pb, path, AVIO_FLAG_WRITE), path);
    AVDictionary *options = NULL;
    if (number("front", 0))
        av_dict_set(&options, "movflags", "+faststart", 0);
    must(avformat_write_header(out, &options), "header");
    while (!video.is_ended) {
        step(&video, out, (int64_t)(seconds * 1e6));
        for (int i = 0; i < 2 && sound.stream != NULL && !sound.is_ended; i++)
            step(&sound, out, (int64_t)(seconds * 1e6));
    }
    while (sound.stream != NULL && !sound.is_ended)
        step(&sound, out, (int64_t)(seconds * 1e6));
    repeat(&video, out, strtoll(word("bytes", "0"), NULL, 10));
    must(av_write_trailer(out), "trailer");
    avio_closep(&out->pb);
    avformat_free_context(out);
}

/* --- pictures -------------------------------------------------------------------------------------------------------------- */
static VipsImage *
draw(int width, int height)
{
    VipsImage *image = NULL, *noise = NULL, *coloured = NULL;
    const double red[] = {230, 20, 20};
    if (vips_gaussnoise(&noise, width, height, "mean", 128.0, "sigma", (double)number("noise", 20),
                        "seed", 1, NULL) != 0 ||
        vips_bandjoin((VipsImage *[]){noise, noise, noise}, &coloured, 3, NULL) != 0 ||
        vips_cast(coloured, &image, VIPS_FORMAT_UCHAR, NULL) != 0)
        exit(1);
    VipsImage *rgb = NULL;
    vips_copy(image, &rgb, "interpretation", VIPS_INTERPRETATION_sRGB, NULL);
    VipsImage *whole = vips_image_copy_memory(rgb);
    vips_draw_rect(whole, (double *)(uintptr_t)red, 3, 0, 0, width / 2, height / 2, "fill", TRUE,
                   NULL);
    return whole;
}

static int
next(uint32_t *state, int n)
{
    *state = *state * 1664525 + 1013904223;
    return (int)((*state >> 8) % (uint32_t)n);
}

/* Boxes of all colours over each other, a little out of focus. */
static VipsImage *
draw_scene(uint32_t scene, int width, int height)
{
    uint32_t state = scene * 2654435761u;
    VipsImage *black = NULL, *rgb = NULL, *soft = NULL, *lit = NULL, *out = NULL;
    vips_black(&black, width, height, "bands", 3, NULL);
    vips_copy(black, &rgb, "interpretation", VIPS_INTERPRETATION_sRGB, NULL);
    VipsImage *whole = vips_image_copy_memory(rgb);
    for (int i = 0; i < 60; i++) {
        double ink[3];
        for (int k = 0; k < 3; k++)
            ink[k] = 20 + next(&state, 180);
        const int x = next(&state, 900), y = next(&state, 900);
        const int w = 60 + next(&state, 400), h = 60 + next(&state, 400);
        vips_draw_rect(whole, ink, 3, x * width / 1000, y * height / 1000, w * width / 1000,
                       h * height / 1000, "fill", TRUE, NULL);
    }
    const int side = number("crop", 0);
    vips_gaussblur(whole, &soft, (double)width / 300, NULL);
    vips_linear1(soft, &lit, 1, number("bright", 0), "uchar", TRUE, NULL);
    vips_extract_area(lit, &out, width * side / 100, height * side / 100,
                      width - 2 * (width * side / 100), height - 2 * (height * side / 100), NULL);
    return out;
}

static int
make_picture(const char *path, const char *format)
{
    const int width = number("width", 64), height = number("height", 48);
    const int scene = number("scene", 0);
    VipsImage *image = scene ? draw_scene((uint32_t)scene, width, height) : draw(width, height);
    if (number("turn", 1) != 1)
        vips_image_set_int(image, "orientation", number("turn", 1));
    if (number("place", 0)) {
        vips_image_set_string(image, "exif-ifd0-Model", "Secret Camera");
        vips_image_set_string(image, "exif-ifd3-GPSLatitude", "35/1 40/1 0/1");
        vips_image_set_string(image, "exif-ifd3-GPSLatitudeRef", "N");
    }
    const int done =
        strcmp(format, "png") == 0    ? vips_pngsave(image, path, NULL)
        : strcmp(format, "webp") == 0 ? vips_webpsave(image, path, NULL)
        : strcmp(format, "avif") == 0 || strcmp(format, "heic") == 0
            ? vips_heifsave(image, path, "compression",
                            strcmp(format, "avif") == 0 ? VIPS_FOREIGN_HEIF_COMPRESSION_AV1
                                                        : VIPS_FOREIGN_HEIF_COMPRESSION_HEVC,
                            NULL)
            : vips_jpegsave(image, path, "Q", number("quality", 90), NULL);
    if (done != 0)
        fprintf(stderr, "make_media: %s\n", vips_error_buffer());
    return done == 0 ? 0 : 1;
}

static int
tell_pixel(const char *path, const char *at)
{
    char *rest = NULL;
    const double x = strtod(at, &rest), y = *rest == ',' ? strtod(rest + 1, NULL) : 0;
    double *values = NULL;
    int n = 0;
    VipsImage *image = vips_image_new_from_file(path, NULL);
    if (image == NULL ||
        vips_getpoint(image, &values, &n, (int)(x * vips_image_get_width(image)),
                      (int)(y * vips_image_get_height(image)), NULL) != 0 ||
        n < 3)
        return 1;
    return printf("%d %d %d\n", (int)values[0], (int)values[1], (int)values[2]) < 0;
}

int
main(int argc, char **argv)
{
    argc_ = argc;
    argv_ = argv;
    if (argc < 2 || VIPS_INIT(argv[0]) != 0)
        return 2;
    av_log_set_level(AV_LOG_ERROR);
    if (word("at", NULL) != NULL)
        return tell_pixel(argv[1], word("at", ""));
    const char *ending = strrchr(argv[1], '.');
    const char *format = word("format", ending != NULL ? ending + 1 : "jpeg");
    static const char *const videos[] = {"mp4", "mov", "webm", "gif"};
    for (size_t i = 0; i < sizeof videos / sizeof *videos; i++)
        if (strcmp(videos[i], format) == 0) {
            make_video(argv[1], format);
            _exit(0); /* what the encoders hold goes with the process */
        }
    return make_picture(argv[1], format);
}
