// The approval of one post: what is asked for, who said what, comments, and links for clients. And what the workspace asks for at all.
import { untrack } from 'svelte';
import { api, ask, type Schemas } from '../api/client';
import { onEvents } from '../api/events';
import { handleError, sentenceOf } from '../shared/errors';
import { session } from '../team/session.svelte';

export type Approval = Schemas['Approval'];
export type Comment = Schemas['Comment'];
export type Spot = { start: number; length: number };

const POST = '/api/v1/workspaces/{workspace}/posts/{post}' as const;

/** A link by which a client without an account looks at posts, in this order. Its address is told once. */
export const makeLink = (posts: string[], name: string, days: number) => ask(api.POST('/api/v1/workspaces/{workspace}/review-links', { params: { path: session.path }, body: { name, days, posts } }));
export const endLink = (link: string) => ask(api.DELETE('/api/v1/workspaces/{workspace}/review-links/{link}', { params: { path: { ...session.path, link } } }));
export const LINK_DAYS = [3, 7, 14, 30];

/** What the workspace asks for; one for all screens. */
class PolicyState {
  value = $state.raw<Schemas['ApprovalPolicy'] | null>(null);

  get isAsked() {
    return this.value !== null && this.value.mode !== 'none';
  }

  /** Made for `$effect(() => policy.use())`. */
  use(): () => void {
    untrack(() => void this.load());
    return onEvents(['approval'], () => void this.load());
  }

  async load() {
    try {
      this.value = await ask(api.GET('/api/v1/workspaces/{workspace}/approvals/policy', { params: { path: session.path } }));
    } catch (error) {
      handleError(error);
    }
  }

  async set(value: Schemas['ApprovalPolicy']) {
    this.value = await ask(api.PUT('/api/v1/workspaces/{workspace}/approvals/policy', { params: { path: session.path }, body: value }));
  }
}
export const policy = new PolicyState();

export class ApprovalOf {
  approval = $state.raw<Approval | null>(null);
  comments = $state.raw<Comment[]>([]);
  links = $state.raw<Schemas['ReviewLink'][]>([]);
  /** A link's address is told once. */
  made = $state.raw<{ name: string; url: string } | null>(null);
  failure = $state('');
  isBusy = $state(false);

  constructor(
    private readonly post: string,
    private readonly onchange: (approval: Approval) => void,
  ) {}

  get #path() {
    return { ...session.path, post: this.post };
  }

  use(): () => void {
    untrack(() => void this.load());
    return onEvents(['approval', 'comment', 'review', 'post'], (events) => {
      if (events.some((one) => one.subject === this.post || one.kind === 'reset' || one.kind === 'approval.policy')) void this.load();
    });
  }

  async load() {
    try {
      const params = { params: { path: this.#path } };
      const [approval, { comments }, links] = await Promise.all([
        ask(api.GET(`${POST}/approval`, params)),
        ask(api.GET(`${POST}/comments`, params)),
        session.can('edit') ? ask(api.GET(`${POST}/review-links`, params)) : null,
      ]);
      this.comments = comments;
      this.links = links?.links ?? [];
      this.failure = '';
      this.#take(approval);
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }

  #take(approval: Approval) {
    this.approval = approval;
    this.onchange(approval);
  }

  /** True when it went through; else the person was told why not. */
  async #act(work: () => Promise<void>): Promise<boolean> {
    if (this.isBusy) return false;
    this.isBusy = true;
    try {
      await work();
      return true;
    } catch (error) {
      handleError(error);
      void this.load();
      return false;
    } finally {
      this.isBusy = false;
    }
  }

  ask(note: string) {
    return this.#act(async () => this.#take(await ask(api.POST(`${POST}/approval`, { params: { path: this.#path }, body: note.trim() ? { note: note.trim() } : {} }))));
  }

  withdraw() {
    return this.#act(async () => this.#take(await ask(api.DELETE(`${POST}/approval`, { params: { path: this.#path } }))));
  }

  vote(decision: 'approve' | 'changes', reason: string, isUrgent = false) {
    const body = { version: this.approval?.post_version ?? 0, decision, is_urgent: isUrgent, ...(reason.trim() ? { reason: reason.trim() } : {}) };
    return this.#act(async () => this.#take(await ask(api.POST(`${POST}/votes`, { params: { path: this.#path }, body }))));
  }

  say(text: string, spot: Spot | null, isShared: boolean) {
    return this.#act(async () => {
      const made = await ask(api.POST(`${POST}/comments`, { params: { path: this.#path }, body: { text, is_shared: isShared, ...(spot ?? {}) } }));
      this.comments = [...this.comments, made];
    });
  }

  settle(comment: Comment) {
    return this.#act(async () => {
      const path = { ...this.#path, comment: comment.id };
      const changed = await ask(api.PATCH(`${POST}/comments/{comment}`, { params: { path }, body: { is_resolved: !comment.resolved_at } }));
      this.comments = this.comments.map((one) => (one.id === changed.id ? changed : one));
    });
  }

  invite(name: string, days: number) {
    return this.#act(async () => {
      const { link, url } = await makeLink([this.post], name, days);
      this.links = [link, ...this.links];
      this.made = { name, url };
    });
  }

  revoke(link: string) {
    return this.#act(async () => {
      await endLink(link);
      this.links = this.links.map((one) => (one.id === link ? { ...one, revoked_at: new Date().toISOString() } : one));
      this.made = null;
    });
  }
}

/** The server counts characters as Unicode does, a text field counts UTF-16 units. */
export function spotOf(text: string, from: number, to: number): Spot | null {
  const length = [...text.slice(from, to)].length;
  return length ? { start: [...text.slice(0, from)].length, length } : null;
}

/** Back: where the spot stands in the text field. */
export function unitsOf(text: string, spot: Spot): [number, number] {
  const characters = [...text];
  const from = characters.slice(0, spot.start).join('').length;
  return [from, from + characters.slice(spot.start, spot.start + spot.length).join('').length];
}
