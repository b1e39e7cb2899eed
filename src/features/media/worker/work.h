/* What the server and its media child say to each other: one request in, lines of progress and one reply out, as text.
 *
 * The child reads foreign bytes, so the server believes nothing it says: the parser is strict (each name once, numbers in range, texts of a small
 * alphabet), bounded, and shared by both ends; it is fuzzed by tests/fuzz/work_fuzz.c. Nothing of hibiki is needed here but this. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The child's descriptors beside 0 (request) and 1 (reply). */
#define HIB_WORK_IN 3
#define HIB_WORK_OUT 4
#define HIB_WORK_SELF 5 /* the program itself, closed at once */

#define HIB_WORK_TEXT 72      /* a perceptual hash is the longest */
#define HIB_WORK_MESSAGE 4096 /* bytes of a request or reply at most */

typedef enum {
    HIB_WORK_LOOK,    /* what is it; out: a thumbnail */
    HIB_WORK_PICTURE, /* out: a picture */
    HIB_WORK_COVER,   /* out: a picture of a video */
    HIB_WORK_VIDEO,   /* out: a video */
    HIB_WORK_SHEET,   /* out: a spreadsheet as CSV */
    HIB_WORK_TRY, /* for the test of the sandbox: does what `mime` says, which it must not survive */
    HIB_WORK_N
} HibWorkKind;

/* Sizes are of the picture as shown. 0: as it is. */
typedef struct {
    int64_t kind;
    char type[HIB_WORK_TEXT]; /* of the input, by its first bytes: "image/jpeg", "video/mp4" … */
    char mime[HIB_WORK_TEXT]; /* of what is made */
    char second[HIB_WORK_TEXT]; /* another type where the first is too large; "" none */
    int64_t max_bytes;          /* of what is made */
    int64_t crop_x, crop_y, crop_width, crop_height;
    int64_t width, height;         /* of the whole picture made */
    int64_t pad_width, pad_height; /* not 0: the picture stands in the middle of this */
    int64_t at_ms, from_ms, to_ms;
    int64_t bitrate;     /* of the video at most */
    int64_t fps_milli;   /* 25000: 25 a second; 0: as it is */
    int64_t keeps_sound; /* 0: silent */
    int64_t cpu_s, memory_mb;
} HibWork;

typedef struct {
    char fault
        [HIB_WORK_TEXT]; /* "": done. Else "damaged", "too_large", "codec", "bytes", "memory" */
    char mime[HIB_WORK_TEXT]; /* of the file looked at, or of what was made */
    char video_codec[HIB_WORK_TEXT], audio_codec[HIB_WORK_TEXT];
    int64_t is_video, is_animated;
    int64_t width, height, duration_ms, fps_milli, bitrate, has_audio, is_faststart;
    int64_t bytes;            /* of what was made */
    char hash[HIB_WORK_TEXT]; /* LOOK: how it looks (pdq.h), and how much there is to see, 0..100 */
    int64_t quality;
} HibWorkReply;

/* Text of `n` bytes or less into `out`; the length, 0 when it does not fit. */
size_t hib_work_print(const HibWork *work, char *out, size_t n);
bool hib_work_parse(const char *text, size_t n, HibWork *ret);
size_t hib_work_reply_print(const HibWorkReply *reply, char *out, size_t n);
bool hib_work_reply_parse(const char *text, size_t n, HibWorkReply *ret);
/* "progress 123": thousandths. False: no such line. */
bool hib_work_progress_parse(const char *line, size_t n, double *ret);
