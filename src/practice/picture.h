/* Pictures the audience sends: drawn, never a photograph of anybody. The same seed gives the same picture, so none has to be kept. */
#pragma once
#include "practice/crowd.h"
#include "practice/face.h"

GBytes *hib_practice_picture(uint64_t seed); /* a PNG of 400 x 300 */
GBytes *hib_practice_sound(void);            /* a WAV: one second of a tone */

/* What came with a comment: now and then a picture. */
typedef struct {
    const char *url;  /* on the face, under /practice/picture/ */
    const char *path; /* the same, without its origin */
    const char *alt;  /* "" where its author wrote none */
    uint64_t seed;
} HibPracticePictured;
#define HIB_PRACTICE_PICTURE_WIDTH 400
#define HIB_PRACTICE_PICTURE_HEIGHT 300
/* False: none came with it. `under`: the post's id. In the arena. */
bool hib_practice_pictured(const char *origin, HibArena *arena, const char *under,
                           const HibComment *comment, HibPracticePictured *ret);
