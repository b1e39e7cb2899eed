// Campaigns: the list, one with its posts, and one being written. What two people wrote at once is shown to the second, who decides.
import { api, ask, Problem, type Schemas } from '../api/client';
import { sentenceOf } from '../shared/errors';
import { session } from '../team/session.svelte';
import type { Industry, Relation } from '../check/words';
import { inUnit, ofUnit, type Unit } from './goal';

export type Campaign = Schemas['Campaign'];
export type CampaignContent = Schemas['CampaignDraft'];
export type Metric = Schemas['CampaignGoal']['metric'];
export type Brief = Schemas['CampaignBrief'];
export type BriefField = keyof Brief;
type Post = Schemas['Post'];

const CAMPAIGNS = '/api/v1/workspaces/{workspace}/campaigns' as const;
const CAMPAIGN = `${CAMPAIGNS}/{campaign}` as const;

export const STATUSES: Campaign['status'][] = ['planned', 'running', 'paused', 'done', 'cancelled'];
export const TONES = { planned: '', running: 'ok', paused: 'warn', done: 'info', cancelled: '' } as const;
/** The one page, in the order it is read; the period stands in the campaign's own days. */
export const BRIEF: BriefField[] = ['background', 'kpi', 'audience', 'message', 'channels', 'creative', 'offer', 'terms', 'disclosure', 'budget', 'team', 'schedule', 'risks', 'exit', 'success'];

/** What a campaign says of itself, as the contract takes it back. */
export function contentOf(campaign: Campaign): CampaignContent {
  const { name, status, starts_on, ends_on, goal, budget, networks, industries, relation, tags, brief } = campaign;
  return { name, status, starts_on, ends_on, goal, budget, networks, industries, relation, tags, brief: brief ?? {} };
}

/** The KPI dictionary; the same for everybody, so it is asked for once. */
class Kpis {
  list = $state.raw<Schemas['KpiDefinition'][]>([]);
  #units = $derived(new Map(this.list.map((kpi) => [kpi.metric, kpi.unit])));
  #asked = false;

  async load() {
    if (this.#asked) return;
    this.#asked = true;
    try {
      this.list = (await ask(api.GET('/api/v1/workspaces/{workspace}/kpis', { params: { path: session.path } }))).kpis;
    } catch (error) {
      this.#asked = false;
      throw error;
    }
  }

  unit(metric: Metric): Unit {
    return this.#units.get(metric) ?? 'count';
  }
}
export const kpis = new Kpis();

export class CampaignList {
  list = $state.raw<Campaign[] | null>(null);
  failure = $state('');

  async load() {
    try {
      const [reply] = await Promise.all([ask(api.GET(CAMPAIGNS, { params: { path: session.path } })), kpis.load()]);
      this.list = reply.campaigns;
      this.failure = '';
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }
}

const PAGE = 500;

/** One campaign with its posts. */
export class CampaignView {
  campaign = $state.raw<Campaign | null>(null);
  posts = $state.raw<Post[]>([]);
  failure = $state('');
  #turn = 0;

  async load(id: string) {
    const turn = ++this.#turn;
    const path = { ...session.path, campaign: id };
    try {
      const [campaign, posts] = await Promise.all([
        ask(api.GET(CAMPAIGN, { params: { path } })),
        ask(api.GET('/api/v1/workspaces/{workspace}/posts', { params: { path: session.path, query: { campaign: id, limit: PAGE } } })),
        kpis.load(),
      ]);
      if (turn !== this.#turn) return;
      this.campaign = campaign;
      this.posts = posts.posts;
      this.failure = '';
    } catch (error) {
      if (turn === this.#turn) this.failure = sentenceOf(error);
    }
  }
}

/** A campaign being written: a new one, or one as it was when opened. */
export class CampaignDraft {
  #version = 0;
  readonly id: string | null;
  name = $state('');
  status = $state<Campaign['status']>('planned');
  startsOn = $state('');
  endsOn = $state('');
  metric = $state<Metric | ''>('');
  /** As people type it: 4.5 for 4.5 %, 30,000 for yen. */
  target = $state<number | null>(null);
  dueOn = $state('');
  amount = $state<number | null>(null);
  currency = $state('JPY');
  networks = $state<string[]>([]);
  industries = $state<Industry[]>([]);
  relation = $state<Relation>('unsaid');
  tags = $state('');
  brief = $state<Brief>({});
  /** What somebody else saved meanwhile. */
  conflict = $state.raw<Campaign | null>(null);

  constructor(campaign?: Campaign) {
    this.id = campaign?.id ?? null;
    if (campaign) this.#read(campaign);
  }

  #read(campaign: Campaign) {
    const { goal, budget } = campaign;
    this.#version = campaign.version;
    this.name = campaign.name;
    this.status = campaign.status;
    this.startsOn = campaign.starts_on ?? '';
    this.endsOn = campaign.ends_on ?? '';
    this.currency = budget?.currency ?? 'JPY';
    this.metric = goal?.metric ?? '';
    this.target = goal ? inUnit(goal.target, kpis.unit(goal.metric), this.currency) : null;
    this.dueOn = goal?.due_on ?? '';
    this.amount = budget ? inUnit(budget.amount_minor, 'money', budget.currency) : null;
    this.networks = [...campaign.networks];
    this.industries = [...campaign.industries];
    this.relation = campaign.relation;
    this.tags = campaign.tags.join(' ');
    this.brief = { ...campaign.brief };
  }

  get content(): CampaignContent {
    const goal = this.metric && this.target !== null
      ? { metric: this.metric, target: ofUnit(this.target, kpis.unit(this.metric), this.currency), due_on: this.dueOn || null }
      : null;
    return {
      name: this.name.trim(), status: this.status, starts_on: this.startsOn || null, ends_on: this.endsOn || null, goal,
      budget: this.amount === null ? null : { amount_minor: ofUnit(this.amount, 'money', this.currency), currency: this.currency },
      networks: [...this.networks], industries: [...this.industries], relation: this.relation, tags: this.tags.split(/[\s,、]+/).filter(Boolean), brief: { ...this.brief },
    };
  }

  /** The campaign as saved, or null when somebody else was first (`conflict` then holds theirs). */
  async save(): Promise<Campaign | null> {
    const path = session.path;
    if (!this.id) return ask(api.POST(CAMPAIGNS, { params: { path }, body: this.content }));
    try {
      return await ask(api.PUT(CAMPAIGN, { params: { path: { ...path, campaign: this.id } }, body: { version: this.#version, campaign: this.content } }));
    } catch (error) {
      if (!(error instanceof Problem) || error.reason !== 'campaign.edited') throw error;
      this.conflict = await ask(api.GET(CAMPAIGN, { params: { path: { ...path, campaign: this.id } } }));
      return null;
    }
  }

  keepMine() {
    this.#version = this.conflict!.version;
    this.conflict = null;
    return this.save();
  }

  keepTheirs(): Campaign {
    const theirs = this.conflict!;
    this.#read(theirs);
    this.conflict = null;
    return theirs;
  }
}
