// One metric over time beside the time before or another account, as the address asks it; what the team noted and where a network changed what it means.
import { api, ask, type Schemas } from '../api/client';
import { accounts } from '../accounts/accounts.svelte';
import { handleError, sentenceOf } from '../shared/errors';
import { place, t } from '../shared/locale.svelte';
import { router } from '../shared/router.svelte';
import { toasts } from '../shared/toasts.svelte';
import { session } from '../team/session.svelte';
import { metrics, type Metric } from './metrics.svelte';

export type Series = Schemas['MeasureSeries'];
export type Annotation = Schemas['Annotation'];
export type AnnotationDraft = Schemas['AnnotationDraft'];
export const KINDS: Annotation['kind'][] = ['campaign', 'media', 'event', 'outage', 'change', 'other'];
/** Hours are kept so many days back, of posts by what they are fewer. As measure/rolling.h has it; the server refuses more. */
export const HOUR_DAYS = { all: 14, part: 3 };
export const PARTS = ['network', 'campaign', 'tag', 'format'] as const;
export type Part = (typeof PARTS)[number];
export type Mark = { day: string; text: string; isBreak: boolean };

const ANNOTATIONS = '/api/v1/workspaces/{workspace}/annotations' as const;

/** Whether it says anything of days: people are never added up. */
export function isOfDays(metric: Metric | undefined, find: (slug: string) => Metric | undefined): boolean {
  if (!metric) return false;
  if (metric.kind === 'counter') return metric.adds_over_posts;
  if (metric.kind === 'derived') return isOfDays(find(metric.over ?? ''), find) && isOfDays(find(metric.under ?? ''), find);
  return metric.kind === 'gauge' || metric.kind === 'flow' || metric.kind === 'sum';
}

/** Days on which a network began to mean something else, of the networks that are connected, first to last day. */
export function breaksOf(metric: Metric | undefined, networks: Set<string>, first: string, last: string, locale: 'ja' | 'en', title: (network: string) => string): Mark[] {
  return (metric?.changes ?? [])
    .filter((one) => networks.has(one.network) && one.on >= first && one.on <= last)
    .map((one) => ({ day: one.on, text: `${title(one.network)}: ${one.text[locale]}`, isBreak: true }));
}

/** Whether it is told by hour: what a network tells of a day as a whole is not. */
export function isOfHours(metric: Metric | undefined, find: (slug: string) => Metric | undefined): boolean {
  if (!metric || metric.kind === 'flow') return false;
  if (metric.kind === 'derived') return isOfHours(find(metric.over ?? ''), find) && isOfHours(find(metric.under ?? ''), find);
  return isOfDays(metric, find);
}

/** Whether it comes apart into the posts of a network, campaign, hashtag or format: followers and what a network tells of the account do not. */
export function isOfParts(metric: Metric | undefined, find: (slug: string) => Metric | undefined): boolean {
  if (!metric || metric.kind === 'flow' || metric.kind === 'gauge') return false;
  return metric.kind !== 'derived' || (isOfParts(find(metric.over ?? ''), find) && isOfParts(find(metric.under ?? ''), find));
}

/** What is drawn of a period: by hour only the days whose hours are kept. */
export const daysDrawn = (days: number, isHourly: boolean, isPart: boolean): number => (isHourly ? Math.min(days, isPart ? HOUR_DAYS.part : HOUR_DAYS.all) : days);

/** Where a point stands: days are calendar days already, so that no zone shifts them. Seconds. */
export const placeOf = (point: Pick<Schemas['MeasurePoint'], 'day' | 'hour'>): number => Date.parse(`${point.day}T00:00:00Z`) / 1000 + (point.hour ?? 0) * 3600;

export class OverTime {
  metric = $derived(router.search.get('metric') ?? 'engagements');
  grain = $derived(router.search.get('grain') === 'hour' ? 'hour' : 'day');
  /** '' all posts; else those of one network, campaign, hashtag or format. */
  by = $derived<'' | Part>(PARTS.find((one) => one === router.search.get('by')) ?? '');
  /** What `name` can be, those with most posts first. */
  names = $state.raw<string[]>([]);
  name = $derived(this.names.find((one) => one === router.search.get('name')) ?? this.names[0] ?? '');
  /** 'nothing', 'before' the days before, or an account's id. */
  against = $derived(router.search.get('against') ?? 'before');
  value = $state.raw<Series | null>(null);
  other = $state.raw<Series | null>(null);
  annotations = $state.raw<Annotation[]>([]);
  failure = $state('');
  #turn = 0;

  get isHourly(): boolean {
    return this.grain === 'hour' && isOfHours(metrics.find(this.metric), (slug) => metrics.find(slug));
  }
  /** What the numbers are narrowed to; null: all posts. */
  get part(): { by: Part; name: string } | null {
    return this.by && this.name && isOfParts(metrics.find(this.metric), (slug) => metrics.find(slug)) ? { by: this.by, name: this.name } : null;
  }
  #read(days: number, account: string) {
    const part = this.part;
    const query = { metric: this.metric, grain: this.isHourly ? 'hour' as const : 'day' as const, days: daysDrawn(days, this.isHourly, part !== null), ...(part ?? {}), ...(account ? { account } : {}) };
    return ask(api.GET('/api/v1/workspaces/{workspace}/measure/series', { params: { path: session.path, query } }));
  }
  /** Of the period's posts, what they can be told apart by. */
  async #readNames(days: number, account: string) {
    if (!this.by) return [];
    const query = { by: this.by, days, ...(account ? { account } : {}) };
    const { groups } = await ask(api.GET('/api/v1/workspaces/{workspace}/measure/breakdown', { params: { path: session.path, query } }));
    return groups.filter((one) => one.key).toSorted((a, b) => b.n_posts - a.n_posts).map((one) => one.key);
  }
  async load(days: number, account: string) {
    const turn = ++this.#turn;
    const isAccount = this.against !== 'nothing' && this.against !== 'before';
    try {
      await metrics.use();
      const names = await this.#readNames(days, account);
      if (turn !== this.#turn) return;
      this.names = names;
      const [value, other, noted] = await Promise.all([
        this.#read(days, account), isAccount ? this.#read(days, this.against) : null,
        ask(api.GET(ANNOTATIONS, { params: { path: session.path, query: { days } } })),
      ]);
      if (turn !== this.#turn) return;
      this.value = value;
      this.other = other;
      this.annotations = noted.annotations.filter((one) => !account || !one.account_id || one.account_id === account);
      this.failure = '';
    } catch (error) {
      if (turn === this.#turn) this.failure = sentenceOf(error);
    }
  }
  get marks(): Mark[] {
    const [first, last] = [this.value?.points[0]?.day ?? '', this.value?.points.at(-1)?.day ?? ''];
    const networks = new Set((accounts.list ?? []).map((account) => account.network));
    return [...breaksOf(metrics.find(this.metric), networks, first, last, place.locale, (network) => accounts.title(network)),
      ...this.annotations.filter((one) => one.starts_on <= last && one.ends_on >= first).map((one) => ({ day: one.starts_on < first ? first : one.starts_on, text: one.text, isBreak: false }))];
  }
  async remove(one: Annotation, isRemoved = true) {
    try {
      await ask(api.PUT(`${ANNOTATIONS}/{annotation}/removal`, { params: { path: { ...session.path, annotation: one.id } }, body: { is_removed: isRemoved } }));
      if (isRemoved) toasts.show(t('annotation.removed'), { undo: () => void this.remove(one, false) });
      this.annotations = isRemoved ? this.annotations.filter((other) => other.id !== one.id) : [one, ...this.annotations];
    } catch (error) {
      handleError(error);
    }
  }
}

export const saveAnnotation = (draft: AnnotationDraft, known: Annotation | null) =>
  known
    ? ask(api.PUT(`${ANNOTATIONS}/{annotation}`, { params: { path: { ...session.path, annotation: known.id } }, body: { version: known.version, annotation: draft } }))
    : ask(api.POST(ANNOTATIONS, { params: { path: session.path }, body: draft }));
