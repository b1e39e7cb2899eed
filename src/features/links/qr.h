/* Inside links/ only: an address as a QR code. */
#pragma once
#include <glib.h>

/* Error correction M (a fifteenth part may be dirty), four modules of quiet around. `size`: width and height in pixels; a PNG is the largest whole multiple of its modules within it. NULL: too
 * long for a code. */
char *hib_qr_svg(const char *text, int size);
GBytes *hib_qr_png(const char *text, int size);
