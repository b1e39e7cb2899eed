// The campaigns' names, for those who show a campaign by its id or choose one. Asked for once a workspace, and again when one is missing.
import { api, ask, type Schemas } from '../api/client';
import { session } from '../team/session.svelte';

export type Campaign = Schemas['Campaign'];

class CampaignNames {
  list = $state.raw<Campaign[]>([]);
  #names = $derived(new Map(this.list.map((one) => [one.id, one.name])));
  #asked = new Set<string>();

  of(id: string): string {
    return this.#names.get(id) ?? '';
  }

  async all() {
    try {
      this.list = (await ask(api.GET('/api/v1/workspaces/{workspace}/campaigns', { params: { path: session.path } }))).campaigns;
    } catch {
      // Who shows a name says "a campaign" then; who lets choose has none to offer.
    }
  }

  async need(ids: string[]) {
    const missing = ids.filter((id) => !this.#names.has(id) && !this.#asked.has(id));
    if (!missing.length) return;
    for (const id of missing) this.#asked.add(id);
    await this.all();
  }
}

export const campaignNames = new CampaignNames();
