// What a campaign came to; read again when numbers come in.
import { api, ask, type Schemas } from '../api/client';
import { handleError } from '../shared/errors';
import { session } from '../team/session.svelte';

export class CampaignNumbers {
  value = $state.raw<Schemas['CampaignResults'] | null>(null);
  /** Post → engagements. */
  byPost = $derived(new Map(this.value?.posts.map((post) => [post.post_id, post.engagements])));

  async load(campaign: string) {
    try {
      const value = await ask(api.GET('/api/v1/workspaces/{workspace}/campaigns/{campaign}/results', { params: { path: { ...session.path, campaign } } }));
      this.value = value;
    } catch (error) {
      handleError(error);
    }
  }
}
