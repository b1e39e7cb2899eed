/* For faces_test.c: one practice network with an account of the publish fixture's workspace, whose real connector runs under the real
 * dispatcher; a fault is set when a delivery comes to a certain step. */
#pragma once
#include "networks/test_wire.h"
#include "publish/fixture_test.h"

typedef struct HibWorld HibWorld;

/* A way of posting: what of it is not the text. */
typedef struct {
    const char *network, *what;
    HibNetFormat format;
    int n_pictures, n_videos;
    bool has_thread, has_comment; /* a second text that follows */
    bool is_wordless;             /* nobody sees words: it is counted without them */
    const char *title, *options;
    HibDuration rest; /* between two posts, where a day takes few; 0: a quarter of an hour */
} HibTestForm;

typedef struct {
    HibTestPublish *publish;
    HibWorld *world;
    const char *network, *account, *picture, *video;
    HibPracticeService services[2];
    HibJobKind kinds[24];
    TestWire *media;  /* where the network fetches; NULL: it is not looked at */
    int is_media_out; /* atomic: that server answers nobody */
    int64_t n_rows, n_published, n_failed, n_reconnected, n_read_back, n_wrong;
} HibTestFaces;

HibTestFaces *hib_test_faces_new(HibTestStore *test, const char *network);
void hib_test_faces_free(HibTestFaces *f);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibTestFaces, hib_test_faces_free)
/* A new post in that form, due `after` from now; its id. A second text is "TEXT、つづき". */
const char *hib_test_faces_post(HibTestFaces *f, const HibTestForm *form, const char *text,
                                HibDuration after);
const char *hib_test_faces_second(HibTestFaces *f, const char *text);
HibDelivery *hib_test_faces_deliveries(HibTestFaces *f, const char *post, size_t *ret_n);
/* Lets time pass, and people sign in again where asked to, until nothing of the post is open. */
void hib_test_faces_settle(HibTestFaces *f, const char *post);
void hib_test_faces_rest(HibTestFaces *f,
                         const HibTestForm *form); /* so that no day's quota is used up */
/* From now on the network has to fetch pictures and videos, from a server that answers or does not. */
void hib_test_faces_serve_media(HibTestFaces *f, bool is_there);
/* What failed is tried again as a person does, and settles. */
void hib_test_faces_retry(HibTestFaces *f, const char *post, const char *delivery);
int64_t hib_test_faces_count(HibTestFaces *f, const char *text); /* live posts of that text */
int64_t hib_test_faces_created(HibTestFaces *f);                 /* posts that came into being */
int64_t hib_test_faces_twice(HibTestFaces *f);

/* --- the plan of faults ------------------------------------------------------------------------------------------------------------ */
#define HIB_TEST_FACES_STEPS 24
typedef struct {
    int fault; /* HibFault */
    int at; /* number of finished steps before it; -1: every delivery's first call with an effect */
    int times;          /* calls it hits */
    int when_read_back; /* hits the first reading back; NONE: it does not */
} HibTestFaultPlan;
void hib_test_faces_plan(HibTestFaces *f, const HibTestFaultPlan *plan);
/* Steps finished since the plan was made, and their names; how often it was read back. */
int hib_test_faces_steps(const char *const **ret_names);
int hib_test_faces_finds(void);
