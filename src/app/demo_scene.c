/* See demo_scene.h. Flat shapes in a few calm colours; where they lie and which ground they lie on is the seed's. */
#include "app/demo_scene.h"
#include "base/secrets.h"
#include <cairo.h>
#include <math.h>

#define WIDE 1080 /* what is drawn is measured in these */
#define HIGH 810
#define BROWN 0x6b4a36
#define DARK 0x3f2c22
#define CREAM 0xfbf5ea
#define WOOD 0xc99f74
#define RED 0xc8553d
#define GREEN 0x7d9a63
#define YELLOW 0xe7b84f
#define BLUE 0x88a9b8

typedef struct {
    cairo_t *on;
    HibSeeded dice;
} Scene;

static void
ink(const Scene *s, uint32_t colour)
{
    cairo_set_source_rgb(s->on, (colour >> 16) / 255.0, (colour >> 8 & 255) / 255.0,
                         (colour & 255) / 255.0);
}

static double
between(Scene *s, double least, double most)
{
    return least + (most - least) * hib_seeded_unit(&s->dice);
}

static uint32_t
one_of(Scene *s, const uint32_t *colours, int n)
{
    return colours[hib_seeded_below(&s->dice, n)];
}

/* --- shapes ----------------------------------------------------------------------------------------------------------------- */
static void
fill_box(const Scene *s, uint32_t colour, double x, double y, double width, double height)
{
    ink(s, colour);
    cairo_rectangle(s->on, x, y, width, height);
    cairo_fill(s->on);
}

static void
fill_oval(const Scene *s, uint32_t colour, double x, double y, double wide, double high,
          double turn)
{
    ink(s, colour);
    cairo_save(s->on);
    cairo_translate(s->on, x, y);
    cairo_rotate(s->on, turn);
    cairo_scale(s->on, wide, high);
    cairo_arc(s->on, 0, 0, 1, 0, 2 * G_PI);
    cairo_restore(s->on);
    cairo_fill(s->on);
}

static void
fill_disc(const Scene *s, uint32_t colour, double x, double y, double radius)
{
    fill_oval(s, colour, x, y, radius, radius, 0);
}

/* Wider above (or below) than at its other end. */
static void
fill_trapeze(const Scene *s, uint32_t colour, double x, double y, double above, double below,
             double height)
{
    ink(s, colour);
    cairo_move_to(s->on, x - above / 2, y);
    cairo_line_to(s->on, x + above / 2, y);
    cairo_line_to(s->on, x + below / 2, y + height);
    cairo_line_to(s->on, x - below / 2, y + height);
    cairo_close_path(s->on);
    cairo_fill(s->on);
}

static void
draw_bean(const Scene *s, double x, double y, double size, double turn)
{
    fill_oval(s, BROWN, x, y, size, size * 0.68, turn);
    ink(s, DARK);
    cairo_save(s->on);
    cairo_translate(s->on, x, y);
    cairo_rotate(s->on, turn);
    cairo_move_to(s->on, -size * 0.85, 0);
    cairo_curve_to(s->on, -size * 0.3, -size * 0.35, size * 0.3, size * 0.35, size * 0.85, 0);
    cairo_restore(s->on);
    cairo_set_line_width(s->on, size * 0.1);
    cairo_stroke(s->on);
}

/* From the side: its saucer, its handle, steam above it. */
static void
draw_cup(const Scene *s, uint32_t colour, double x, double y, double size)
{
    fill_oval(s, colour, x, y + size * 0.75, size * 1.25, size * 0.14, 0);
    ink(s, colour);
    cairo_set_line_width(s->on, size * 0.16);
    cairo_arc(s->on, x + size * 0.78, y + size * 0.15, size * 0.26, 0, 2 * G_PI);
    cairo_stroke(s->on);
    fill_trapeze(s, colour, x, y - size * 0.35, size * 1.6, size * 0.9, size);
    fill_oval(s, DARK, x, y - size * 0.35, size * 0.74, size * 0.12, 0);
    ink(s, CREAM);
    cairo_set_line_width(s->on, size * 0.06);
    for (int i = -1; i <= 1; i++) {
        const double at = x + i * size * 0.32, low = y - size * 0.65;
        cairo_move_to(s->on, at, low);
        cairo_curve_to(s->on, at - size * 0.2, low - size * 0.25, at + size * 0.2, low - size * 0.4,
                       at, low - size * 0.65);
        cairo_stroke(s->on);
    }
}

static void
draw_table(const Scene *s, double y)
{
    fill_box(s, WOOD, 0, y, WIDE, HIGH - y);
    fill_box(s, 0xb98c60, 0, y, WIDE, 14);
}

/* --- what there is to see ------------------------------------------------------------------------------------------------------- */
static void
draw_beans(Scene *s)
{
    const double x = between(s, 300, 780), y = between(s, 300, 520);
    fill_oval(s, WOOD, x, y, 330, 250, between(s, -0.3, 0.3));
    for (int i = 0; i < 46; i++) {
        const double far = sqrt(hib_seeded_unit(&s->dice)) * 260, turn = between(s, 0, 2 * G_PI);
        draw_bean(s, x + far * cos(turn), y + far * sin(turn) * 0.72, 34, between(s, 0, G_PI));
    }
    for (int i = 0; i < 7; i++)
        draw_bean(s, between(s, 40, 1040), between(s, 40, 770), 34, between(s, 0, G_PI));
}

static void
draw_lunch(Scene *s)
{
    static const uint32_t foods[] = {RED, YELLOW, GREEN, 0xd98e5f, 0xa9764f};
    const double x = between(s, 430, 650), y = between(s, 370, 440);
    fill_disc(s, CREAM, x, y, 300);
    fill_disc(s, 0xefe4d2, x, y, 232);
    const uint32_t first = one_of(s, foods, 5);
    fill_oval(s, first, x - 50, y - 10, 150, 110, between(s, -0.6, 0.6));
    for (int i = 0; i < 9; i++) {
        const double turn = between(s, -0.9, 1.2), far = between(s, 110, 185);
        fill_disc(s, one_of(s, foods, 5), x + far * cos(turn), y + far * sin(turn),
                  between(s, 22, 46));
    }
    for (int i = 0; i < 2; i++) {
        const double at = i ? x + 380 : x - 380;
        fill_box(s, CREAM, at - 11, y - 60, 22, 290);
        fill_oval(s, CREAM, at, y - 120, 38, 85, 0);
    }
}

static void
draw_sweets(Scene *s)
{
    static const uint32_t toppings[] = {RED, GREEN, BLUE, CREAM};
    const double x = between(s, 400, 680), y = 300;
    draw_table(s, 560);
    fill_oval(s, CREAM, x, 640, 320, 62, 0);
    if (hib_seeded_below(&s->dice, 2)) { /* a pudding */
        fill_trapeze(s, YELLOW, x, y + 40, 240, 380, 290);
        fill_trapeze(s, BROWN, x, y + 40, 240, 272, 66);
    } else { /* a piece of cake */
        fill_box(s, 0xf0d9a8, x - 190, y + 90, 380, 240);
        fill_box(s, CREAM, x - 190, y + 60, 380, 60);
        fill_box(s, one_of(s, toppings, 3), x - 190, y + 190, 380, 26);
    }
    for (int i = -1; i <= 1; i++)
        fill_disc(s, one_of(s, toppings, 4), x + i * 76, y + between(s, 10, 40), 36);
}

static void
draw_season(Scene *s)
{
    static const uint32_t leaves[] = {YELLOW, RED, GREEN, 0xd98e5f};
    const uint32_t leaf = one_of(s, leaves, 4);
    fill_disc(s, CREAM, between(s, 150, 930), between(s, 120, 240), 84);
    fill_oval(s, 0xb9c4a0, between(s, 200, 500), 760, 620, 300, 0);
    fill_oval(s, 0x9fae87, between(s, 600, 900), 800, 560, 270, 0);
    for (int i = 0; i < 5; i++) {
        const double x = 110 + 215 * i + between(s, -40, 40), y = between(s, 430, 520);
        fill_box(s, BROWN, x - 13, y, 26, 230);
        fill_oval(s, leaf, x, y - 30, between(s, 80, 112), between(s, 112, 160), 0);
    }
    for (int i = 0; i < 24; i++)
        fill_oval(s, leaf, between(s, 0, WIDE), between(s, 640, 800), 15, 8, between(s, 0, G_PI));
}

static void
draw_board(Scene *s)
{
    const double x = between(s, 300, 420), y = 120;
    fill_box(s, WOOD, x, y, 400, 540);
    fill_box(s, 0x33403a, x + 26, y + 26, 348, 488);
    draw_cup(s, CREAM, x + 190, y + 180, 62);
    for (int i = 0; i < 5; i++)
        fill_box(s, i % 2 ? 0xb9c4b4 : CREAM, x + 70, y + 290 + 42 * i, between(s, 120, 255), 14);
    fill_trapeze(s, BROWN, x + 200, y + 540, 430, 520, 90);
}

static void
draw_dripper(Scene *s)
{
    const double x = between(s, 400, 680);
    draw_table(s, 620);
    fill_trapeze(s, CREAM, x, 150, 340, 130, 190);
    fill_box(s, CREAM, x - 105, 340, 210, 26);
    fill_trapeze(s, BROWN, x, 176, 296, 190, 84);
    fill_trapeze(s, 0xdfe9ea, x, 380, 170, 330, 240);
    fill_trapeze(s, BROWN, x, 500, 260, 330, 120);
    for (int i = 0; i < 3; i++)
        fill_oval(s, BROWN, x, 396 + 34 * i, 7, 12, 0);
    draw_cup(s, CREAM, x > 540 ? x - 340 : x + 340, 560, 96);
}

static void
draw_house(Scene *s)
{
    const double x = between(s, 180, 480), y = 90;
    fill_box(s, BROWN, x - 16, y - 16, 452, 412);
    for (int i = 0; i < 4; i++) {
        static const uint32_t lights[] = {0xf6dca0, 0xdbe7ea, 0xc9dade, 0xf2cfae};
        fill_box(s, one_of(s, lights, 4), x + i % 2 * 218, y + i / 2 * 196, 202, 184);
    }
    fill_box(s, DARK, x + 540 - 3, 0, 6, 190);
    fill_trapeze(s, RED, x + 540, 186, 70, 210, 96);
    fill_oval(s, 0xf6dca0, x + 540, 284, 100, 14, 0);
    draw_table(s, 600);
    draw_cup(s, CREAM, x + between(s, 60, 400), 560, 92);
}

static cairo_status_t
append(void *closure, const unsigned char *data, unsigned int n)
{
    g_byte_array_append(closure, data, n);
    return CAIRO_STATUS_SUCCESS;
}

GBytes *
hib_demo_scene(const char *topic, uint64_t seed)
{
    static const struct {
        const char *topic;
        void (*draw)(Scene *);
    } all[] = {{"豆", draw_beans},      {"ランチ", draw_lunch},   {"甘いもの", draw_sweets},
               {"季節", draw_season},   {"お知らせ", draw_board}, {"淹れ方", draw_dripper},
               {"店のこと", draw_house}};
    static const uint32_t grounds[] = {0xf0e2d0, 0xe9cfc0, 0xd9dfc8, 0xcfdde0, 0xecd9a9, 0xd8c8d2};
    GByteArray *png = g_byte_array_new();
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, HIB_SCENE_WIDTH, HIB_SCENE_HEIGHT);
    Scene s = {.on = cairo_create(surface)};
    void (*draw)(Scene *) = draw_house;
    hib_seeded_init(&s.dice, seed);
    cairo_scale(s.on, (double)HIB_SCENE_WIDTH / WIDE, (double)HIB_SCENE_HEIGHT / HIGH);
    fill_box(&s, one_of(&s, grounds, G_N_ELEMENTS(grounds)), 0, 0, WIDE, HIGH);
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        if (g_strcmp0(all[i].topic, topic) == 0)
            draw = all[i].draw;
    draw(&s);
    cairo_surface_write_to_png_stream(surface, append, png);
    cairo_destroy(s.on);
    cairo_surface_destroy(surface);
    return g_byte_array_free_to_bytes(png);
}
