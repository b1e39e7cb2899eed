// The dashboard's numbers for a period and account; kept while the next ones are read.
import { api, ask, type Schemas } from '../api/client';
import { sentenceOf } from '../shared/errors';
import { session } from '../team/session.svelte';

export type Overview = Schemas['Overview'];
export const PERIODS = [7, 28, 90] as const;

export class OverviewState {
  days = $state<number>(28);
  account = $state('');
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
