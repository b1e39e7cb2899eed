// What a workspace says once of all its texts: its industries, and the elections it minds. Read once a workspace, written whole.
import { api, ask, type Schemas } from '../api/client';
import { handleError } from '../shared/errors';
import { t } from '../shared/locale.svelte';
import { toasts } from '../shared/toasts.svelte';
import { session } from '../team/session.svelte';

type Setting = Schemas['CheckSetting'];
const SETTINGS = '/api/v1/workspaces/{workspace}/check/settings' as const;

export class CheckSettings {
  value = $state.raw<Setting | null>(null);

  async load() {
    try {
      this.value = await ask(api.GET(SETTINGS, { params: { path: session.path } }));
    } catch (error) {
      handleError(error);
    }
  }

  /** True when it is stored; then it can be undone. */
  async put(to: Setting, isUndo = false): Promise<boolean> {
    const before = this.value;
    this.value = to;
    try {
      this.value = await ask(api.PUT(SETTINGS, { params: { path: session.path }, body: to }));
      toasts.show(t(isUndo ? 'check.undone' : 'shell.saved'), isUndo || !before ? {} : { undo: () => void this.put(before, true) });
      return true;
    } catch (error) {
      this.value = before;
      handleError(error);
      return false;
    }
  }
}
