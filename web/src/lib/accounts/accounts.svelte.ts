// The workspace's connected accounts and the networks' limits; read once, refreshed by events.
import { api, ask, type Schemas } from '../api/client';
import { onEvents } from '../api/events';
import { handleError } from '../shared/errors';
import { t } from '../shared/locale.svelte';
import { STAY_UNDO_MS, toasts } from '../shared/toasts.svelte';
import { session } from '../team/session.svelte';

export type Account = Schemas['Account'];
export type Network = Schemas['NetworkInfo'];

/** LINE's handles begin with the @ that the page puts before every handle. */
const tidy = (account: Account): Account => ({ ...account, handle: account.handle.replace(/^@/, '') });

class AccountsState {
  #all = $state.raw<Account[] | null>(null);
  #leaving = $state.raw<string[]>([]);
  list = $derived(this.#all?.filter((account) => !this.#leaving.includes(account.id)) ?? null);
  networks = $state.raw<Network[]>([]);
  #workspace = '';
  #byId = $derived(new Map((this.list ?? []).map((account) => [account.id, account])));

  /** Loads when needed; made for `$effect(() => accounts.use())`. */
  use(): () => void {
    if (this.#workspace !== session.path.workspace) {
      this.#all = null;
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
      this.#all = accounts.accounts.map(tidy);
      if (networks) this.networks = networks.networks;
    } catch (error) {
      this.#all ??= [];
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
    const others = (this.#all ?? []).filter((one) => one.id !== account.id);
    this.#all = [...others, tidy(account)].sort((a, b) => a.connected_at.localeCompare(b.connected_at));
  }

  /** Disconnecting forgets the grant for good. So the account only goes out of sight, and is disconnected when the note with its undo is gone
   *  (or the page is: then at once). Whatever cuts this short leaves it connected. */
  leave(account: Account) {
    const path = { ...session.path, account: account.id };
    const end = () => {
      clearTimeout(timer);
      removeEventListener('pagehide', send);
    };
    const back = () => (this.#leaving = this.#leaving.filter((id) => id !== account.id));
    const send = async () => {
      end();
      try {
        await ask(api.DELETE('/api/v1/workspaces/{workspace}/accounts/{account}', { params: { path }, keepalive: true }));
        this.#all = (this.#all ?? []).filter((one) => one.id !== account.id);
      } catch (error) {
        handleError(error);
      }
      back();
    };
    const undo = () => {
      end();
      back();
    };
    const timer = window.setTimeout(send, STAY_UNDO_MS);
    addEventListener('pagehide', send);
    this.#leaving = [...this.#leaving, account.id];
    toasts.show(t('accounts.disconnected', { handle: account.handle }), { undo });
  }
}

export const accounts = new AccountsState();
