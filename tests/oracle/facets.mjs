// Writes tests/data/facets.json: for each text what Bluesky's own client finds in it and how long it is.
//
//   npm install --prefix DIR @atproto/api        (any folder outside the tree)
//   node tests/oracle/facets.mjs DIR > tests/data/facets.json
//
// Texts come from tests/data/facet_texts.json and, by a seeded generator, from pieces put together at random.
// Where we mean to differ, the text carries "why" and "ours": those stand beside the client's answer.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(process.argv[2] + '/node_modules/')
const { RichText } = require('@atproto/api')
const { version } = require('@atproto/api/package.json')
const here = new URL('../data/facet_texts.json', import.meta.url)

function ask(text) {
  const rich = new RichText({ text })
  rich.detectFacetsWithoutResolution()
  const links = (rich.facets ?? []).map(({ index, features: [feature] }) => {
    const [kind, value] = feature.uri !== undefined ? ['url', feature.uri]
      : feature.did !== undefined ? ['mention', feature.did] : ['tag', feature.tag]
    return { kind, start: index.byteStart, end: index.byteEnd, value }
  }).filter(({ kind, value }) => !(kind === 'tag' && /^\$/.test(value))) // $SHARES are no hashtags
    .sort((a, b) => a.start - b.start)
  return { text, graphemes: rich.graphemeLength, utf16: text.length, bytes: new TextEncoder().encode(text).length, links }
}

let state = 913501
function random(n) { // mulberry32
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) % n
}

const pieces = ['hello', '新商品', 'https://example.com', 'https://example.co.jp/a/b?c=d&e=%E6%97%A5#f', 'http://localhost:3000/x',
  'example.com', 'shop.example.jp/path', '@alice.bsky.social', '@bob.test', '@nobody', 'me@example.org', '#tag', '#タグ', '＃全角',
  '#2026', '#2026年', '#a_b', '#emoji🔥', '👨‍👩‍👧‍👦', 'e\u0301', '🇯🇵', '(https://example.com/x)', 'https://en.wikipedia.org/wiki/Tokyo_(city)',
  'not.adomain', 'ver1.2', '1.5倍', '#', '@', '。', '、', 'a.b.c', 'node.js', 'C#', 'https://', '@alice.bsky.social,', '#tag!', '#tag,', 'example.com.']
const spaces = [' ', '\n', '\u3000', ' \n']

function generated() {
  let text = ''
  for (let i = 1 + random(6); i > 0; i--) text += pieces[random(pieces.length)] + spaces[random(spaces.length)]
  return text
}

const given = JSON.parse(readFileSync(here, 'utf8'))
const cases = given.map(({ text, ...own }) => ({ ...ask(text), ...own }))
for (let i = 0; i < 400; i++) cases.push(ask(generated()))
const lines = cases.map((one) => '  ' + JSON.stringify(one)).join(',\n')
process.stdout.write(`{"oracle": "@atproto/api ${version}", "cases": [\n${lines}\n]}\n`)
