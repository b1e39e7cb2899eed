// The campaigns' names, for those who show a campaign by its id. Asked for once a workspace, and again when one is missing.
import { api, ask } from '../api/client';
import { session } from '../team/session.svelte';

class CampaignNames {
  #names = $state.raw<Record<string, string>>({});
  #asked = new Set<string>();

  of(id: string): string {
    return this.#names[id] ?? '';
  }

  async need(ids: string[]) {
    const missing = ids.filter((id) => !(id in this.#names) && !this.#asked.has(id));
    if (!missing.length) return;
    for (const id of missing) this.#asked.add(id);
    try {
      const { campaigns } = await ask(api.GET('/api/v1/workspaces/{workspace}/campaigns', { params: { path: session.path } }));
      this.#names = { ...this.#names, ...Object.fromEntries(campaigns.map((one) => [one.id, one.name])) };
    } catch {
      // The banner says "a campaign" then.
    }
  }
}

export const campaignNames = new CampaignNames();
