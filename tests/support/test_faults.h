/* The fault table: what each fault at each kind of step must come to, on whatever network. Used against the network in memory, and for any
 * other that can be told to fail: it needs only to set a fault and to count what is out. */
#pragma once
#include "publish/publish_private.h"
#include "test_scripted.h"

/* How it ends, by itself unless a person is named. */
typedef enum {
    HIB_TEST_END_OUT,       /* published once */
    HIB_TEST_END_REFUSED,   /* failed with the network's reason; the person edits */
    HIB_TEST_END_RECONNECT, /* waits for a person to sign in again, then published once */
} HibTestEnd;

static inline HibTestEnd
hib_test_fault_end(HibTestFault fault, HibDeliverStep step)
{
    if (fault == HIB_TEST_ENDED)
        return HIB_TEST_END_RECONNECT;
    /* What reading back is refused says nothing of the post. */
    return fault == HIB_TEST_REFUSED && step != HIB_STEP_FIND ? HIB_TEST_END_REFUSED
                                                              : HIB_TEST_END_OUT;
}

/* Whether the fault can happen there: a container expires before the effect only; a quota is asked where something is made. */
static inline bool
hib_test_fault_fits(HibTestFault fault, HibDeliverStep step)
{
    bool is_before = step == HIB_STEP_PREPARE || step == HIB_STEP_EFFECT;
    return is_before || (fault != HIB_TEST_NEW_HANDLE && fault != HIB_TEST_QUOTA);
}

/* A network that can be told to fail. */
typedef struct {
    void *data;
    void (*fault)(void *data, const char *step, HibTestFault fault, int times);
    void (*clear)(void *data);
    int (*count)(void *data, const char *text); /* posts that are out */
} HibTestFaulty;

/* The promise, whatever happened: never twice, never lost, never silent. To be asked when two days have gone by. */
static inline void
hib_test_promise(const HibDelivery *d, int n_out)
{
    g_assert_cmpint(n_out, <=, 1);
    g_assert_true(d->state != HIB_DELIVERY_SENDING && d->state != HIB_DELIVERY_WAITING);
    if (d->state == HIB_DELIVERY_PUBLISHED) {
        g_assert_cmpint(n_out, ==, 1);
        g_assert_true(d->remote_id && !d->has_error);
        return;
    }
    g_assert_true(d->has_error && d->next != HIB_NEXT_NONE && d->next != HIB_NEXT_WAIT);
    if (d->state == HIB_DELIVERY_FAILED)
        g_assert_cmpint(n_out, ==, 0);
}
