/* Inside the media child only: its rooms. Foreign bytes come in here and nowhere else. */
#pragma once
#include "media/worker/work.h"
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <vips/vips.h>

/* sandbox.c: limits, then no way back: whatever is not on the list of calls ends the process with SIGSYS. False: it could not be done. */
bool hib_sandbox_limit(const HibWork *work);
bool hib_sandbox_close(void);
int hib_sandbox_try(const char *what); /* what must not work; returns when it did */

/* Faults are short literal words of HibWorkReply.fault; NULL: none. */
typedef const char *HibFault;

/* picture.c */
typedef struct {
    void *data;
    size_t n;
} HibInput; /* the file, mapped */
/* The first frame as shown: turned, whole or failed. */
HibFault hib_picture_open(const HibInput *input, const char *type, VipsImage **ret);
HibFault hib_picture_look(const HibInput *input, const HibWork *work, HibWorkReply *reply);
/* Crops, scales, pads and writes to HIB_WORK_OUT what `work` says. Takes over `image`. */
HibFault hib_picture_make(VipsImage *image, const HibWork *work, HibWorkReply *reply);
HibFault hib_picture_thumb(VipsImage *image, const HibWork *work, HibWorkReply *reply);

/* film.c: a video (or GIF) read through its descriptor. */
typedef struct {
    AVFormatContext *format;
    const AVStream *video, *audio; /* audio NULL: none */
    int turned;                    /* clockwise, 0 90 180 270 */
    int width, height;             /* as shown */
    int64_t start_us, duration_us;
    AVRational fps;
} HibFilm;
HibFault hib_film_open(const char *type, HibFilm *ret);
void hib_film_close(HibFilm *film);
void hib_film_facts(const HibFilm *film, const char *type, HibWorkReply *reply);
AVCodecContext *hib_film_decoder(const AVStream *stream); /* opened, or NULL */
HibFault hib_film_picture(HibFilm *film, int64_t at_ms, VipsImage **ret);
/* For muxing: reads and writes at its own place of the descriptor. */
AVIOContext *hib_film_io(int fd, bool is_writing);
void hib_film_io_free(AVIOContext *io);

/* sheet.c: the first sheet of an XLSX file, as CSV to HIB_WORK_OUT. */
HibFault hib_sheet_read(const HibInput *input, const HibWork *work, HibWorkReply *reply);

/* transcode.c */
HibFault hib_film_transcode(HibFilm *film, const HibWork *work, HibWorkReply *reply);
