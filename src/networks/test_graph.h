/* For tests of Instagram, Facebook and Threads: a small Graph on the loopback that keeps the protocol's promises (containers that take
 * their time and are published once, uploads that go on where they were cut, videos that are processed) and goes wrong when told to. */
#pragma once
#include "networks/test_wire.h"

typedef enum {
    GRAPH_FINE,
    GRAPH_CUT_BEFORE, /* the line breaks and the Graph did not act */
    GRAPH_CUT_AFTER,  /* it acted, its answer is lost */
    GRAPH_500_BEFORE,
    GRAPH_500_AFTER,
    GRAPH_RATE,  /* code 4 */
    GRAPH_TOKEN, /* code 190 */
    GRAPH_FAULT_N
} TestGraphFault;

typedef struct {
    char id[40], of[40]; /* what it is listed under: "media" "published_posts" "m1/comments" … */
    char text[600];
    HibInstant at;
    int n_media;
} TestGraphPost;

typedef struct {
    TestWire *wire;
    HibArena *arena;
    HibHttp *http;
    HibClock *clock;
    TestGraphFault fault;
    int fault_at;       /* which call goes wrong, from 1; 0: none */
    int n_calls, n_out; /* calls in all; things made public */
    int n_slow;         /* questions before a container or video is ready */
    const char *status; /* what containers end as; NULL: FINISHED */
    const char *why;    /* with ERROR */
    int n_early;        /* publishes refused as too early */
    int n_unlisted;     /* lists that do not show the newest post yet */
    TestGraphPost posts[64];
    int n_posts;
    struct {
        char id[24], form[4000];
        int n_asked;
        bool is_out;
        int64_t got, size;
    } things[64]; /* containers, photos, videos */
    int n_things;
    char journal[8000]; /* "POST /v25.0/178/media\n" … */
    char last_form[4000];
} TestGraph;

TestGraph *test_graph_new(void);
void test_graph_free(TestGraph *graph);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestGraph, test_graph_free)
/* A post on its way from the account "178" ("hibiki") on that Graph. */
TestDrive test_graph_drive(TestGraph *graph, const HibNetwork *network, const HibNetPost *post);
/* `n` more posts of others at the place where the newest one is listed, a minute apart, from an hour and a half later on. */
void test_graph_crowd(TestGraph *graph, int n);
/* A medium of `n` zero bytes. */
HibNetMedia test_graph_medium(const char *mime, int64_t n, const char *url);
/* The form of the container or video number `i`, from 0. */
const char *test_graph_form(const TestGraph *graph, int i);
bool test_graph_has(const char *form, const char *pair); /* "a=b" decoded is among its pairs */
