// "This is wrong here": counts in the rule's precision.
import { api, ask } from '../api/client';
import { session } from '../team/session.svelte';
import type { Finding } from './words';

export async function markFalse(finding: Finding, text: string) {
  const path = { ...session.path, rule: finding.rule };
  await ask(api.POST('/api/v1/workspaces/{workspace}/check/rules/{rule}/false-alarms', { params: { path }, body: { text, found: finding.found } }));
}
