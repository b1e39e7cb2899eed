// Where and in which language the person reads: locale, time zone, and t(), the only way a sentence gets on the screen.
// Messages are section "web" of messages/{ja,en}.json; keys are typed from the Japanese file.
import type ja from '../../../../messages/ja.json';

type Leaves<T> = { [K in keyof T & string]: T[K] extends string ? K : `${K}.${Leaves<T[K]>}` }[keyof T & string];
export type MessageKey = Leaves<(typeof ja)['web']>;
export type Locale = 'ja' | 'en';
export type MessageValues = Record<string, string | number>;

const LOADERS: Record<Locale, () => Promise<{ default: Record<string, string> }>> = {
  ja: () => import('virtual:messages/ja'),
  en: () => import('virtual:messages/en'),
};

class Place {
  locale = $state<Locale>('ja');
  zone = $state('Asia/Tokyo');
  messages = $state.raw<Record<string, string>>({});

  /** Switches the language; the page re-reads every sentence. */
  async use(locale: Locale) {
    const { default: messages } = await LOADERS[locale]();
    this.locale = locale;
    this.messages = messages;
    document.documentElement.lang = locale;
    localStorage.setItem('hibiki.locale', locale);
  }
}

export const place = new Place();

/** What the browser or an earlier visit says, before anybody is signed in. */
export function guessLocale(): Locale {
  const kept = localStorage.getItem('hibiki.locale');
  if (kept === 'ja' || kept === 'en') return kept;
  return navigator.language.startsWith('ja') ? 'ja' : 'en';
}

/** Fills {name} and picks {name|one|other} by the language's plural rule. */
export function fill(text: string, values: MessageValues, locale: Locale): string {
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}/g, (_, name: string, one?: string, other?: string) => {
    const value = values[name] ?? '';
    if (one === undefined) return String(value);
    return (new Intl.PluralRules(locale).select(Number(value)) === 'one' ? one : other) ?? '';
  });
}

export function t(key: MessageKey, values: MessageValues = {}): string {
  return fill(place.messages[key] ?? key, values, place.locale);
}
