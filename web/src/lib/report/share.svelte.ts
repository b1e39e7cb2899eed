// Secret links to reports and figures, and reports that are made and sent by themselves.
import { api, ask, type Schemas } from '../api/client';
import { handleError, sentenceOf } from '../shared/errors';
import { session } from '../team/session.svelte';

export type Link = Schemas['ReportLink'];
export type LinkDraft = Schemas['ReportLinkDraft'];
export type Schedule = Schemas['ReportSchedule'];
export type ScheduleDraft = Schemas['ReportScheduleDraft'];
export type Run = Schemas['ReportRun'];

const LINKS = '/api/v1/workspaces/{workspace}/report-links' as const;
const PLANS = '/api/v1/workspaces/{workspace}/report-schedules' as const;
const here = () => ({ params: { path: session.path } });
const at = (report_schedule: string) => ({ params: { path: { ...session.path, report_schedule } } });

export const isOpen = (link: Link, now: number) => !link.revoked_at && Date.parse(link.expires_at) > now;

/** Minutes of the day as "09:00", and back. */
export const clockOf = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
export function minuteOf(clock: string): number {
  const [hour, minute] = clock.split(':').map(Number);
  return (hour || 0) * 60 + (minute || 0);
}

/** Addresses as people write them: one a line, or with commas. */
export const addressesOf = (text: string) => text.split(/[\s,;、，]+/u).filter(Boolean);

export const makeLink = (body: LinkDraft) => ask(api.POST(LINKS, { ...here(), body }));

export class Links {
  list = $state.raw<Link[] | null>(null);
  failure = $state('');

  async load() {
    try {
      this.list = (await ask(api.GET(LINKS, here()))).links;
      this.failure = '';
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }

  async revoke(report_link: string) {
    try {
      await ask(api.DELETE(`${LINKS}/{report_link}`, { params: { path: { ...session.path, report_link } } }));
    } catch (error) {
      handleError(error);
    }
    await this.load();
  }
}

export const saveSchedule = (before: Schedule | null, draft: ScheduleDraft) =>
  before ? ask(api.PUT(`${PLANS}/{report_schedule}`, { ...at(before.id), body: { version: before.version, schedule: draft } })) : ask(api.POST(PLANS, { ...here(), body: draft }));

export const draftOf = (one: Schedule): ScheduleDraft => ({
  name: one.name, kind: one.kind, on_day: one.on_day, minute: one.minute, shift: one.shift, client: one.client, logo_id: one.logo_id, accent: one.accent, locale: one.locale, files: one.files,
  link_days: one.link_days, mails: one.mails, keeps_hook: one.host !== null, is_paused: one.next_at === null, workspaces: one.workspaces,
});

export class Schedules {
  list = $state.raw<Schedule[] | null>(null);
  runs = $state.raw<Record<string, Run[]>>({});
  failure = $state('');

  async load() {
    try {
      const list = (await ask(api.GET(PLANS, here()))).schedules;
      const runs = await Promise.all(list.map(async (one) => [one.id, (await ask(api.GET(`${PLANS}/{report_schedule}/runs`, at(one.id)))).runs] as const));
      this.runs = Object.fromEntries(runs);
      this.list = list;
      this.failure = '';
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }

  async #do(work: () => Promise<unknown>) {
    try {
      await work();
    } catch (error) {
      handleError(error);
    }
    await this.load();
  }

  runNow = (one: Schedule) => this.#do(() => ask(api.POST(`${PLANS}/{report_schedule}/runs`, at(one.id))));
  remove = (one: Schedule) => this.#do(() => ask(api.DELETE(`${PLANS}/{report_schedule}`, at(one.id))));
  pause = (one: Schedule, is_paused: boolean) => this.#do(() => saveSchedule(one, { ...draftOf(one), is_paused }));
  resend = (report_sending: string) =>
    this.#do(() => ask(api.POST('/api/v1/workspaces/{workspace}/report-sendings/{report_sending}/again', { params: { path: { ...session.path, report_sending } } })));
}
