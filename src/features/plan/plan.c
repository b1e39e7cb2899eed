/* The record of plan/: its jobs. It listens to nobody: publish/, above it, tells it what became of a post. */
#include "plan/plan.h"
#include "plan/plan_private.h"

const HibFeature hib_plan = {
    .name = "plan",
    .jobs = hib_plan_jobs,
};
