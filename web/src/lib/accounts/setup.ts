// How a developer app is registered, network by network: where, and the steps in order. A network that is not here needs none.
// The whole story of each, with what a person must still try, is docs/networks/NAME.md.
import type { MessageKey } from '../shared/locale.svelte';

export type Setup = { console: string; steps: MessageKey[] };

export const SETUPS: Record<string, Setup | undefined> = {
  x: { console: 'https://console.x.com', steps: ['accounts.setup.x1', 'accounts.setup.x2', 'accounts.setup.x3', 'accounts.setup.x4'] },
  instagram: {
    console: 'https://developers.facebook.com/apps',
    steps: ['accounts.setup.instagram1', 'accounts.setup.instagram2', 'accounts.setup.instagram3', 'accounts.setup.instagram4', 'accounts.setup.instagram5'],
  },
  facebook: {
    console: 'https://developers.facebook.com/apps',
    steps: ['accounts.setup.facebook1', 'accounts.setup.facebook2', 'accounts.setup.facebook3', 'accounts.setup.facebook4'],
  },
  threads: {
    console: 'https://developers.facebook.com/apps',
    steps: ['accounts.setup.threads1', 'accounts.setup.threads2', 'accounts.setup.threads3', 'accounts.setup.threads4', 'accounts.setup.threads5'],
  },
  tiktok: {
    console: 'https://developers.tiktok.com',
    steps: ['accounts.setup.tiktok1', 'accounts.setup.tiktok2', 'accounts.setup.tiktok3', 'accounts.setup.tiktok4', 'accounts.setup.tiktok5'],
  },
  youtube: {
    console: 'https://console.cloud.google.com',
    steps: ['accounts.setup.youtube1', 'accounts.setup.youtube2', 'accounts.setup.youtube3', 'accounts.setup.youtube4', 'accounts.setup.youtube5'],
  },
};
