// Campaigns people take part in: from draft to winners. What the server refuses is said with its figures.
import rules from '../../../../rules/promotion.json';
import { api, ask, type Schemas } from '../api/client';
import { handleError, sentenceOf } from '../shared/errors';
import { session } from '../team/session.svelte';

export type Contest = Schemas['UgcCampaign'];
export type Content = Schemas['UgcCampaignDraft'];
export type Entry = Schemas['UgcEntry'];
export type Winner = Schemas['UgcWinner'];
export type Fault = 'rate_limited' | 'unreachable' | 'refused' | 'disconnected' | 'given_up' | 'not_told' | 'no_post';
export type Reason = Entry['reason'];
export const STATES = { draft: '', open: 'ok', closed: 'warn', drawn: 'info', checking: 'info' } as const;
export const DEEDS: Content['asks'] = ['follow', 'repost', 'like'];
export const WINNER_TONES = { drawn: 'info', told: 'warn', accepted: 'ok', lapsed: '', substitute: '', failed: 'danger' } as const;
export const WAYS: Content['way'][] = ['hashtag', 'mention', 'comment', 'message'];
export const KINDS: Content['premium'][] = ['open', 'general', 'joint', 'all'];

const ALL = '/api/v1/workspaces/{workspace}/ugc-campaigns' as const;
const ONE = `${ALL}/{contest}` as const;
const at = (contest: string) => ({ params: { path: { ...session.path, contest } } });

/** What the networks' own rules ask of a campaign there; those of all networks last. */
export function rulesFor(networks: string[]) {
  const wanted = rules.rules.filter((one) => !one.network || !networks.length || networks.includes(one.network));
  const sources: Record<string, string> = rules.sources;
  return wanted.map((one) => ({ ...one, source: sources[one.source] ?? one.source, asOf: rules.as_of }));
}

export function fresh(now = Date.now()): Content {
  const hour = 3_600_000;
  const day = (n: number) => new Date(Math.ceil(now / hour) * hour + n * 24 * hour).toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    name: '', campaign_id: null, premium: 'open', price_yen: 0, sales_yen: 0, opens_at: day(0), closes_at: day(14), way: 'hashtag', tag: '', post_id: null, networks: [],
    also: '', staff: [], blocked: [], n_substitutes: 3, wording: '', answer_days: 7, prizes: [{ name: '', n: 1, value_yen: 0 }], checked: [], asks: [],
  };
}

/** Our posts that may be reposted, liked or answered: out for at most two months, or scheduled. The newest first. */
export async function choosablePosts() {
  const day = 86_400_000;
  const moment = (n: number) => new Date(Date.now() + n * day).toISOString().replace(/\.\d+Z$/, 'Z');
  const { posts } = await ask(api.GET('/api/v1/workspaces/{workspace}/posts', { params: { path: session.path, query: { from: moment(-60), to: moment(60), limit: 500 } } }));
  return posts.filter((post) => ['scheduled', 'sending', 'published'].includes(post.state)).reverse();
}

export class Contests {
  list = $state.raw<Contest[] | null>(null);
  failure = $state('');

  async load() {
    try {
      this.list = (await ask(api.GET(ALL, { params: { path: session.path } }))).contests;
      this.failure = '';
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }
}

export const make = (body: Content) => ask(api.POST(ALL, { params: { path: session.path }, body }));
export const change = (contest: Contest, content: Content) => ask(api.PUT(ONE, { ...at(contest.id), body: { contest: content, version: contest.version } }));

export class ContestOne {
  contest = $state.raw<Contest | null>(null);
  entries = $state.raw<Entry[]>([]);
  next = $state.raw<string | null>(null);
  winners = $state.raw<Winner[]>([]);
  failure = $state('');
  isBusy = $state(false);
  constructor(readonly id: string) {}

  async load() {
    try {
      const [contest, page, list] = await Promise.all([ask(api.GET(ONE, at(this.id))), this.#page(), ask(api.GET(`${ONE}/winners`, at(this.id)))]);
      [this.contest, this.entries, this.next, this.winners, this.failure] = [contest, page.entries, page.next_cursor, list.winners, ''];
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }

  #page = (cursor?: string) => ask(api.GET(`${ONE}/entries`, { params: { path: { ...session.path, contest: this.id }, query: { limit: 100, ...(cursor && { cursor }) } } }));

  async more() {
    if (!this.next) return;
    const page = await this.#page(this.next);
    this.entries = [...this.entries, ...page.entries];
    this.next = page.next_cursor;
  }

  /** Does one thing to it; true when it went through. */
  async act(work: () => Promise<unknown>): Promise<boolean> {
    this.isBusy = true;
    try {
      await work();
      await this.load();
      return true;
    } catch (error) {
      handleError(error);
      return false;
    } finally {
      this.isBusy = false;
    }
  }

  open = () => this.act(() => ask(api.POST(`${ONE}/open`, at(this.id))));
  close = () => this.act(() => ask(api.POST(`${ONE}/close`, at(this.id))));
  check = (is_over: boolean) => this.act(() => ask(api.POST(`${ONE}/check`, { ...at(this.id), body: { is_over } })));
  draw = (outside: string) => this.act(() => ask(api.POST(`${ONE}/draw`, { ...at(this.id), body: { outside } })));
  redraw = (reason: string) => this.act(() => ask(api.POST(`${ONE}/redraw`, { ...at(this.id), body: { reason } })));
  tell = () => this.act(() => ask(api.POST(`${ONE}/tell`, at(this.id))));
  answer = (rank: number, accepted: boolean) => this.act(() => ask(api.POST(`${ONE}/answer`, { ...at(this.id), body: { rank, accepted } })));
  protocol = (format: 'json' | 'csv') => `/api/v1/workspaces/${session.path.workspace}/ugc-campaigns/${this.id}/protocol?format=${format}`;
}
