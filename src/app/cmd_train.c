/* hibiki train [FOLDER] [--out FILE] [--report] [--check]: labelled texts → the model by which messages are read.
 *
 * Without FOLDER it is training/. --check says whether the model in this binary is what the folder's texts give (exit code 1: it is older or other ones'). */
#include "app/command.h"
#include "app/training.h"
#include "base/error.h"

#include <string.h>

static const char *const valued[] = {"out", NULL};

static int
check(const HibCommandCall *call, const HibTraining *training)
{
    bool is_current = g_str_equal(hib_classifier_sum(hib_classifier_builtin()), training->sum);
    hib_command_say(call, is_current ? "train.current" : "train.stale", NULL);
    return is_current ? 0 : 1;
}

static int
cannot_write(const HibCommandCall *call, const char *name)
{
    g_autoptr(GError) error = NULL;
    hib_error_set(&error, HIB_ERROR_INVALID, "cli.unwritable", "cannot write %s", name);
    hib_error_set_detail(error, "name", name);
    return hib_command_fail(call, error);
}

int
hib_command_train(const HibCommandCall *call)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(GError) error = NULL;
    HibTraining training, held;
    const char *folder = hib_command_word(call, 0, valued), *out = hib_command_option(call, "out");
    folder = folder ? folder : "training";
    if (!hib_training_load(arena, folder, &training, &error) ||
        !hib_training_load_held(arena, folder, &held, &error))
        return hib_command_fail(call, error);
    if (hib_command_flag(call, "check"))
        return check(call, &training);
    g_autoptr(GBytes) bytes = hib_classifier_train(training.texts, training.n, training.sum);
    gsize n;
    const char *data = g_bytes_get_data(bytes, &n);
    if (out && !g_file_set_contents(out, data, (gssize)n, NULL))
        return cannot_write(call, out);
    g_autoptr(HibClassifier) model = hib_classifier_read(data, n);
    if (hib_command_flag(call, "report"))
        hib_training_report(&training, &held, model);
    return 0;
}
