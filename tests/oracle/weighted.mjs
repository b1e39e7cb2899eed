// Writes tests/data/weighted.json: how X's own counter (twitter-text) weighs texts and which links it finds in them.
//
//   npm install --prefix DIR twitter-text yaml                  (any folder outside the tree)
//   node tests/oracle/weighted.mjs DIR CONFORMANCE > tests/data/weighted.json
//
// CONFORMANCE is the folder of validate.yml, extract.yml and tlds.yml of github.com/twitter/twitter-text (Apache-2.0): every vector of
// counting and of links is taken over. Then come texts put together at random by a seeded generator, weighed by the npm package.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const [dir, conformance] = process.argv.slice(2)
const require = createRequire(dir + '/node_modules/')
const twitter = require('twitter-text')
const yaml = require('yaml')
const read = (name) => yaml.parse(readFileSync(`${conformance}/${name}.yml`, 'utf8')).tests

const validate = read('validate')
const extract = read('extract')
const counts = []
for (const [group, config] of [['WeightedTweetsCounterTest', 2], ['WeightedTweetsWithDiscountedEmojiCounterTest', 3],
  ['UnicodeDirectionalMarkerCounterTest', 3]]) {
  for (const { text, expected } of validate[group]) counts.push({ text, config, weight: expected.weightedLength, valid: expected.valid })
}
const links = []
for (const group of ['urls', 'urls_with_indices', 'urls_with_directional_markers', 'tco_urls_with_params']) {
  for (const { text, expected } of extract[group]) links.push({ text, links: expected.map((one) => one.url ?? one) })
}
const tlds = Object.values(read('tlds')).flat().map(({ text, expected }) => {
  if (expected[0] !== text || !text.startsWith('https://twitter.')) throw new Error(text)
  return text.slice('https://twitter.'.length)
})

let state = 280140
function random(n) { // mulberry32
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) % n
}
const pieces = ['hello', '新商品', 'が', 'か\u3099', 'ｶﾞ', '①', '—', '“', '한', 'é', 'e\u0301', 'Ω', 'Ж', 'ไทย', '。', '、', '！', '・', '☆',
  'https://example.com', 'HTTP://Example.COM/', 'https://example.co.jp/a/b?c=d&e=%E6%97%A5#f', 'http://localhost/x', 'example.com', 'shop.example.jp/path',
  'example.com?x=1', 'example.com:8080', 'example.com:80/x', '日本語.jp', 'https://日本語.jp/パス', 'http://例え.テスト', 'https://ab.みんな/x', 'foo_bar.example.com', 'foo_bar.com',
  '-example.com', 'a-b.example.net', 'xn--fsq.com', 'https://xn--fsqu00a.xn--0zwm56d', 'http://t.co/AbC123', 'https://t.co/abc?x=1.', 'https://t.co/日本',
  'https://en.wikipedia.org/wiki/Tokyo_(city)', 'http://a.io/b_(c_(d)e)', 'http://a.io/(b', 'http://a.io/@user/', 'http://a.io/–x.', 'http://a.io/привет', 'https://example.com/あ',
  '@user', '#tag', '#タグ', '$AB', '＃全角', 'me@example.org', '@example.com', '#example.com', 'node.js', 'ver1.2', '1.5倍', 'a.b.c', 'co.jp', 't.co', 'example.com.', '(example.com)',
  '"example.com"', '.', '/', '_', '-', '@', '#', '://', 'https://', '?', '=', '\u200e', '\u202a', '\u200d', '\ufe0f', '\ufe0e', '\u20e3', '©', '®', '©\ufe0f', '™', '‼', '1️⃣', '#⃣',
  '🍎', '👨‍👩‍👧‍👦', '🙋🏽', '👨‍🎤', '👩🏿‍🚀', '🕵️‍♂️', '🕵‍♂', '🏳️‍🌈', '🏳‍🌈', '❤️', '❤', '❤︎', '☺', '☺️', '🇯🇵', '🇯', '🇦🇧', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🏽', '👍🏽', '🍎\ufe0f', '⌚\ufe0f', '🀄\ufe0f', '☝️🏽', '🙋‍♂', '🙋‍♂️', '👩‍❤️‍👩', '👩‍❤‍👩', '♟', '♟️', '㊗️', '👩‍👩', '💏', '🧜🏾‍♀️']
const spaces = [' ', '\n', '\u3000', '', '', '']
const random_texts = []
for (let i = 0; i < 6000; i++) {
  let text = ''
  for (let n = 1 + random(7); n > 0; n--) text += pieces[random(pieces.length)] + spaces[random(spaces.length)]
  const formed = text.normalize()
  random_texts.push([text, twitter.parseTweet(text).weightedLength, ...twitter.extractUrlsWithIndices(formed, { extractUrlsWithoutProtocol: true }).map(({ url }) => url)])
}
console.log(JSON.stringify({
  source: 'counts, links and tlds: conformance vectors of github.com/twitter/twitter-text, Copyright 2011 Twitter, Inc., Apache-2.0; random: [text, weight, links…] by twitter-text '
    + require('twitter-text/package.json').version,
  counts, links, tlds, random: random_texts,
}).replace(/[\u2028\u2029\u200e\u202a\ufeff\ufffe\uffff]/g, (c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0')))
