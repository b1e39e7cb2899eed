// The inbox: conversations, the most urgent first; one of them open; live by the event stream. What is on the screen stays where it is until the list is
// asked for anew, so that nothing jumps under the pointer while somebody reads.
import { untrack } from 'svelte';
import { api, ask, type Schemas } from '../api/client';
import { onEvents } from '../api/events';
import { handleError, sentenceOf } from '../shared/errors';
import { router } from '../shared/router.svelte';
import { session } from '../team/session.svelte';
import type { Talk } from './talk.svelte';

export type Thread = Schemas['Thread'];
export type Reading = Schemas['TalkReading'];
export type View = 'waiting' | 'mine' | 'all' | 'done' | 'snoozed';
export const VIEWS: View[] = ['waiting', 'mine', 'all', 'done', 'snoozed'];
export const INTENTS = ['question', 'complaint', 'purchase', 'praise', 'request', 'spam', 'crisis', 'none'] as const;
export const SENTIMENTS = ['positive', 'neutral', 'negative'] as const;
export const URGENT = 60;

export type Filters = { account: string; kind: string; intent: string; sentiment: string; words: string; order: 'urgent' | 'newest' };
const NO_FILTERS: Filters = { account: '', kind: '', intent: '', sentiment: '', words: '', order: 'urgent' };
const PAGE = 50;

type Query = NonNullable<import('../api/schema').operations['listThreads']['parameters']['query']>;

/** How the list is asked for; what is not chosen is not said. */
export function queryOf(view: View, filters: Filters, me: string | undefined): Query {
  const chosen = Object.fromEntries(Object.entries(filters).filter(([name, value]) => value && name !== 'order')) as Query;
  const byView: Record<View, Query> = { waiting: { waiting: true }, mine: { assignee: me }, all: {}, done: { status: 'done' }, snoozed: { snoozed: true } };
  return { ...byView[view], ...chosen, order: filters.order };
}

export class Inbox {
  rows = $state.raw<Thread[] | null>(null);
  cursor = $state.raw<string | null>(null);
  failure = $state('');
  isLoadingMore = $state(false);
  view = $state<View>('waiting');
  filters = $state<Filters>({ ...NO_FILTERS });

  thread = $state.raw<Thread | null>(null);
  talk = $state.raw<Talk[] | null>(null);
  talkCursor = $state.raw<string | null>(null);
  talkFailure = $state('');
  #asked = 0;
  #opened = '';

  get isFiltered() {
    return Object.entries(this.filters).some(([name, value]) => name !== 'order' && value !== '');
  }

  clear() {
    this.filters = { ...NO_FILTERS, order: this.filters.order };
    void this.load();
  }

  /** Made for `$effect(() => inbox.use())`. */
  use(): () => void {
    untrack(() => void this.load());
    return onEvents(['talk', 'thread', 'delivery'], () => {
      void this.load();
      if (this.#opened) void this.open(this.#opened);
    });
  }

  choose(view: View) {
    this.view = view;
    this.rows = null;
    void this.load();
  }

  #fetch(query: { limit: number; cursor?: string }) {
    return ask(api.GET('/api/v1/workspaces/{workspace}/threads', { params: { path: session.path, query: { ...queryOf(this.view, this.filters, session.person?.id), ...query } } }));
  }

  async load() {
    const asked = ++this.#asked;
    try {
      const page = await this.#fetch({ limit: Math.min(Math.max(this.rows?.length ?? 0, PAGE), 500) });
      if (asked !== this.#asked) return;
      this.rows = page.threads;
      this.cursor = page.next_cursor;
      this.failure = '';
    } catch (error) {
      if (asked === this.#asked) this.failure = sentenceOf(error);
    }
  }

  async more() {
    if (!this.cursor || this.isLoadingMore) return;
    this.isLoadingMore = true;
    try {
      const page = await this.#fetch({ limit: PAGE, cursor: this.cursor });
      const known = new Set(this.rows?.map((row) => row.id));
      this.rows = [...(this.rows ?? []), ...page.threads.filter((row) => !known.has(row.id))];
      this.cursor = page.next_cursor;
    } catch (error) {
      handleError(error);
    } finally {
      this.isLoadingMore = false;
    }
  }

  /** '': none. */
  async open(id: string) {
    if (id !== this.#opened) {
      this.#opened = id;
      this.thread = this.rows?.find((row) => row.id === id) ?? null;
      this.talk = null;
      this.talkFailure = '';
    }
    if (!id) return;
    try {
      const detail = await ask(api.GET('/api/v1/workspaces/{workspace}/threads/{thread}', { params: { path: { ...session.path, thread: id }, query: { limit: Math.min(Math.max(this.talk?.length ?? 0, PAGE), 500) } } }));
      if (id !== this.#opened) return;
      this.thread = detail.thread;
      this.talk = detail.talk;
      this.talkCursor = detail.next_cursor;
      this.talkFailure = '';
    } catch (error) {
      if (id === this.#opened) this.talkFailure = sentenceOf(error);
    }
  }

  async earlier() {
    const id = this.#opened;
    if (!this.talkCursor) return;
    try {
      const page = await ask(api.GET('/api/v1/workspaces/{workspace}/threads/{thread}', { params: { path: { ...session.path, thread: id }, query: { limit: PAGE, cursor: this.talkCursor } } }));
      if (id !== this.#opened) return;
      const known = new Set(this.talk?.map((one) => one.id));
      this.talk = [...(this.talk ?? []), ...page.talk.filter((one) => !known.has(one.id))];
      this.talkCursor = page.next_cursor;
    } catch (error) {
      handleError(error);
    }
  }

  /** The thread `by` places further down the list, which is opened; the ends hold. */
  step(by: number): string | undefined {
    const rows = this.rows ?? [];
    const at = rows.findIndex((row) => row.id === this.#opened);
    const next = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
    if (next) router.go(`/inbox?thread=${next.id}`, 'replace');
    return next?.id;
  }

  /** The open one is about to leave the list: the next takes its place, or the one before it. */
  leave() {
    const rows = this.rows ?? [];
    const at = rows.findIndex((row) => row.id === this.#opened);
    const next = at < 0 ? undefined : (rows[at + 1] ?? rows[at - 1]);
    if (next) router.go(`/inbox?thread=${next.id}`, 'replace');
  }

  /** Ids of what the list would show, as many as `most`. */
  async ids(most: number): Promise<string[]> {
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Schemas['ThreadPage'] = await this.#fetch({ limit: Math.min(most - ids.length, 500), ...(cursor && { cursor }) });
      ids.push(...page.threads.map((row) => row.id));
      cursor = page.next_cursor;
    } while (cursor && ids.length < most);
    return ids;
  }

  async refresh() {
    await Promise.all([this.load(), this.open(this.#opened)]);
  }

  #changed(after: Talk) {
    this.talk = this.talk?.map((row) => (row.id === after.id ? after : row)) ?? null;
  }

  /** Throws a Problem: 409 engage.answered when somebody was quicker, unless `again`. */
  async answer(talk: Talk, text: string, again: boolean) {
    const path = { ...session.path, talk: talk.id };
    this.#changed(await ask(api.POST('/api/v1/workspaces/{workspace}/talk/{talk}/reply', { params: { path }, body: { text, ...(again && { again }) } })));
    void this.load();
    void this.open(this.#opened);
  }

  async correct(talk: Talk, how: Schemas['TalkCorrection']) {
    const path = { ...session.path, talk: talk.id };
    try {
      this.#changed(await ask(api.POST('/api/v1/workspaces/{workspace}/talk/{talk}/reading', { params: { path }, body: how })));
      void this.load();
      void this.open(this.#opened);
    } catch (error) {
      handleError(error);
    }
  }
}
