// The workspace's connected accounts and the networks' limits; read once, refreshed by events.
import { api, ask, type Schemas } from '../api/client';
import { onEvents } from '../api/events';
import { handleError } from '../shared/errors';
import { session } from '../team/session.svelte';

export type Account = Schemas['Account'];
export type Network = Schemas['NetworkInfo'];

class AccountsState {
  list = $state.raw<Account[] | null>(null);
  networks = $state.raw<Network[]>([]);
  #workspace = '';
  #byId = $derived(new Map((this.list ?? []).map((account) => [account.id, account])));

  /** Loads when needed; made for `$effect(() => accounts.use())`. */
  use(): () => void {
    if (this.#workspace !== session.path.workspace) {
      this.list = null;
      this.#workspace = session.path.workspace;
      void this.load();
    }
    return onEvents(['account'], () => void this.load());
  }

  async load() {
    const options = { params: { path: session.path } };
    try {
      const [accounts, networks] = await Promise.all([
        ask(api.GET('/api/v1/workspaces/{workspace}/accounts', options)),
        this.networks.length ? null : ask(api.GET('/api/v1/workspaces/{workspace}/networks', options)),
      ]);
      this.list = accounts.accounts;
      if (networks) this.networks = networks.networks;
    } catch (error) {
      this.list ??= [];
      handleError(error);
    }
  }

  byId(id: string) {
    return this.#byId.get(id);
  }

  /** Practice accounts are on no public network: there is no page to open. */
  hasPages(id: string): boolean {
    return !(this.byId(id)?.is_practice ?? session.workspace?.is_practice ?? false);
  }

  network(name: string) {
    return this.networks.find((network) => network.name === name);
  }

  title(name: string) {
    return this.network(name)?.title ?? name.charAt(0).toUpperCase() + name.slice(1);
  }

  put(account: Account) {
    const others = (this.list ?? []).filter((one) => one.id !== account.id);
    this.list = [...others, account].sort((a, b) => a.connected_at.localeCompare(b.connected_at));
  }

  drop(id: string) {
    this.list = (this.list ?? []).filter((one) => one.id !== id);
  }
}

export const accounts = new AccountsState();
