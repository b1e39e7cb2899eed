// Days that were not as they usually are: a list of them, one opened with its days and posts, and what people say it was.
import { api, ask, type Schemas } from '../api/client';
import { handleError, sentenceOf } from '../shared/errors';
import { fmt } from '../shared/fmt.svelte';
import { t } from '../shared/locale.svelte';
import { toasts } from '../shared/toasts.svelte';
import { session } from '../team/session.svelte';
import { dayText } from './goals.svelte';

export type Anomaly = Schemas['Anomaly'];
export type AnomalyView = Schemas['AnomalyView'];

const ALL = '/api/v1/workspaces/{workspace}/anomalies' as const;
const ONE = `${ALL}/{anomaly}` as const;
const pathOf = (anomaly: string) => ({ params: { path: { ...session.path, anomaly } } });

const round = (value: number) => fmt.exact(Math.round(value));

/** Since when. */
export const span = (of: Anomaly) => (of.first_day === of.last_day ? dayText(of.first_day) : t('anomaly.span', { from: dayText(of.first_day), to: dayText(of.last_day) }));

export function sentence(of: Anomaly): string {
  const key = of.metric === 'followers' ? 'followers' : 'gain';
  return t(`anomaly.say.${key}`, { actual: round(of.actual), expected: round(of.expected), low: round(of.low), high: round(of.high) });
}

/** How sure: in words, since nobody counts in usual errors. */
export const sureness = (of: Anomaly) => t(of.surprise >= 7 ? 'anomaly.sure.very' : of.surprise >= 5.5 ? 'anomaly.sure.quite' : 'anomaly.sure.rather');

export class Anomalies {
  list = $state.raw<Anomaly[] | null>(null);
  failure = $state('');
  #isJudged = false;
  #turn = 0;

  async load(isJudged = this.#isJudged) {
    const turn = ++this.#turn;
    this.#isJudged = isJudged;
    try {
      const reply = await ask(api.GET(ALL, { params: { path: session.path, query: isJudged ? { judged: true } : {} } }));
      if (turn !== this.#turn) return;
      this.list = reply.anomalies;
      this.failure = '';
    } catch (error) {
      if (turn === this.#turn) this.failure = sentenceOf(error);
    }
  }

  async judge(of: Anomaly, status: Anomaly['status'], note = of.note) {
    try {
      const after = await ask(api.PUT(ONE, { ...pathOf(of.id), body: { version: of.version, status, note } }));
      toasts.show(t(`anomaly.now.${status}`), status === 'open' ? {} : { undo: () => void this.judge(after, of.status, of.note) });
    } catch (error) {
      handleError(error);
    }
    await this.load();
  }
}

export const viewOf = (anomaly: string): Promise<AnomalyView> => ask(api.GET(ONE, pathOf(anomaly)));
