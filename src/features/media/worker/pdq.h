/* The perceptual hash of a picture: 256 bits that stay nearly the same when it is recompressed, resized or brightened. Pure.
 *
 * PDQ (Facebook 2019; "The TMK+PDQF video-hashing algorithm and the PDQ image-hashing algorithm"): the brightness is smoothed and reduced to 64 x 64, of its cosine
 * transform the 16 x 16 lowest frequencies but the mean are kept, and each bit says whether one of them lies above their median. The child computes it, because foreign bytes
 * are decoded nowhere else; the server compares. Held against an independent implementation: tests/oracle/pdq.py. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HIB_PDQ_BYTES 32
#define HIB_PDQ_TEXT 65 /* as hexadecimal digits, with its end */
typedef struct {
    uint8_t bits
        [HIB_PDQ_BYTES]; /* the lowest frequency in the last bit of the last byte, as the reference prints it */
} HibPdq;

/* `luma`: rows x columns of brightness 0..255; it is overwritten. *ret_quality 0..100: how much there is to see; a hash of less than 50 says nothing (the reference's own
 * threshold). False: a side below 5, or no memory. */
bool hib_pdq(double *luma, int rows, int columns, HibPdq *ret, int *ret_quality);
void hib_pdq_print(const HibPdq *hash, char out[HIB_PDQ_TEXT]);
bool hib_pdq_parse(const char *text, HibPdq *ret);
/* Bits that differ: 0 the same, about 128 between pictures that have nothing to do with each other. */
int hib_pdq_distance(const HibPdq *a, const HibPdq *b);
