/* Pictures' headers: files of the reference encoders read right, whatever is cut off or changed is survived.
 * Copies are exactly as long as what is tested, so that a sanitizer sees one byte too far. */
#include "base/secrets.h"
#include "media/media_private.h"
#include <string.h>

#ifndef HIB_TEST_IMAGES
#error "meson gives the folder of the sample pictures"
#endif

typedef struct {
    const char *name;
    HibImageType type;
    int width, height;
} Sample;
static const Sample samples[] = {
    {"baseline_40x30.jpg", HIB_IMAGE_JPEG, 40, 30},
    {"progressive_33x7.jpg", HIB_IMAGE_JPEG, 33, 7},
    {"turned_6_30x40.jpg", HIB_IMAGE_JPEG, 30, 40},
    {"plain_21x9.png", HIB_IMAGE_PNG, 21, 9},
    {"interlaced_16x64.png", HIB_IMAGE_PNG, 16, 64},
    {"lossy_31x17.webp", HIB_IMAGE_WEBP, 31, 17},
    {"alpha_23x11.webp", HIB_IMAGE_WEBP, 23, 11},
    {"lossless_5x41.webp", HIB_IMAGE_WEBP, 5, 41},
    {"plain_13x6.gif", HIB_IMAGE_GIF, 13, 6},
};

static unsigned char *
load(const char *name, size_t *n)
{
    g_autofree char *path = g_build_filename(HIB_TEST_IMAGES, name, NULL);
    char *data = NULL;
    g_assert_true(g_file_get_contents(path, &data, n, NULL));
    return (unsigned char *)data;
}

static HibImageFacts
read_copy(const void *data, size_t n)
{
    g_autofree unsigned char *copy = g_memdup2(data, n);
    return hib_image_read(copy, n);
}

static void
files_of_reference_encoders_are_measured_as_shown(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
        size_t n = 0;
        g_autofree unsigned char *data = load(samples[i].name, &n);
        HibImageFacts facts = read_copy(data, n);
        g_assert_cmpint(facts.type, ==, samples[i].type);
        g_assert_cmpint(facts.width, ==, samples[i].width);
        g_assert_cmpint(facts.height, ==, samples[i].height);
    }
}

static void
a_file_cut_anywhere_is_measured_right_or_not_at_all(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
        size_t n = 0;
        g_autofree unsigned char *data = load(samples[i].name, &n);
        g_assert_cmpint(read_copy(data, 8).type, ==, HIB_IMAGE_NONE);
        for (size_t cut = 0; cut < n; cut++) {
            HibImageFacts facts = read_copy(data, cut);
            if (facts.type == HIB_IMAGE_NONE)
                continue;
            g_assert_cmpint(facts.type, ==, samples[i].type);
            g_assert_cmpint(facts.width, ==, samples[i].width);
            g_assert_cmpint(facts.height, ==, samples[i].height);
        }
    }
}

static void
changed_bytes_never_give_a_size_out_of_range(void)
{
    HibSeeded seeded;
    hib_seeded_init(&seeded, 20261123);
    for (int round = 0; round < 20000; round++) {
        const Sample *sample = &samples[hib_seeded_below(&seeded, G_N_ELEMENTS(samples))];
        size_t n = 0;
        g_autofree unsigned char *data = load(sample->name, &n);
        for (int k = 0; k < 4; k++)
            data[hib_seeded_below(&seeded, (int64_t)MIN(n, 80))] =
                (unsigned char)hib_seeded_below(&seeded, 256);
        HibImageFacts facts = read_copy(data, n);
        bool is_measured = facts.type >= HIB_IMAGE_JPEG && facts.type <= HIB_IMAGE_GIF;
        g_assert_true(is_measured == (facts.width > 0 && facts.height > 0));
        g_assert_cmpint(MAX(facts.width, facts.height), <=, HIB_IMAGE_SIDE);
    }
}

static void
the_first_bytes_tell_what_a_file_is(void)
{
    static const struct {
        const char *text;
        HibImageType type;
    } files[] = {
        {"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", HIB_IMAGE_OTHER},
        {"<?xml version=\"1.0\"?>\n<!-- a -->\n<svg>", HIB_IMAGE_OTHER},
        {"\x01\x01\x01\x18"
         "ftypheic",
         HIB_IMAGE_HEIC},
        {"\x01\x01\x01\x18"
         "ftypavif",
         HIB_IMAGE_AVIF},
        {"\x01\x01\x01\x18"
         "ftypmif1____miafavif",
         HIB_IMAGE_AVIF},
        {"\x01\x01\x01\x18"
         "ftypisom",
         HIB_IMAGE_MP4},
        {"\x01\x01\x01\x18"
         "ftypqt  ",
         HIB_IMAGE_MP4},
        {"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm", HIB_IMAGE_WEBM},
        {"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska", HIB_IMAGE_OTHER},
        {"", HIB_IMAGE_NONE},
        {"hello", HIB_IMAGE_NONE},
        {"%PDF-1.7", HIB_IMAGE_NONE},
        {"<html><script>alert(1)</script>", HIB_IMAGE_NONE},
        {"GIF89", HIB_IMAGE_NONE},
        {"MZ\x90", HIB_IMAGE_NONE},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
        g_assert_cmpint(read_copy(files[i].text, strlen(files[i].text)).type, ==, files[i].type);
    g_assert_cmpint(read_copy("II*\0\x08\0\0\0", 8).type, ==, HIB_IMAGE_OTHER);
}

static void
sizes_of_zero_and_beyond_the_cap_are_refused(void)
{
    unsigned char png[] = "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x05\0\0\0\x05\x08\x02\0\0\0____";
    g_assert_cmpint(read_copy(png, 33).width, ==, 5);
    png[19] = 0;
    g_assert_cmpint(read_copy(png, 33).type, ==, HIB_IMAGE_NONE);
    png[17] = 1; /* 65536 wide */
    g_assert_cmpint(read_copy(png, 33).type, ==, HIB_IMAGE_NONE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/image/files_of_reference_encoders_are_measured_as_shown",
                    files_of_reference_encoders_are_measured_as_shown);
    g_test_add_func("/image/a_file_cut_anywhere_is_measured_right_or_not_at_all",
                    a_file_cut_anywhere_is_measured_right_or_not_at_all);
    g_test_add_func("/image/changed_bytes_never_give_a_size_out_of_range",
                    changed_bytes_never_give_a_size_out_of_range);
    g_test_add_func("/image/the_first_bytes_tell_what_a_file_is",
                    the_first_bytes_tell_what_a_file_is);
    g_test_add_func("/image/sizes_of_zero_and_beyond_the_cap_are_refused",
                    sizes_of_zero_and_beyond_the_cap_are_refused);
    return g_test_run();
}
