/* hibiki serve: web server, scheduler and collectors in one process, until it is told to stop. */
#include "app/command.h"
#include "app/practice.h"
#include "app/program.h"
#include "base/log.h"

int
hib_command_serve(const HibCommandCall *call)
{
    g_auto(HibPracticeWorld) practice = {0}; /* outlives the program: it is asked until the end */
    g_auto(HibProgram) program = {0};
    g_autoptr(GError) error = NULL;
    hib_program_block_signals();
    if (hib_command_flag(call, "new-key") && !hib_program_new_key(call->settings->data_dir, &error))
        return hib_command_fail(call, error);
    if (!hib_program_open(&program, call->settings, false, &error) ||
        !hib_practice_world_open(&practice, call->settings->practice, call->settings->data_dir,
                                 &program.services, &error) ||
        !hib_program_start(&program, call->settings, &error))
        return hib_command_fail(call, error);
    g_autofree char *port = g_strdup_printf("%d", hib_server_port(program.server));
    hib_log(HIB_INFO, "program.started", "version", program.services.version, "address",
            call->settings->address, "port", port, NULL);
    g_autofree char *url = g_strdup_printf("http://%s:%s", call->settings->address, port);
    hib_command_say(call, "serving", *call->settings->base_url ? call->settings->base_url : url);
    hib_program_wait();
    return 0;
}
