// The three first steps of a new workspace: an account, a post, the post out. Looked at until all are done, then never again.
import { api, ask } from '../api/client';
import { accounts } from '../accounts/accounts.svelte';
import { session } from '../team/session.svelte';

const KEY = 'hibiki.begun.';

class FirstSteps {
  hasPost = $state(false);
  isOut = $state(false);
  /** The workspace the two above are of. */
  #workspace = $state('');

  get hasAccount() {
    return (accounts.list?.length ?? 0) > 0;
  }

  get isDone() {
    return this.hasAccount && this.hasPost && this.isOut;
  }

  /** Stays up with every step ticked until the screen is left. */
  get isShown() {
    return this.#workspace === session.path.workspace && accounts.list !== null && session.can('edit');
  }

  /** `hasPublished`: what the screen knows already; spares an old workspace the questions. */
  async look(hasPublished: boolean) {
    const { workspace } = session.path;
    const isUp = this.#workspace === workspace;
    if (!session.can('edit') || (!isUp && (hasPublished || localStorage.getItem(KEY + workspace)))) return;
    const path = { workspace };
    try {
      const [posts, deliveries] = await Promise.all([
        ask(api.GET('/api/v1/workspaces/{workspace}/posts', { params: { path, query: { limit: 1 } } })),
        ask(api.GET('/api/v1/workspaces/{workspace}/deliveries', { params: { path, query: { state: 'published', limit: 1 } } })),
      ]);
      this.hasPost = posts.posts.length > 0;
      this.isOut = deliveries.deliveries.length > 0;
    } catch {
      return; // a help, not a need: the screen says itself when the server is away
    }
    if (this.isOut) localStorage.setItem(KEY + workspace, '1');
    else this.#workspace = workspace;
  }

  leave() {
    if (this.isOut) this.#workspace = '';
  }
}

export const firstSteps = new FirstSteps();
