// Lint rules; the tiers of STYLE.md (shared knows no feature, a feature only those before it) are checked here.
import js from '@eslint/js';
import ts from 'typescript-eslint';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import svelteConfig from './svelte.config.js';

const ORDER = ['team', 'accounts', 'check', 'plan', 'publish', 'notify', 'engage', 'contacts', 'measure'];
const JAPANESE = '[\\u3040-\\u30ff\\u3400-\\u9fff]';

/** A folder under lib/ may import itself, api, shared and the features before it. */
const tier = (folder, forbidden) => ({
  files: [`src/lib/${folder}/**`],
  rules: {
    'no-restricted-imports': [
      'error',
      { patterns: [{ group: [...forbidden.map((name) => `**/${name}/*`), '**/screens/*'], message: `lib/${folder} stands below.` }] },
    ],
  },
});

export default ts.config(
  { ignores: ['dist/', 'src/lib/api/schema.d.ts'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser, ...globals.node } } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig } },
  },
  {
    files: ['**/*.svelte'],
    rules: {
      'max-lines': ['error', 400],
      'no-restricted-syntax': [
        'error',
        { selector: `Literal[value=/${JAPANESE}/], TemplateElement[value.raw=/${JAPANESE}/], SvelteText[value=/${JAPANESE}/]`, message: 'Sentences live in messages/.' },
      ],
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
  { rules: { 'svelte/prefer-svelte-reactivity': 'off' } }, // sets and dates here are values, never state
  { rules: { '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }], 'no-undef': 'off' } },
  tier('api', ORDER),
  tier('shared', ORDER),
  ...ORDER.map((name, at) => tier(name, ORDER.slice(at + 1))),
);
