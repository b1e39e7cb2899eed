// Goals: a list of them with how each stands, one opened with its days, one being written.
import { api, ask, type Schemas } from '../api/client';
import { handleError, sentenceOf } from '../shared/errors';
import { fmt } from '../shared/fmt.svelte';
import { place, t } from '../shared/locale.svelte';
import { toasts } from '../shared/toasts.svelte';
import { dayOf, dayStart } from '../shared/zone';
import { session } from '../team/session.svelte';

export type Goal = Schemas['Goal'];
export type GoalDraft = Schemas['GoalDraft'];
export type GoalView = Schemas['GoalView'];
export const METRICS: Goal['metric'][] = ['followers', 'engagements', 'clicks', 'posts', 'likes', 'reposts', 'replies', 'quotes'];

const GOALS = '/api/v1/workspaces/{workspace}/goals' as const;
const GOAL = `${GOALS}/{goal}` as const;
const pathOf = (goal: string) => ({ params: { path: { ...session.path, goal } } });

export const dayText = (day: string) => fmt.day(dayStart(day, place.zone));
export const amount = (metric: Goal['metric'], value: number) => t(`goal.amount.${metric === 'followers' ? 'people' : 'count'}`, { count: fmt.exact(Math.round(value)) });

/** A chance in whole percent, and never as if it were certain. */
export function chanceText(chance: number): string {
  if (chance >= 0.99) return t('goal.nearlySure');
  if (chance <= 0.01) return t('goal.nearlyNever');
  return fmt.percent(Math.round(chance * 100) / 100);
}

/** What is likely to become of it, in plain sentences; or what is missing. */
export function outlook(goal: Goal): string {
  const day = dayText(goal.due_on);
  const { metric, forecast } = goal;
  if (goal.outcome !== 'open') return t(`goal.ended.${goal.outcome}`, { at: fmt.day(goal.settled_at!) });
  if (forecast) return t('goal.told', { day, low: amount(metric, forecast.low80), high: amount(metric, forecast.high80), chance: chanceText(forecast.chance) });
  if (goal.outlook === 'few') return goal.days_missing ? t('goal.few', { count: goal.days_missing }) : t('goal.fewEver');
  if (goal.outlook === 'far') return t('goal.far', { count: goal.days_missing ?? 0 });
  return t(`goal.${goal.outlook === 'not_begun' ? 'notBegun' : goal.outlook === 'over' ? 'over' : 'nothing'}`, { day: dayText(goal.starts_on) });
}

/** What a day must bring from now on, beside what it brought lately. */
export function rate(goal: Goal): string {
  if (goal.outcome !== 'open' || goal.rate_needed === null) return '';
  if (goal.rate_needed === 0) return t('goal.there');
  const needed = fmt.exact(Math.ceil(goal.rate_needed * 10) / 10);
  return goal.rate_lately === null ? t('goal.needs', { needed }) : t('goal.needsBeside', { needed, lately: fmt.exact(Math.round(goal.rate_lately * 10) / 10) });
}

export class Goals {
  list = $state.raw<Goal[] | null>(null);
  today = $state('');
  failure = $state('');
  #isArchived = false;
  #turn = 0;

  async load(isArchived = this.#isArchived) {
    const turn = ++this.#turn;
    this.#isArchived = isArchived;
    try {
      const reply = await ask(api.GET(GOALS, { params: { path: session.path, query: isArchived ? { archived: true } : {} } }));
      if (turn !== this.#turn) return;
      this.list = reply.goals;
      this.today = reply.today;
      this.failure = '';
    } catch (error) {
      if (turn === this.#turn) this.failure = sentenceOf(error);
    }
  }

  async archive(goal: Goal, isArchived: boolean) {
    try {
      await ask(api.PUT(`${GOAL}/archive`, { ...pathOf(goal.id), body: { is_archived: isArchived } }));
      if (isArchived) toasts.show(t('goal.archived', { name: goal.name }), { undo: () => void this.archive(goal, false) });
      await this.load();
    } catch (error) {
      handleError(error);
    }
  }
}

export const viewOf = (goal: string): Promise<GoalView> => ask(api.GET(GOAL, pathOf(goal)));

/** A goal being written: a new one, or one as it was when opened. */
export class GoalEdit {
  readonly goal: Goal | null;
  content = $state<GoalDraft>({ name: '', metric: 'followers', starts_on: '', due_on: '', target: 0 });

  constructor(goal: Goal | null) {
    this.goal = goal;
    const today = dayOf(Date.now(), place.zone);
    this.content = goal
      ? { name: goal.name, metric: goal.metric, account_id: goal.account_id, starts_on: goal.starts_on, due_on: goal.due_on, target: goal.target, owner_id: goal.owner_id }
      : { name: '', metric: 'followers', account_id: null, starts_on: today, due_on: dayOf(Date.now() + 30 * 86_400_000, place.zone), target: 0, owner_id: session.person?.id ?? null };
  }

  async save(): Promise<void> {
    const content = $state.snapshot(this.content);
    if (!this.goal) await ask(api.POST(GOALS, { params: { path: session.path }, body: content }));
    else await ask(api.PUT(GOAL, { ...pathOf(this.goal.id), body: { version: this.goal.version, goal: content } }));
  }
}

