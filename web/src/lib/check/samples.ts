// What an empty editor offers to begin with; each compiles as it stands.
import type { Locale } from '../shared/locale.svelte';

export const SAMPLES: Record<'rules' | 'terms', Record<Locale, string>> = {
  rules: {
    ja: `rules:
  - id: NG-1
    severity: block        # block, warn, info
    message: 競合の名前は書かない
    fix: 「他社」と書く
    match: {any: [ライバル社, ライバル商事]}
    unless: {any: [ライバル社会]}
    hit: [ライバル社より安い]
    pass: [ライバル社会を生きる]
`,
    en: `rules:
  - id: NG-1
    severity: block        # block, warn, info
    message: A competitor's name does not stand in our posts
    fix: Write "others"
    match: {any: [Rival Inc, Rival Trading]}
    unless: {any: [Rival Income]}
    hit: [cheaper than Rival Inc]
    pass: [Rival Income Fund]
`,
  },
  terms: {
    ja: `version: 1
rules:
  - expected: サーバー
    pattern: サーバ
  - expected: お問い合わせ
    patterns: [お問合せ, お問合わせ]
`,
    en: `version: 1
rules:
  - expected: e-mail
    pattern: email
  - expected: sign in
    patterns: [login, log in]
`,
  },
};
