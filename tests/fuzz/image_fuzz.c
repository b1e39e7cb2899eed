/* Fuzz target: the header of a picture somebody uploads. Whatever the bytes, it stays inside them and names a size within the cap. */
#include "media/media_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    HibImageFacts facts = hib_image_read(data, n);
    bool is_measured = facts.type >= HIB_IMAGE_JPEG && facts.type <= HIB_IMAGE_GIF;
    g_assert_true(is_measured == (facts.width > 0 && facts.height > 0));
    g_assert_cmpint(facts.width, <=, HIB_IMAGE_SIDE);
    g_assert_cmpint(facts.height, <=, HIB_IMAGE_SIDE);
    return 0;
}
