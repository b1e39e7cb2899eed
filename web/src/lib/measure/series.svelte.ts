// One metric over time beside the time before or another account; what the team noted and where a network changed what it means.
import { api, ask, type Schemas } from '../api/client';
import { accounts } from '../accounts/accounts.svelte';
import { handleError, sentenceOf } from '../shared/errors';
import { place, t } from '../shared/locale.svelte';
import { toasts } from '../shared/toasts.svelte';
import { session } from '../team/session.svelte';
import { metrics, type Metric } from './metrics.svelte';

export type Series = Schemas['MeasureSeries'];
export type Annotation = Schemas['Annotation'];
export type AnnotationDraft = Schemas['AnnotationDraft'];
export const KINDS: Annotation['kind'][] = ['campaign', 'media', 'event', 'outage', 'change', 'other'];
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

export class OverTime {
  metric = $state('engagements');
  /** '' nothing, 'before' the days before, or an account's id. */
  against = $state('before');
  value = $state.raw<Series | null>(null);
  other = $state.raw<Series | null>(null);
  annotations = $state.raw<Annotation[]>([]);
  failure = $state('');
  #turn = 0;

  #read(days: number, account: string) {
    return ask(api.GET('/api/v1/workspaces/{workspace}/measure/series', { params: { path: session.path, query: { metric: this.metric, days, ...(account ? { account } : {}) } } }));
  }
  async load(days: number, account: string) {
    const turn = ++this.#turn;
    const isAccount = this.against !== '' && this.against !== 'before';
    try {
      await metrics.use();
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
