// The board of ideas. A move shows at once, is sent, can be undone, and goes back with a sentence when the server refuses.
import { api, ask, Problem, type Schemas } from '../api/client';
import { handleError, sentenceOf } from '../shared/errors';
import { t } from '../shared/locale.svelte';
import { toasts } from '../shared/toasts.svelte';
import { session } from '../team/session.svelte';

export type Idea = Schemas['Idea'];
export type IdeaContent = Schemas['IdeaDraft'];
export type Column = Idea['status'];
export const COLUMNS: Column[] = ['new', 'shaping', 'ready', 'drafted', 'dropped'];

const IDEAS = '/api/v1/workspaces/{workspace}/ideas' as const;
const IDEA = `${IDEAS}/{idea}` as const;
const pathOf = (id: string) => ({ params: { path: { ...session.path, idea: id } } });

export function contentOf(idea: Idea): IdeaContent {
  const { title, note, status, campaign_id, owner_id, due_on, url, media_id, tags } = idea;
  return { title, note, status, campaign_id, owner_id, due_on, url, media_id, tags };
}

/** The ideas with one put above `below` in a column, or at its foot. */
export function placed(ideas: Idea[], id: string, status: Column, below: string | null): Idea[] {
  const idea = ideas.find((one) => one.id === id);
  if (!idea || below === id) return ideas;
  const others = ideas.filter((one) => one.id !== id);
  const at = others.findIndex((one) => one.id === below && one.status === status);
  const moved = { ...idea, status };
  return at < 0 ? [...others, moved] : [...others.slice(0, at), moved, ...others.slice(at)];
}

export class Board {
  ideas = $state.raw<Idea[] | null>(null);
  isCut = $state(false);
  failure = $state('');
  columns = $derived(COLUMNS.map((status) => ({ status, ideas: (this.ideas ?? []).filter((one) => one.status === status) })));
  #turn = 0;

  async load() {
    const turn = ++this.#turn;
    try {
      const reply = await ask(api.GET(IDEAS, { params: { path: session.path } }));
      if (turn !== this.#turn) return;
      this.ideas = reply.ideas;
      this.isCut = reply.is_cut;
      this.failure = '';
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }

  async add(title: string): Promise<boolean> {
    try {
      const made = await ask(api.POST(IDEAS, { params: { path: session.path }, body: { title } }));
      this.ideas = [made, ...(this.ideas ?? []).filter((one) => one.id !== made.id)];
      return true;
    } catch (error) {
      handleError(error);
      return false;
    }
  }

  /** Just above `below`, or to the foot of the column. */
  async move(id: string, status: Column, below: string | null, isUndo = false) {
    const before = this.ideas ?? [];
    const idea = before.find((one) => one.id === id);
    if (!idea || below === id) return;
    const column = before.filter((one) => one.status === idea.status);
    const wasAbove = column[column.indexOf(idea) + 1]?.id ?? null;
    this.ideas = placed(before, id, status, below);
    this.#turn++; // what is being read now does not know of it yet
    try {
      await ask(api.POST(`${IDEA}/move`, { ...pathOf(id), body: { status, below } }));
      if (isUndo) toasts.show(t('idea.movedBack'));
      else if (status !== idea.status) toasts.show(t('idea.moved', { column: t(`idea.status.${status}`) }), { undo: () => void this.move(id, idea.status, wasAbove, true) });
    } catch (error) {
      this.ideas = before;
      handleError(error);
    }
  }

  /** A step by keyboard: within the column, or to the next one. */
  step(idea: Idea, key: string) {
    const column = this.columns.find((one) => one.status === idea.status)!.ideas;
    const at = column.findIndex((one) => one.id === idea.id);
    const next = COLUMNS[COLUMNS.indexOf(idea.status) + (key === 'ArrowRight' ? 1 : -1)];
    if (key === 'ArrowUp' && at > 0) void this.move(idea.id, idea.status, column[at - 1].id);
    else if (key === 'ArrowDown' && at < column.length - 1) void this.move(idea.id, idea.status, column[at + 2]?.id ?? null);
    else if ((key === 'ArrowLeft' || key === 'ArrowRight') && next) void this.move(idea.id, next, null);
  }

  /** Makes the draft; the id of the post. */
  async draft(idea: Idea): Promise<string | null> {
    try {
      return (await ask(api.POST(`${IDEA}/draft`, pathOf(idea.id)))).post_id;
    } catch (error) {
      handleError(error);
      void this.load();
      return null;
    }
  }

  async remove(idea: Idea) {
    try {
      await ask(api.DELETE(IDEA, pathOf(idea.id)));
      this.ideas = this.ideas?.filter((one) => one.id !== idea.id) ?? null;
      toasts.show(t('idea.deleted'), { undo: () => void this.#restore(idea) });
    } catch (error) {
      handleError(error);
    }
  }

  async #restore(idea: Idea) {
    try {
      await ask(api.POST(IDEAS, { params: { path: session.path }, body: contentOf(idea) }));
      toasts.show(t('idea.restored'));
      await this.load();
    } catch (error) {
      handleError(error);
    }
  }
}

/** An idea being written. */
export class IdeaEdit {
  readonly idea: Idea;
  #version: number;
  content = $state<IdeaContent>({ title: '' });
  tags = $state('');
  conflict = $state.raw<Idea | null>(null);

  constructor(idea: Idea) {
    this.idea = idea;
    this.#version = idea.version;
    this.content = contentOf(idea);
    this.tags = idea.tags.join(' ');
  }

  get body(): IdeaContent {
    const content = $state.snapshot(this.content);
    return { ...content, due_on: content.due_on || null, url: content.url || null, campaign_id: content.campaign_id || null, owner_id: content.owner_id || null, tags: this.tags.split(/[\s,、]+/).filter(Boolean) };
  }

  /** False when somebody else was first; `conflict` then holds theirs. */
  async save(): Promise<boolean> {
    try {
      await ask(api.PUT(IDEA, { ...pathOf(this.idea.id), body: { version: this.#version, idea: this.body } }));
      return true;
    } catch (error) {
      if (!(error instanceof Problem) || error.reason !== 'idea.edited') throw error;
      this.conflict = await ask(api.GET(IDEA, pathOf(this.idea.id)));
      return false;
    }
  }

  keepMine() {
    this.#version = this.conflict!.version;
    this.conflict = null;
    return this.save();
  }
}
