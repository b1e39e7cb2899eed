// What concerns this person: the newest notices, how many are unread, and how each kind is to reach them.
import { untrack } from 'svelte';
import { api, ask, type Schemas } from '../api/client';
import { onEvents } from '../api/events';
import { handleError, sentenceOf } from '../shared/errors';
import { session } from '../team/session.svelte';

export type Notice = Schemas['Notice'];
const BASE = '/api/v1/workspaces/{workspace}/notices' as const;
const PAGE = 30;

class Notices {
  rows = $state.raw<Notice[] | null>(null);
  unread = $state(0);
  cursor = $state.raw<string | null>(null);
  failure = $state('');

  use(): () => void {
    untrack(() => void this.load());
    return onEvents(['notice'], (events) => {
      if (events.some((one) => one.subject === session.person?.id || one.kind === 'reset')) void this.load();
    });
  }

  async load() {
    try {
      const page = await ask(api.GET(BASE, { params: { path: session.path, query: { limit: PAGE } } }));
      this.rows = page.notices;
      this.unread = page.n_unread;
      this.cursor = page.next_cursor;
      this.failure = '';
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }

  async more() {
    if (!this.cursor) return;
    try {
      const page = await ask(api.GET(BASE, { params: { path: session.path, query: { limit: PAGE, cursor: this.cursor } } }));
      this.rows = [...(this.rows ?? []), ...page.notices];
      this.cursor = page.next_cursor;
    } catch (error) {
      handleError(error);
    }
  }

  /** These, or all of them. */
  async read(ids?: string[]) {
    const at = new Date().toISOString();
    this.rows = this.rows?.map((row) => (row.read_at || (ids && !ids.includes(row.id)) ? row : { ...row, read_at: at })) ?? null;
    try {
      this.unread = (await ask(api.POST(`${BASE}/read`, { params: { path: session.path }, body: ids ? { ids } : {} }))).n_unread;
    } catch (error) {
      handleError(error);
    }
  }
}
export const notices = new Notices();

export const settings = {
  get: () => ask(api.GET(`${BASE}/settings`, { params: { path: session.path } })),
  choose: (choices: Schemas['NoticeChoice'][]) => ask(api.PUT(`${BASE}/choices`, { params: { path: session.path }, body: { choices } })),
  setHook: (body: Schemas['NoticeHookDraft']) => ask(api.PUT(`${BASE}/hook`, { params: { path: session.path }, body })),
  dropHook: () => ask(api.DELETE(`${BASE}/hook`, { params: { path: session.path } })),
  test: (way: 'mail' | 'hook') => ask(api.POST(`${BASE}/test`, { params: { path: session.path }, body: { way } })),
};
