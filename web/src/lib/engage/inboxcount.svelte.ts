// How much waits, for the menu: asked for again when something was said, answered or taken.
import { untrack } from 'svelte';
import { api, ask, type Schemas } from '../api/client';
import { onEvents } from '../api/events';
import { session } from '../team/session.svelte';

class InboxCount {
  value = $state.raw<Schemas['InboxCounts'] | null>(null);

  /** Made for `$effect(() => inboxCount.use())`. */
  use(): () => void {
    untrack(() => void this.load());
    return onEvents(['talk', 'thread', 'delivery'], () => void this.load());
  }

  async load() {
    try {
      this.value = await ask(api.GET('/api/v1/workspaces/{workspace}/inbox', { params: { path: session.path } }));
    } catch {
      this.value = null; // the menu stands without it
    }
  }
}

export const inboxCount = new InboxCount();
