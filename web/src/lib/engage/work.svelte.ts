// What the team knows of the thread that is open: notes, clock, who is typing, what rules did; and what is done with it.
import { api, ask, type Schemas } from '../api/client';
import { onEvents } from '../api/events';
import { handleError } from '../shared/errors';
import { session } from '../team/session.svelte';

const PATH = '/api/v1/workspaces/{workspace}' as const;
const TYPING_EVERY_MS = 5000;
const LOOK_EVERY_MS = 15_000;

export type Change = Omit<Schemas['ThreadWorkChange'], 'threads'>;

/** The same to many threads: how many changed, what takes it back, what could not be done. */
export function workOn(threads: string[], change: Change): Promise<Schemas['ThreadWorkDone']> {
  return ask(api.POST(`${PATH}/thread-work`, { params: { path: session.path }, body: { threads, ...change } }));
}

/** Tells the others that an answer is being written, every few seconds at most. */
export class Typing {
  #last = 0;

  press(thread: string) {
    if (Date.now() - this.#last < TYPING_EVERY_MS) return;
    this.#last = Date.now();
    void this.#tell(thread, false);
  }

  stop(thread: string) {
    if (this.#last) void this.#tell(thread, true);
    this.#last = 0;
  }

  async #tell(thread: string, stops: boolean) {
    try {
      await ask(api.POST(`${PATH}/threads/{thread}/typing`, { params: { path: { ...session.path, thread } }, body: { stops } }));
    } catch {
      // Nobody is warned then; the second answer is still refused by the server.
    }
  }
}

export class ThreadWork {
  value = $state.raw<Schemas['ThreadWork'] | null>(null);
  #thread = '';

  /** Made for `$effect(() => work.follow(thread))`. Marks of who types end by themselves, so it looks again now and then. */
  follow(thread: string): () => void {
    if (thread !== this.#thread) this.value = null;
    this.#thread = thread;
    void this.load();
    const timer = window.setInterval(() => void this.load(), LOOK_EVERY_MS);
    const off = onEvents(['thread', 'note', 'reply', 'talk', 'hours'], () => void this.load());
    return () => {
      window.clearInterval(timer);
      off();
    };
  }

  async load() {
    const thread = this.#thread;
    try {
      const value = await ask(api.GET(`${PATH}/threads/{thread}/work`, { params: { path: { ...session.path, thread } } }));
      if (thread === this.#thread) this.value = value;
    } catch (error) {
      handleError(error);
    }
  }

  async #do(what: () => Promise<unknown>): Promise<boolean> {
    try {
      await what();
      await this.load();
      return true;
    } catch (error) {
      handleError(error);
      return false;
    }
  }

  change(change: Change) {
    return this.#do(() => workOn([this.#thread], change));
  }

  addNote(text: string) {
    return this.#do(() => ask(api.POST(`${PATH}/threads/{thread}/notes`, { params: { path: { ...session.path, thread: this.#thread } }, body: { text } })));
  }

  dropNote(note: string) {
    return this.#do(() => ask(api.DELETE(`${PATH}/thread-notes/{note}`, { params: { path: { ...session.path, note } } })));
  }

  hide(talk: string, isHidden: boolean) {
    return this.#do(() => ask(api.POST(`${PATH}/talk/{talk}/hide`, { params: { path: { ...session.path, talk } }, body: { is_hidden: isHidden } })));
  }
}
