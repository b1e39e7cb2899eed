// What people say to the accounts, newest first, and answering it. An answer is a delivery: it waits, goes out once, and its state is shown.
import { untrack } from 'svelte';
import { api, ask, type Schemas } from '../api/client';
import { onEvents } from '../api/events';
import { handleError, sentenceOf } from '../shared/errors';
import { session } from '../team/session.svelte';

export type Talk = Schemas['Talk'];
export type Shown = 'open' | 'all';

const PAGE = 50;
const MOST = 500;

/** There is an answer, or there may be one: a second is sent only when the person wants it. */
export const isAnswered = ({ answer }: Talk) => answer !== undefined && answer.state !== 'failed' && answer.state !== 'cancelled';
export const isOpen = (talk: Talk) => !talk.is_own && !talk.is_deleted && !isAnswered(talk);

export class TalkList {
  rows = $state.raw<Talk[] | null>(null);
  cursor = $state.raw<string | null>(null);
  failure = $state('');
  isLoadingMore = $state(false);
  #shown = $state<Shown>('open');

  /** `post`: only what stands under this post of ours; then everything is shown, the open first. */
  constructor(private readonly post?: string) {}

  get shown() {
    return this.#shown;
  }

  /** Made for `$effect(() => talk.use())`. */
  use(): () => void {
    untrack(() => void this.load());
    return onEvents(['talk', 'delivery'], () => void this.load());
  }

  choose(shown: Shown) {
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.rows = null;
    void this.load();
  }

  #fetch(query: { limit: number; cursor?: string }) {
    const filter = this.post ? { post: this.post } : this.#shown === 'open' ? { open: true } : {};
    return ask(api.GET('/api/v1/workspaces/{workspace}/talk', { params: { path: session.path, query: { ...filter, ...query } } }));
  }

  async load() {
    const shown = this.#shown;
    try {
      // As many as are on the screen, so that a refresh does not fold the list away.
      const page = await this.#fetch({ limit: Math.min(Math.max(this.rows?.length ?? 0, PAGE), MOST) });
      if (shown !== this.#shown) return;
      // What somebody has answered meanwhile stays in sight until the tab is left: one may be writing there.
      const left = shown === 'open' && !this.post ? await this.#noLongerOpen(page.talk) : [];
      this.rows = this.#inOrder([...page.talk, ...left]);
      this.cursor = page.next_cursor;
      this.failure = '';
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }

  /** The rows on the screen that the open list no longer has, as they are now. */
  async #noLongerOpen(open: Talk[]): Promise<Talk[]> {
    const ids = new Set(this.rows?.map((one) => one.id));
    for (const one of open) ids.delete(one.id);
    if (!ids.size) return [];
    const { talk } = await ask(api.GET('/api/v1/workspaces/{workspace}/talk', { params: { path: session.path, query: { limit: MOST } } }));
    return talk.filter((one) => ids.has(one.id));
  }

  #inOrder(rows: Talk[]): Talk[] {
    const newest = (a: Talk, b: Talk) => b.at.localeCompare(a.at) || b.id.localeCompare(a.id);
    return this.post ? rows.sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)) || newest(a, b)) : rows.sort(newest);
  }

  async more() {
    if (!this.cursor || this.isLoadingMore) return;
    this.isLoadingMore = true;
    try {
      const page = await this.#fetch({ limit: PAGE, cursor: this.cursor });
      const known = new Set(this.rows?.map((row) => row.id));
      this.rows = [...(this.rows ?? []), ...page.talk.filter((row) => !known.has(row.id))];
      this.cursor = page.next_cursor;
    } catch (error) {
      handleError(error);
    } finally {
      this.isLoadingMore = false;
    }
  }

  /** Throws a Problem: 409 engage.answered when somebody was quicker, unless `again`. */
  async answer(talk: Talk, text: string, again: boolean) {
    const path = { ...session.path, talk: talk.id };
    const after = await ask(api.POST('/api/v1/workspaces/{workspace}/talk/{talk}/reply', { params: { path }, body: { text, ...(again && { again }) } }));
    this.rows = this.rows?.map((row) => (row.id === after.id ? after : row)) ?? null;
  }
}
