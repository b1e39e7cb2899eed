// What the places of a post are called, for the rows of versions.ts.
import { accounts } from '../accounts/accounts.svelte';
import { fmt } from '../shared/fmt.svelte';
import { t } from '../shared/locale.svelte';
import type { Words } from './versions';
import { formatWord } from './words';

const TOLD = ['is_advertising', 'is_own_brand', 'is_ai_made'] as const;

function account(id: string): string {
  const found = accounts.byId(id);
  return found ? `${accounts.title(found.network)} · ${found.display_name || found.handle}` : t('version.goneAccount');
}

export const words: Words = {
  account,
  place: (name, id) => (id ? `${t(`version.place.${name}`)} (${account(id)})` : t(`version.place.${name}`)),
  when: (at) => fmt.stamp(at),
  disclosure: (told) => TOLD.filter((one) => told?.[one]).map((one) => t(`compose.disclosure.${one}`)).join(t('compose.listComma')),
  format: (id, format) => formatWord(accounts.byId(id)?.network ?? '', format),
};
