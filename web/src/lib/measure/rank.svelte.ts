// Posts by a metric, and groups of them. What is asked stands in the address, so that a number leads to the posts behind it.
import { api, ask, type Schemas } from '../api/client';
import { sentenceOf } from '../shared/errors';
import { router } from '../shared/router.svelte';
import { session } from '../team/session.svelte';
import { metrics } from './metrics.svelte';

export const PERIODS = [7, 28, 90, 365] as const;
export const BREAKS = ['format', 'network', 'account', 'campaign', 'tag', 'weekday', 'hour'] as const;
export type Break = (typeof BREAKS)[number];

export class Asked {
  metric = $derived(router.search.get('metric') ?? 'engagements');
  days = $derived(Number(router.search.get('days') ?? 28) || 28);
  account = $derived(router.search.get('account') ?? '');
  network = $derived(router.search.get('network') ?? '');
  campaign = $derived(router.search.get('campaign') ?? '');
  tag = $derived(router.search.get('tag') ?? '');
  format = $derived(router.search.get('format') ?? '');
  by = $derived((router.search.get('by') ?? 'format') as Break);

  /** The same question with one part changed; '' takes the part away. */
  address(path: string, change: Record<string, string>): string {
    const search = new URLSearchParams(router.search);
    for (const [key, value] of Object.entries(change)) {
      if (value) search.set(key, value);
      else search.delete(key);
    }
    return search.size ? `${path}?${search}` : path;
  }
  ask(change: Record<string, string>) {
    router.go(this.address(router.path, change), 'replace');
  }
  get query() {
    const given = Object.entries({ account: this.account, network: this.network, campaign: this.campaign }).filter(([, value]) => value);
    return { metric: this.metric, days: this.days, ...(Object.fromEntries(given) as { account?: string; network?: string; campaign?: string }) };
  }
}

export class Reading<T> {
  value = $state.raw<T | null>(null);
  failure = $state('');
  #turn = 0;

  async load(read: () => Promise<T>) {
    const turn = ++this.#turn;
    try {
      await metrics.use();
      const value = await read();
      if (turn !== this.#turn) return;
      this.value = value;
      this.failure = '';
    } catch (error) {
      if (turn === this.#turn) this.failure = sentenceOf(error);
    }
  }
}

export const readPosts = (asked: Asked) => {
  const query = { ...asked.query, limit: 100, ...(asked.tag ? { tag: asked.tag } : {}), ...(asked.format ? { format: asked.format as NonNullable<Schemas['RankedPost']['format']> } : {}) };
  return ask(api.GET('/api/v1/workspaces/{workspace}/measure/posts', { params: { path: session.path, query } }));
};
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
