// The hold switch: one press stops everything that has not begun to go out. Holding is done at once and can be undone;
// releasing lets overdue posts out, so it says how many before it does.
import { api, ask, type Schemas } from '../api/client';
import { handleError } from '../shared/errors';
import { session } from '../team/session.svelte';

export type Hold = Schemas['Hold'];

class HoldState {
  value = $state.raw<Hold | null>(null);
  isAsking = $state(false);

  get isHeld() {
    return this.value?.is_held ?? false;
  }

  async load() {
    try {
      this.value = await ask(api.GET('/api/v1/workspaces/{workspace}/hold', { params: { path: session.path } }));
    } catch (error) {
      handleError(error);
    }
  }

  async set(isHeld: boolean, reason?: string) {
    const before = this.value;
    this.isAsking = false;
    this.value = {
      n_waiting: 0, switches: [], ...before, is_held: isHeld, reason: reason ?? null,
      since: isHeld ? (before?.since ?? new Date().toISOString()) : null, by: isHeld ? (before?.by ?? session.person?.name ?? null) : null,
    };
    try {
      const body = { is_held: isHeld, ...(reason ? { reason } : {}) };
      this.value = await ask(api.PUT('/api/v1/workspaces/{workspace}/hold', { params: { path: session.path }, body }));
    } catch (error) {
      this.value = before;
      handleError(error);
    }
  }

  /** The switch: holds at once; asks before releasing. */
  press() {
    if (this.isHeld) this.isAsking = true;
    else void this.set(true);
  }
}

export const hold = new HoldState();
