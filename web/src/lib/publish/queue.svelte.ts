// The queue's rows by tab: waiting (next first), what needs a person (failed and unknown), published (newest first).
import { api, ask, type Schemas } from '../api/client';
import { handleError, sentenceOf } from '../shared/errors';
import { session } from '../team/session.svelte';

export type Delivery = Schemas['Delivery'];
/** `review` is no list of deliveries: posts that wait for an approval (lib/plan). */
export type Tab = 'waiting' | 'attention' | 'published';
export type Shown = Tab | 'review';
export const TABS: Shown[] = ['waiting', 'review', 'attention', 'published'];

type Query = { state: Delivery['state']; order: 'due' | 'newest' };
const QUERIES: Record<Tab, Query[]> = {
  waiting: [{ state: 'sending', order: 'due' }, { state: 'waiting', order: 'due' }],
  attention: [{ state: 'failed', order: 'newest' }, { state: 'unknown', order: 'newest' }],
  published: [{ state: 'published', order: 'newest' }],
};
const PAGE = 50;

export class Queue {
  tab = $state<Tab>('waiting');
  rows = $state.raw<Delivery[] | null>(null);
  cursor = $state.raw<string | null>(null);
  attention = $state(0);
  failure = $state('');
  isLoadingMore = $state(false);

  choose(tab: Tab) {
    if (tab === this.tab && this.rows) return;
    this.tab = tab;
    this.rows = null;
    void this.load();
  }

  #fetch(query: Query & { cursor?: string; limit?: number }) {
    return ask(api.GET('/api/v1/workspaces/{workspace}/deliveries', { params: { path: session.path, query: { limit: PAGE, ...query } } }));
  }

  async load() {
    const tab = this.tab;
    try {
      // As many rows as are on the screen, so that a refresh does not fold the list away.
      const limit = Math.min(Math.max(this.rows?.length ?? 0, PAGE), 500);
      const [pages, needy] = await Promise.all([
        Promise.all(QUERIES[tab].map((query) => this.#fetch({ ...query, limit }))),
        tab === 'attention' ? null : Promise.all(QUERIES.attention.map((query) => this.#fetch(query))),
      ]);
      if (tab !== this.tab) return;
      const rows = pages.flatMap((page) => page.deliveries);
      const sign = tab === 'waiting' ? 1 : -1;
      this.rows = rows.sort((a, b) => sign * a.due_at.localeCompare(b.due_at));
      this.cursor = pages.at(-1)?.next_cursor ?? null;
      this.attention = needy ? needy.reduce((sum, page) => sum + page.deliveries.length, 0) : this.rows.length;
      this.failure = '';
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }

  async more() {
    if (!this.cursor || this.isLoadingMore) return;
    this.isLoadingMore = true;
    try {
      const page = await this.#fetch({ ...QUERIES[this.tab].at(-1)!, cursor: this.cursor });
      const known = new Set(this.rows?.map((row) => row.id));
      this.rows = [...(this.rows ?? []), ...page.deliveries.filter((row) => !known.has(row.id))];
      this.cursor = page.next_cursor;
    } catch (error) {
      handleError(error);
    } finally {
      this.isLoadingMore = false;
    }
  }

  replace(changed: Delivery) {
    this.rows = this.rows?.map((row) => (row.id === changed.id ? changed : row)) ?? null;
  }
}
