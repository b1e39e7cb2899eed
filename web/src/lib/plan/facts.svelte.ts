// What the network says of an account while a post is written: what it offers (privacy levels, audiences), whom it reaches, what is left.
import { api, ask, type Schemas } from '../api/client';
import { sentenceOf } from '../shared/errors';
import { session } from '../team/session.svelte';

/** As connectors give it (Account options are the network's own): what the page knows to read, everything optional. */
type Offered = {
  recipients?: { broadcast?: number };
  messages?: { used?: number; limit?: number };
} & Record<string, unknown>;
export type Chance = { value: string; label: string; count?: number };
type Facts = { offered: Offered; quotas: Schemas['AccountQuota'][]; failure: string };

const KEEP_MS = 5 * 60_000;

class AccountFacts {
  #known = $state.raw<Record<string, Facts>>({});
  #asked = new Map<string, number>();

  of(account: string): Facts | undefined {
    return this.#known[account];
  }

  /** Values of an option that only the account knows: plain names, or {id, name, count}. */
  chances(account: string, from: string): Chance[] {
    const list = this.#known[account]?.offered[from];
    if (!Array.isArray(list)) return [];
    return list.map((one: string | { id?: string; name?: string; count?: number }) =>
      typeof one === 'string' ? { value: one, label: one } : { value: String(one.id ?? ''), label: one.name || String(one.id ?? ''), count: one.count });
  }

  /** Asks once in five minutes. */
  use(account: string) {
    const asked = this.#asked.get(account);
    if (asked && Date.now() - asked < KEEP_MS) return;
    this.#asked.set(account, Date.now());
    void this.#load(account);
  }

  async #load(account: string) {
    const params = { params: { path: { ...session.path, account } } };
    let failure = '';
    const [options, health] = await Promise.all([
      ask(api.GET('/api/v1/workspaces/{workspace}/accounts/{account}/options', params)).catch((error: unknown) => {
        failure = sentenceOf(error);
        return null;
      }),
      ask(api.GET('/api/v1/workspaces/{workspace}/accounts/{account}/health', params)).catch(() => null),
    ]);
    this.#known = { ...this.#known, [account]: { offered: (options?.options ?? {}) as Offered, quotas: health?.quotas ?? [], failure } };
  }
}

export const facts = new AccountFacts();
