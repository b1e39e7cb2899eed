// Reports: the list, one with what it says, its sections and the tasks made of its suggestions.
import { api, ask, type Schemas } from '../api/client';
import { handleError, sentenceOf } from '../shared/errors';
import { session } from '../team/session.svelte';

export type Report = Schemas['Report'];
export type Draft = Schemas['ReportDraft'];
export type Read = Schemas['ReportRead'];
export type Section = Schemas['ReportSection'];

const ALL = '/api/v1/workspaces/{workspace}/reports' as const;
const ONE = `${ALL}/{report}` as const;
const at = (report: string) => ({ params: { path: { ...session.path, report } } });
const text = (day: Date) => day.toISOString().slice(0, 10);

/** The last whole month, or the last whole week from Monday to Sunday, as seen on `today` (YYYY-MM-DD). */
export function lastPeriod(kind: Draft['kind'], today: string): { from: string; until: string } {
  const now = new Date(`${today}T00:00:00Z`);
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  if (kind !== 'weekly') return { from: text(new Date(Date.UTC(year, month - 1, 1))), until: text(new Date(Date.UTC(year, month, 0))) };
  const monday = day - ((now.getUTCDay() + 6) % 7) - 7;
  return { from: text(new Date(Date.UTC(year, month, monday))), until: text(new Date(Date.UTC(year, month, monday + 6))) };
}

/** The list with one row taken from `from` and put at `to`. */
export function moved<T>(rows: T[], from: number, to: number): T[] {
  if (to < 0 || to >= rows.length || from === to) return rows;
  const out = [...rows];
  const [row] = out.splice(from, 1);
  if (row !== undefined) out.splice(to, 0, row);
  return out;
}

export const draftOf = (report: Report): Draft => ({
  kind: report.kind, name: report.name, client: report.client, campaign_id: report.campaign_id, from: report.from, until: report.until,
  logo_id: report.logo_id, accent: report.accent, locale: report.locale, sections: report.sections,
});

export const make = (body: Draft) => ask(api.POST(ALL, { params: { path: session.path }, body }));
export const change = (report: Report, draft: Draft) => ask(api.PUT(ONE, { ...at(report.id), body: { version: report.version, report: draft } }));
export const remove = (report: Report) => ask(api.DELETE(ONE, at(report.id)));

export class Reports {
  list = $state.raw<Report[] | null>(null);
  failure = $state('');

  async load() {
    try {
      this.list = (await ask(api.GET(ALL, { params: { path: session.path } }))).reports;
      this.failure = '';
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }
}

export class ReportOne {
  read = $state.raw<Read | null>(null);
  failure = $state('');
  isBusy = $state(false);
  #seen = 0;
  constructor(readonly id: string) {}

  async load() {
    try {
      this.#seen = Date.now();
      this.read = await ask(api.GET(ONE, at(this.id)));
      this.failure = '';
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }

  /** Puts the sections as they are now; what it says is read anew. */
  async setSections(sections: Section[]) {
    const read = this.read;
    if (!read) return;
    this.read = { ...read, report: { ...read.report, sections } };
    this.isBusy = true;
    try {
      await change(read.report, { ...draftOf(read.report), sections });
    } catch (error) {
      handleError(error);
    }
    await this.load();
    this.isBusy = false;
  }

  async makeTask(suggestion: string, assignee_id: string | null, due_on: string): Promise<boolean> {
    try {
      await ask(api.POST(`${ONE}/tasks`, { ...at(this.id), body: { suggestion, assignee_id, due_on } }));
      await this.load();
      return true;
    } catch (error) {
      handleError(error);
      return false;
    }
  }

  file = (name: 'report.pdf' | 'report.xlsx' | 'report.pptx') => `/api/v1/workspaces/${session.path.workspace}/reports/${this.id}/${name}`;
  chart = (number: number) => `/api/v1/workspaces/${session.path.workspace}/reports/${this.id}/chart.svg?number=${number}&seen=${this.#seen}`;
}
