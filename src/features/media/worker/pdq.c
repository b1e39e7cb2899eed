/* PDQ, from its paper: smooth, reduce, transform, compare with the median. */
#include "media/worker/pdq.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIDE 64 /* of the reduced picture */
#define KEPT 16 /* frequencies of each direction: 1..16; 0 is the mean, which brightening changes */
#define N_KEPT (KEPT * KEPT)
#define PI 3.14159265358979323846
#define PASSES 2 /* of a box: a tent */

/* --- smoothing ---------------------------------------------------------------------------------------------------------- */
/* Each of `n` values `stride` apart becomes the mean of a window of `w` around it, as much of it as there is. */
static void
smooth(double *values, double *scratch, int n, size_t stride, int w)
{
    const int after = (w + 2) / 2 - 1, before = w - 1 - after;
    double sum = 0;
    int from = 0, to = 0; /* the window is from..to, `to` excluded */
    for (int i = 0; i < n; i++)
        scratch[i] = values[(size_t)i * stride];
    for (int i = 0; i < n; i++) {
        while (to < n && to <= i + after)
            sum += scratch[to++];
        while (from < i - before)
            sum -= scratch[from++];
        values[(size_t)i * stride] = sum / (to - from);
    }
}

/* Half of what one value of the reduced picture stands for, rounded up: two passes see all of it. */
static int
window_of(int n)
{
    return (n + 2 * SIDE - 1) / (2 * SIDE);
}

static bool
reduce(double *luma, int rows, int columns, double out[SIDE][SIDE])
{
    const size_t width = (size_t)columns;
    double *scratch = malloc(sizeof *scratch * (size_t)(rows > columns ? rows : columns));
    if (scratch == NULL)
        return false;
    for (int pass = 0; pass < PASSES && (rows != SIDE || columns != SIDE); pass++) {
        for (int y = 0; y < rows; y++)
            smooth(luma + (size_t)y * width, scratch, columns, 1, window_of(columns));
        for (int x = 0; x < columns; x++)
            smooth(luma + x, scratch, rows, width, window_of(rows));
    }
    free(scratch);
    for (int i = 0; i < SIDE; i++)
        for (int k = 0; k < SIDE; k++) {
            const size_t y = (size_t)((i + 0.5) * rows / SIDE);
            const size_t x = (size_t)((k + 0.5) * columns / SIDE);
            out[i][k] = luma[y * width + x];
        }
    return true;
}

/* --- how much there is to see: steps between neighbours that an eye notices --------------------------------------------- */
static int
step(double a, double b)
{
    return abs((int)((a - b) * 100 / 255));
}

static int
quality_of(double image[SIDE][SIDE])
{
    int sum = 0;
    for (int i = 0; i < SIDE; i++)
        for (int k = 0; k < SIDE; k++)
            sum += (i + 1 < SIDE ? step(image[i][k], image[i + 1][k]) : 0) +
                   (k + 1 < SIDE ? step(image[i][k], image[i][k + 1]) : 0);
    return sum / 90 > 100 ? 100 : sum / 90;
}

/* --- frequencies -------------------------------------------------------------------------------------------------------- */
static void
transform(double image[SIDE][SIDE], double out[KEPT][KEPT])
{
    double cosine[KEPT][SIDE], half[KEPT][SIDE];
    for (int i = 0; i < KEPT; i++)
        for (int k = 0; k < SIDE; k++)
            cosine[i][k] = sqrt(2.0 / SIDE) * cos(PI / 2 / SIDE * (i + 1) * (2 * k + 1));
    for (int i = 0; i < KEPT; i++)
        for (int k = 0; k < SIDE; k++) {
            half[i][k] = 0;
            for (int m = 0; m < SIDE; m++)
                half[i][k] += cosine[i][m] * image[m][k];
        }
    for (int i = 0; i < KEPT; i++)
        for (int k = 0; k < KEPT; k++) {
            out[i][k] = 0;
            for (int m = 0; m < SIDE; m++)
                out[i][k] += half[i][m] * cosine[k][m];
        }
}

static int
compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The lower one of the two in the middle, as the reference takes it. */
static double
median_of(double values[KEPT][KEPT])
{
    double sorted[N_KEPT];
    memcpy(sorted, values, sizeof sorted);
    qsort(sorted, N_KEPT, sizeof *sorted, compare);
    return sorted[(N_KEPT - 1) / 2];
}

bool
hib_pdq(double *luma, int rows, int columns, HibPdq *ret, int *ret_quality)
{
    double image[SIDE][SIDE], frequencies[KEPT][KEPT];
    if (rows < 5 || columns < 5 || !reduce(luma, rows, columns, image))
        return false;
    *ret_quality = quality_of(image);
    transform(image, frequencies);
    const double median = median_of(frequencies);
    memset(ret, 0, sizeof *ret);
    for (int i = 0; i < N_KEPT; i++)
        if (frequencies[i / KEPT][i % KEPT] > median)
            ret->bits[HIB_PDQ_BYTES - 1 - i / 8] |= (uint8_t)(1 << i % 8);
    return true;
}

/* --- as text, and compared ---------------------------------------------------------------------------------------------- */
void
hib_pdq_print(const HibPdq *hash, char out[HIB_PDQ_TEXT])
{
    for (size_t i = 0; i < HIB_PDQ_BYTES; i++)
        snprintf(out + 2 * i, 3, "%02x", hash->bits[i]);
}

static int
digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
hib_pdq_parse(const char *text, HibPdq *ret)
{
    if (strlen(text) != 2 * (size_t)HIB_PDQ_BYTES)
        return false;
    for (size_t i = 0; i < HIB_PDQ_BYTES; i++) {
        const int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        ret->bits[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

int
hib_pdq_distance(const HibPdq *a, const HibPdq *b)
{
    int n = 0;
    for (size_t i = 0; i < HIB_PDQ_BYTES; i += sizeof(uint64_t)) {
        uint64_t x, y;
        memcpy(&x, a->bits + i, sizeof x);
        memcpy(&y, b->bits + i, sizeof y);
        n += __builtin_popcountll(x ^ y);
    }
    return n;
}
