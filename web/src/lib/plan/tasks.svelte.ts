// Tasks: a list of them, ticked off at once with undo, and one being written.
import { api, ask, Problem, type Schemas } from '../api/client';
import { handleError, sentenceOf } from '../shared/errors';
import { fmt } from '../shared/fmt.svelte';
import { place, t } from '../shared/locale.svelte';
import { toasts } from '../shared/toasts.svelte';
import { dayStart } from '../shared/zone';
import { session } from '../team/session.svelte';

export type Task = Schemas['Task'];
export type TaskContent = Schemas['TaskDraft'];
export type TaskQuery = { assignee?: string; campaign?: string; done?: boolean };

const TASKS = '/api/v1/workspaces/{workspace}/tasks' as const;
const TASK = `${TASKS}/{task}` as const;
const pathOf = (id: string) => ({ params: { path: { ...session.path, task: id } } });

export function contentOf(task: Task): TaskContent {
  const { title, note, assignee_id, due_on, campaign_id, post_id } = task;
  return { title, note, assignee_id, due_on, campaign_id, post_id };
}

/** How a day stands to today: what a person must know first. */
export function dueWords(dueOn: string | null, today: string): { text: string; tone: '' | 'warn' | 'danger' } {
  if (!dueOn) return { text: t('task.noDay'), tone: '' };
  const day = fmt.day(dayStart(dueOn, place.zone));
  if (dueOn < today) return { text: `${t('task.late')} · ${day}`, tone: 'danger' };
  return dueOn === today ? { text: t('task.today'), tone: 'warn' } : { text: t('task.by', { day }), tone: '' };
}

/** Ticks a task off, or takes that back. */
export async function finish(task: Task, isDone: boolean): Promise<Task | null> {
  try {
    return await ask(api.PUT(`${TASK}/done`, { ...pathOf(task.id), body: { is_done: isDone } }));
  } catch (error) {
    handleError(error);
    return null;
  }
}

export class Tasks {
  list = $state.raw<Task[] | null>(null);
  isCut = $state(false);
  failure = $state('');
  #query: TaskQuery = {};
  #turn = 0;

  async load(query: TaskQuery = this.#query) {
    const turn = ++this.#turn;
    this.#query = query;
    try {
      const reply = await ask(api.GET(TASKS, { params: { path: session.path, query } }));
      if (turn !== this.#turn) return;
      this.list = reply.tasks;
      this.isCut = reply.is_cut;
      this.failure = '';
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }

  async finish(task: Task, isDone = true) {
    this.list = this.list?.filter((one) => one.id !== task.id) ?? null;
    if ((await finish(task, isDone)) && isDone) toasts.show(t('task.doneToast', { title: task.title }), { undo: () => void this.#takeBack(task) });
    await this.load();
  }

  async #takeBack(task: Task) {
    await finish(task, false);
    await this.load();
  }

  async remove(task: Task) {
    try {
      await ask(api.DELETE(TASK, pathOf(task.id)));
      toasts.show(t('task.deleted'), { undo: () => void this.#restore(task) });
      await this.load();
    } catch (error) {
      handleError(error);
    }
  }

  async #restore(task: Task) {
    try {
      await ask(api.POST(TASKS, { params: { path: session.path }, body: contentOf(task) }));
      toasts.show(t('task.restored'));
      await this.load();
    } catch (error) {
      handleError(error);
    }
  }
}

/** A task being written: a new one, or one as it was when opened. */
export class TaskEdit {
  readonly task: Task | null;
  #version: number;
  content = $state<TaskContent>({ title: '' });
  conflict = $state.raw<Task | null>(null);

  constructor(task: Task | null, start: Partial<TaskContent> = {}) {
    this.task = task;
    this.#version = task?.version ?? 0;
    this.content = task ? contentOf(task) : { title: '', note: '', assignee_id: session.person?.id ?? null, due_on: null, ...start };
  }

  get body(): TaskContent {
    const content = $state.snapshot(this.content);
    return { ...content, due_on: content.due_on || null };
  }

  /** False when somebody else was first; `conflict` then holds theirs. */
  async save(): Promise<boolean> {
    if (!this.task) {
      await ask(api.POST(TASKS, { params: { path: session.path }, body: this.body }));
      return true;
    }
    try {
      await ask(api.PUT(TASK, { ...pathOf(this.task.id), body: { version: this.#version, task: this.body } }));
      return true;
    } catch (error) {
      if (!(error instanceof Problem) || error.reason !== 'task.edited') throw error;
      const all = await ask(api.GET(TASKS, { params: { path: session.path } }));
      this.conflict = all.tasks.find((one) => one.id === this.task!.id) ?? null;
      if (!this.conflict) throw error;
      return false;
    }
  }

  keepMine() {
    this.#version = this.conflict!.version;
    this.conflict = null;
    return this.save();
  }
}
