// What a preview draws: one account's version of the post. For the eye only; what is sent is decided by the connector.
import type { Medium } from '../../media/media.svelte';
import type { Form } from '../variant';

export type Shown = {
  network: string;
  name: string;
  handle: string;
  text: string;
  title: string;
  form: Form | undefined;
  media: Medium[];
  thread: { text: string; media: Medium[] }[];
  comment: string;
  options: Record<string, unknown>;
  isAd: boolean;
};

/** Where the apps fold a text, in characters (line ends count as one). 0: never. */
const FOLDS: Record<string, number> = { x: 280, instagram: 125, facebook: 477, tiktok: 80, youtube: 100, mastodon: 0, bluesky: 0, threads: 0, line: 0 };
export const foldOf = (network: string) => FOLDS[network] ?? 0;
export const initialOf = (name: string) => [...name][0] ?? '';
