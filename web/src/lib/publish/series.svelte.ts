// Posts that come again: the list, and one rule being written with the next times it means.
import { api, ask, type Schemas } from '../api/client';
import { sentenceOf } from '../shared/errors';
import { place } from '../shared/locale.svelte';
import { addDays, dayOf, weekdayOf } from '../shared/zone';
import { session } from '../team/session.svelte';

export type Series = Schemas['Series'];
export type Rule = Schemas['SeriesRule'];
type Post = Schemas['Post'];

const SERIES = '/api/v1/workspaces/{workspace}/series' as const;
const PAUSE_MS = 400;

export class SeriesList {
  list = $state.raw<Series[] | null>(null);
  /** What a series can be made of: drafts that go somewhere. */
  drafts = $state.raw<Post[]>([]);
  failure = $state('');

  async load() {
    const path = session.path;
    try {
      const [series, posts] = await Promise.all([
        ask(api.GET(SERIES, { params: { path } })),
        ask(api.GET('/api/v1/workspaces/{workspace}/posts', { params: { path, query: { state: 'draft', limit: 200 } } })),
      ]);
      this.list = series.series.toSorted((a, b) => Number(a.state === 'ended') - Number(b.state === 'ended'));
      this.drafts = posts.posts.filter((post) => post.variants.length > 0);
      this.failure = '';
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }

  /** Pauses, goes on, or ends it. */
  async set(series: Series, state: Series['state']) {
    const { version, name, rule, zone, post_ids } = series;
    const changed = await ask(api.PUT(`${SERIES}/{series}`, {
      params: { path: { ...session.path, series: series.id } }, body: { version, name, rule, zone, post_ids, state },
    }));
    this.list = this.list?.map((one) => (one.id === changed.id ? changed : one)) ?? null;
  }
}

export class RuleDraft {
  id: string | null = null;
  version = 0;
  state: Series['state'] = 'running';
  name = $state('');
  postIds = $state<string[]>([]);
  zone = $state(place.zone);
  frequency = $state<Rule['frequency']>('weekly');
  interval = $state(1);
  weekdays = $state<number[]>([]);
  /** Of a month: fixed days, or a weekday counted. */
  monthly = $state<'days' | 'weekday'>('days');
  monthDays = $state<number[]>([1]);
  nth = $state(1);
  times = $state<string[]>(['09:00']);
  from = $state('');
  until = $state('');
  skips = $state<string[]>([]);
  preview = $state.raw<string[] | null>(null);
  problem = $state('');
  #timer = 0;
  #turn = 0;

  constructor(series?: Series) {
    const tomorrow = addDays(dayOf(Date.now(), place.zone), 1);
    this.from = tomorrow;
    this.weekdays = [weekdayOf(tomorrow)];
    if (series) this.#read(series);
  }

  #read({ id, version, state, name, zone, rule, post_ids }: Series) {
    Object.assign(this, { id, version, state, name, zone, postIds: [...post_ids], frequency: rule.frequency, interval: rule.interval ?? 1, times: [...rule.times], from: rule.from,
      until: rule.until ?? '', skips: [...(rule.skips ?? [])] });
    if (rule.weekdays?.length) this.weekdays = [...rule.weekdays];
    if (rule.month_days?.length) this.monthDays = [...rule.month_days];
    this.monthly = rule.frequency === 'monthly' && !rule.month_days?.length ? 'weekday' : 'days';
    this.nth = rule.nth ?? 1;
  }

  get rule(): Rule {
    const isWeekly = this.frequency === 'weekly';
    const isMonthly = this.frequency === 'monthly';
    return {
      frequency: this.frequency,
      interval: this.interval,
      times: [...this.times].filter(Boolean).sort(),
      from: this.from,
      until: this.until || null,
      ...(this.skips.length ? { skips: [...this.skips] } : {}),
      ...(isWeekly || (isMonthly && this.monthly === 'weekday') ? { weekdays: [...this.weekdays].sort() } : {}),
      ...(isMonthly && this.monthly === 'days' ? { month_days: [...this.monthDays] } : {}),
      ...(isMonthly && this.monthly === 'weekday' ? { nth: this.nth } : {}),
    };
  }

  /** Asks for the next times after a pause; what is wrong with the rule is said instead. */
  follow(rule: Rule, zone: string) {
    clearTimeout(this.#timer);
    const turn = ++this.#turn;
    this.#timer = window.setTimeout(async () => {
      try {
        const reply = await ask(api.POST(`${SERIES}/preview`, { params: { path: session.path }, body: { rule, zone } }));
        if (turn === this.#turn) Object.assign(this, { preview: reply.times, problem: '' });
      } catch (error) {
        if (turn === this.#turn) Object.assign(this, { preview: null, problem: sentenceOf(error) });
      }
    }, PAUSE_MS);
  }

  async save() {
    const { name, rule, zone, postIds, version, state } = this;
    const content = { name: name.trim(), rule, zone, post_ids: [...postIds] };
    if (this.id) await ask(api.PUT(`${SERIES}/{series}`, { params: { path: { ...session.path, series: this.id } }, body: { ...content, version, state } }));
    else await ask(api.POST(SERIES, { params: { path: session.path }, body: content }));
  }
}
