/* What reading and printing of shapes share. */
#pragma once
#include "http/shape.h"

size_t hib_shape_width(const HibField *f); /* bytes of one value in a struct or array */
void hib_shape_print_text(const char *text, GString *out); /* quoted and escaped; NULL as "" */
