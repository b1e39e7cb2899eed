// Posts by a metric, and groups of them. What is asked stands in the address, so that a number leads to the posts behind it.
import { api, ask, type Schemas } from '../api/client';
import { sentenceOf } from '../shared/errors';
import { router } from '../shared/router.svelte';
import { session } from '../team/session.svelte';
import { metrics } from './metrics.svelte';

export type RankedPosts = Schemas['RankedPosts'];
export const PERIODS = [7, 28, 90, 365] as const;
export const BREAKS = ['format', 'network', 'account', 'campaign', 'tag', 'weekday', 'hour'] as const;
export type Break = (typeof BREAKS)[number];

type Media = 'text' | 'link' | 'image' | 'gif' | 'video';
type PostsQuery = { tag?: string; format?: Schemas['RankedPost']['format']; media?: Media; without?: 'campaign' | 'tag'; value?: 'gained' | 'settled'; weekday?: number; hour?: number };

export class Asked {
  metric = $derived(router.search.get('metric') ?? 'engagements');
  days = $derived(Number(router.search.get('days') ?? 28) || 28);
  account = $derived(router.search.get('account') ?? '');
  network = $derived(router.search.get('network') ?? '');
  campaign = $derived(router.search.get('campaign') ?? '');
  tag = $derived(router.search.get('tag') ?? '');
  format = $derived(router.search.get('format') ?? '');
  media = $derived((router.search.get('media') ?? '') as '' | Media);
  without = $derived((router.search.get('without') ?? '') as '' | 'campaign' | 'tag');
  weekday = $derived(Number(router.search.get('weekday') ?? 0));
  /** '' any; '0' is an hour. */
  hour = $derived(router.search.get('hour') ?? '');
  firstDay = $derived(router.search.get('first_day') ?? '');
  lastDay = $derived(router.search.get('last_day') ?? this.firstDay);
  isEver = $derived(router.search.get('ever') === 'true');
  value = $derived((router.search.get('value') ?? '') as '' | 'gained' | 'settled');
  by = $derived((router.search.get('by') ?? 'format') as Break);

  /** Narrowed less: a step of its own, that the way back undoes. */
  narrow(change: Record<string, string>) {
    router.go(router.address(router.path, change));
  }
  get query() {
    const given = Object.entries({ account: this.account, network: this.network, campaign: this.campaign }).filter(([, value]) => value);
    return { metric: this.metric, days: this.days, ...(Object.fromEntries(given) as { account?: string; network?: string; campaign?: string }) };
  }
  /** What only the list of posts can be narrowed to. */
  get posts() {
    const time = this.firstDay ? { first_day: this.firstDay, last_day: this.lastDay } : this.isEver ? { ever: true } : {};
    const given = Object.entries({ tag: this.tag, format: this.format, media: this.media, without: this.without, value: this.value, weekday: this.weekday, hour: this.hour && Number(this.hour) }).filter(([, value]) => value || value === 0);
    const { weekday, ...rest } = Object.fromEntries(given) as PostsQuery;
    return { ...this.query, ...time, ...rest, ...(weekday ? { weekday } : {}) };
  }
}

export class Reading<T> {
  value = $state.raw<T | null>(null);
  failure = $state('');
  #turn = 0;

  /** `come`: called with the value's arrival, and not where a later reading overtook it. */
  async load(read: () => Promise<T>, come?: () => void) {
    const turn = ++this.#turn;
    try {
      await metrics.use();
      const value = await read();
      if (turn !== this.#turn) return;
      this.value = value;
      this.failure = '';
      come?.();
    } catch (error) {
      if (turn === this.#turn) this.failure = sentenceOf(error);
    }
  }
}

export const FEW = 100;
export const MOST = 500;
export const readPosts = (asked: Asked, limit = FEW) => ask(api.GET('/api/v1/workspaces/{workspace}/measure/posts', { params: { path: session.path, query: { ...asked.posts, limit } } }));
export const readBreakdown = (asked: Asked) => ask(api.GET('/api/v1/workspaces/{workspace}/measure/breakdown', { params: { path: session.path, query: { ...asked.query, by: asked.by } } }));

/** A table for a spreadsheet: UTF-8 with its mark, so that Excel reads Japanese. What begins like a formula is text. */
export function csvOf(posts: Schemas['RankedPost'][]): string {
  const slugs = [...new Set(posts.flatMap((post) => post.numbers.map((number) => number.metric)))];
  const cell = (value: string | number | null) => {
    const text = value === null ? '' : typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const head = ['published_at', 'network', 'text', 'url', 'value', ...slugs, 'source', 'as_of'];
  const rows = posts.map((post) => {
    const of = new Map(post.numbers.map((number) => [number.metric, number.value]));
    return [post.published_at, post.network, post.text, post.url, post.value, ...slugs.map((slug) => of.get(slug) ?? null), post.source, post.as_of];
  });
  return `\uFEFF${[head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}
