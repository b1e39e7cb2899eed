// Everything that keeps the post from going out, each at its place, asked of the server while somebody writes.
import { api, ask, type Schemas } from '../api/client';
import { session } from '../team/session.svelte';

type Draft = Schemas['PostDraft'];
/** What it is stored as, and the campaign it belongs to. */
type About = { post?: string; campaign?: string };
export type PostProblem = Schemas['PostProblem'];
export type PostFinding = Schemas['PostFinding'];
export type PostCaution = Schemas['PostCaution'];
const PAUSE_MS = 600;
const AGAIN_MS = 5_000;

export class Check {
  problems = $state.raw<PostProblem[]>([]);
  findings = $state.raw<PostFinding[]>([]);
  /** What one should know of the moment it is meant for. */
  cautions = $state.raw<PostCaution[]>([]);
  #timer = 0;
  #turn = 0;

  /** `draft`: what is on the screen; null when there is nothing to look at yet. */
  follow(draft: Draft | null, about: About) {
    clearTimeout(this.#timer);
    const turn = ++this.#turn;
    if (draft) this.#timer = window.setTimeout(() => void this.#ask(draft, about, turn), PAUSE_MS);
    else [this.problems, this.findings, this.cautions] = [[], [], []];
  }

  async #ask(draft: Draft, about: About, turn: number) {
    try {
      const reply = await ask(api.POST('/api/v1/workspaces/{workspace}/check', { params: { path: session.path, query: about }, body: draft }));
      if (turn === this.#turn) [this.problems, this.findings, this.cautions] = [reply.problems, reply.findings, reply.cautions];
    } catch {
      // Not reached, or not readable yet: what was found last stays until it is; scheduling checks again.
      if (turn === this.#turn) this.#timer = window.setTimeout(() => void this.#ask(draft, about, turn), AGAIN_MS);
    }
  }

  /** At `pointer` or below it. */
  at(pointer: string): PostProblem[] {
    return this.problems.filter((one) => one.pointer === pointer || one.pointer.startsWith(`${pointer}/`));
  }

  /** What a person must mend there, each sentence once. */
  sentences(pointer: string): string[] {
    return [...new Set(this.at(pointer).flatMap((one) => (one.is_fittable ? [] : [one.detail])))];
  }

  /** As `sentences`, without what is said of places below. */
  exactly(pointer: string): string[] {
    return [...new Set(this.problems.filter((one) => one.pointer === pointer && !one.is_fittable).map((one) => one.detail))];
  }

  /** What the rules say of the text at `pointer`. */
  findingsAt(pointer: string): PostFinding[] {
    return this.findings.filter((one) => one.pointer === pointer);
  }

  get blocking(): PostProblem[] {
    return this.problems.filter((one) => !one.is_fittable);
  }
}
