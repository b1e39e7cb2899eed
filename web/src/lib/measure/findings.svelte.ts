// Findings of an account, in words; and the plan of a test that would tell, made a task.
import { api, ask, type Schemas } from '../api/client';
import { handleError, sentenceOf } from '../shared/errors';
import { fmt } from '../shared/fmt.svelte';
import { place, t } from '../shared/locale.svelte';
import { toasts } from '../shared/toasts.svelte';
import { dayOf } from '../shared/zone';
import { session } from '../team/session.svelte';

export type Finding = Schemas['Finding'];
export type FindingList = Schemas['FindingList'];

/** "3-20" is Wednesday, 20:00. */
const slot = (key: string) => {
  const [weekday, hour] = key.split('-').map(Number);
  return t('finding.slot', { day: fmt.weekdays()[weekday - 1], hour });
};

export function nameOf(kind: Finding['kind'], key: string): string {
  if (kind === 'time') return slot(key);
  if (kind === 'weekday') return t('finding.weekday', { day: fmt.weekdays()[Number(key) - 1] });
  if (kind === 'type') return t(`finding.type.${key as 'text' | 'link' | 'image' | 'gif' | 'video'}`);
  return key;
}

export const against = (of: Finding) => (of.against ? nameOf('time', of.against) : t('finding.others'));
const lift = (value: number) => (value < 0 ? '−' : '+') + fmt.percent(Math.round(Math.abs(value) * 100) / 100);

export function sentence(of: Finding): string {
  const words = { what: nameOf(of.kind, of.key), against: against(of), lift: lift(of.lift), low: lift(of.low), high: lift(of.high) };
  return t(of.is_told ? 'finding.told' : 'finding.untold', words);
}

export function plan(of: Finding): string {
  if (!of.test_posts) return '';
  const words = { what: nameOf(of.kind, of.key), against: against(of), count: fmt.exact(of.test_posts), weeks: of.test_weeks ?? 0 };
  return t(of.test_weeks ? 'finding.plan' : 'finding.tooLong', words);
}

export class Findings {
  value = $state.raw<FindingList | null>(null);
  failure = $state('');
  #turn = 0;

  async load(account: string) {
    const turn = ++this.#turn;
    this.value = null;
    try {
      const value = await ask(api.GET('/api/v1/workspaces/{workspace}/findings', { params: { path: session.path, query: { account } } }));
      if (turn !== this.#turn) return;
      this.value = value;
      this.failure = '';
    } catch (error) {
      if (turn === this.#turn) this.failure = sentenceOf(error);
    }
  }

  /** The plan as a task of whoever asks, due when the test would be over. */
  async toTask(of: Finding, account: string) {
    const words = { what: nameOf(of.kind, of.key), against: against(of), count: fmt.exact(of.test_posts ?? 0), weeks: of.test_weeks ?? 0, account };
    try {
      await ask(api.POST('/api/v1/workspaces/{workspace}/tasks', {
        params: { path: session.path },
        body: { title: t('finding.taskTitle', words), note: t('finding.taskNote', words), assignee_id: session.person?.id ?? null, due_on: dayOf(Date.now() + (of.test_weeks ?? 1) * 7 * 86_400_000, place.zone) },
      }));
      toasts.show(t('finding.taskMade'));
    } catch (error) {
      handleError(error);
    }
  }
}
