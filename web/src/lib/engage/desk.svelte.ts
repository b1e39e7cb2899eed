// The team's rules for its inbox: hours and promises, saved replies, moderation rules, accounts whose answers somebody looks at. Read once, and again when somebody changed them.
import { api, ask, type Schemas } from '../api/client';
import { onEvents } from '../api/events';
import { handleError } from '../shared/errors';
import { session } from '../team/session.svelte';

export type Hours = Schemas['Hours'];
export type SavedReply = Schemas['SavedReply'];
export type Rule = Schemas['ModerationRule'];
export type RuleDraft = Schemas['ModerationRuleDraft'];
export type Condition = Schemas['RuleCondition'];
export type Trial = Schemas['ModerationTrial'];

const PATH = '/api/v1/workspaces/{workspace}' as const;

class Desk {
  hours = $state.raw<Hours | null>(null);
  saved = $state.raw<SavedReply[]>([]);
  rules = $state.raw<Rule[]>([]);
  approval = $state.raw<string[]>([]);
  fileDays = $state(0);
  #workspace = '';

  /** Loads when needed; made for `$effect(() => desk.use())`. */
  use(): () => void {
    if (!session.can('inside')) return () => {};
    if (this.#workspace !== session.path.workspace) {
      this.#workspace = session.path.workspace;
      this.hours = null;
      void this.load();
    }
    return onEvents(['hours', 'saved', 'rule', 'wait'], () => void this.load());
  }

  async load() {
    const params = { params: { path: session.path } };
    try {
      const [hours, saved, rules, approval, keep] = await Promise.all([
        ask(api.GET(`${PATH}/hours`, params)), ask(api.GET(`${PATH}/saved-replies`, params)), ask(api.GET(`${PATH}/moderation-rules`, params)), ask(api.GET(`${PATH}/reply-approval`, params)),
        ask(api.GET(`${PATH}/talk-keep`, params)),
      ]);
      this.hours = hours;
      this.saved = saved.saved_replies;
      this.rules = rules.rules;
      this.approval = approval.accounts;
      this.fileDays = keep.file_days;
    } catch (error) {
      this.#workspace = '';
      handleError(error);
    }
  }

  async setHours(body: Schemas['HoursDraft']) {
    this.hours = await ask(api.PUT(`${PATH}/hours`, { params: { path: session.path }, body }));
  }

  async setFileDays(days: number) {
    this.fileDays = (await ask(api.PUT(`${PATH}/talk-keep`, { params: { path: session.path }, body: { file_days: days } }))).file_days;
  }

  async putSaved(before: SavedReply | null, draft: Schemas['SavedReplyDraft']) {
    if (before) await ask(api.PUT(`${PATH}/saved-replies/{saved}`, { params: { path: { ...session.path, saved: before.id } }, body: { version: before.version, saved_reply: draft } }));
    else await ask(api.POST(`${PATH}/saved-replies`, { params: { path: session.path }, body: draft }));
    await this.load();
  }

  async dropSaved(id: string) {
    await ask(api.DELETE(`${PATH}/saved-replies/{saved}`, { params: { path: { ...session.path, saved: id } } }));
    await this.load();
  }

  fill(saved: string, talk: string): Promise<Schemas['SavedReplyText']> {
    return ask(api.POST(`${PATH}/saved-replies/{saved}/fill`, { params: { path: { ...session.path, saved } }, body: { talk } }));
  }

  async putRule(before: Rule | null, draft: RuleDraft) {
    if (before) await ask(api.PUT(`${PATH}/moderation-rules/{moderation_rule}`, { params: { path: { ...session.path, moderation_rule: before.id } }, body: { version: before.version, rule: draft } }));
    else await ask(api.POST(`${PATH}/moderation-rules`, { params: { path: session.path }, body: draft }));
    await this.load();
  }

  async dropRule(id: string) {
    await ask(api.DELETE(`${PATH}/moderation-rules/{moderation_rule}`, { params: { path: { ...session.path, moderation_rule: id } } }));
    await this.load();
  }

  tryRule(rule: RuleDraft, days: number): Promise<Trial> {
    return ask(api.POST(`${PATH}/moderation-rules/try`, { params: { path: session.path }, body: { rule, days } }));
  }

  async setApproval(accounts: string[]) {
    this.approval = (await ask(api.PUT(`${PATH}/reply-approval`, { params: { path: session.path }, body: { accounts } }))).accounts;
  }
}

export const desk = new Desk();

/** A rule as its form sends it. */
export function draftOf(rule: Rule): RuleDraft {
  return { name: rule.name, is_on: rule.is_on, is_any: rule.is_any, conditions: rule.conditions, actions: rule.actions };
}
