// How one account is: life of its tokens, quotas, the network's last words. Read when its row is opened, again when it is asked to or something happens to it.
import { api, ask, type Schemas } from '../api/client';
import { onEvents } from '../api/events';
import { handleError, sentenceOf } from '../shared/errors';
import { session } from '../team/session.svelte';
import { accounts } from './accounts.svelte';

export class Health {
  value = $state.raw<Schemas['AccountHealth'] | null>(null);
  failure = $state('');
  isChecking = $state(false);

  constructor(readonly account: string) {}

  get #options() {
    return { params: { path: { ...session.path, account: this.account } } };
  }

  /** Made for `$effect(() => health.use())`. */
  use(): () => void {
    void this.load();
    return onEvents(['account', 'delivery'], () => void this.load());
  }

  async load() {
    try {
      this.value = await ask(api.GET('/api/v1/workspaces/{workspace}/accounts/{account}/health', this.#options));
      this.failure = '';
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }

  /** Asks the network now. What it answers, also a failure, is the health. */
  async check() {
    if (this.isChecking) return;
    this.isChecking = true;
    try {
      this.value = await ask(api.POST('/api/v1/workspaces/{workspace}/accounts/{account}/check', this.#options));
      await accounts.load();
    } catch (error) {
      handleError(error);
    } finally {
      this.isChecking = false;
    }
  }
}
