// The dashboard's numbers for a period and account, which stand in the address; kept while the next ones are read.
import { api, ask, type Schemas } from '../api/client';
import { sentenceOf } from '../shared/errors';
import { router } from '../shared/router.svelte';
import { session } from '../team/session.svelte';

export type Overview = Schemas['Overview'];
export const PERIODS = [7, 28, 90] as const;

export class OverviewState {
  days = $derived<number>(PERIODS.find((one) => one === Number(router.search.get('days'))) ?? 28);
  account = $derived(router.search.get('account') ?? '');
  value = $state.raw<Overview | null>(null);
  /** The period `value` is of; behind `days` while loading. */
  shownDays = $state(28);
  failure = $state('');
  #turn = 0;

  async load() {
    const turn = ++this.#turn;
    const { days, account } = this;
    try {
      const query = { days, ...(account ? { account } : {}) };
      const value = await ask(api.GET('/api/v1/workspaces/{workspace}/overview', { params: { path: session.path, query } }));
      if (turn !== this.#turn) return;
      this.value = value;
      this.shownDays = days;
      this.failure = '';
    } catch (error) {
      if (turn === this.#turn) this.failure = sentenceOf(error);
    }
  }
}
