// Writes tests/data/mastodon.json: how long each text is for a Mastodon server.
//
//   npm install --prefix DIR twitter-text        (any folder outside the tree)
//   node tests/oracle/mastodon.mjs DIR > tests/data/mastodon.json
//
// Mastodon counts with twitter-text's own expressions for what may precede a link, for its host and its top-level domain; the
// rules it changes (scheme needed, path over all scripts, @user@host) are those its documentation and source state. Lengths in graphemes.
import { createRequire } from 'node:module'

const require = createRequire(process.argv[2] + '/node_modules/')
const part = (name) => require(`twitter-text/dist/regexp/${name}`).source ?? require(`twitter-text/dist/regexp/${name}`).default.source
const { version } = require('twitter-text/package.json')

const general = '[^\\s\\u0085<>()?]'
const balanced = `\\((?:${general}+|(?:${general}*\\(${general}+\\)${general}*))\\)`
const ending = `(?:[^\\s\\u0085()?!*"'「」<>;:=,.$%\\[\\]~&|@]|${balanced})`
const path = `(?:(?:${general}*(?:${balanced}${general}*)*${ending})|(?:${general}+/))`
const wide = '\\u00A0-\\uFFEF'
const query = `[a-z0-9!?*'();:&=+$/%#\\[\\]\\-_.,~|@\\^${wide}]`
const queryEnd = `[a-z0-9_&=#/\\-${wide}]`
const links = new RegExp(`(${part('validUrlPrecedingChars')})((?:https?)://(?:${part('validDomain')})(?::[0-9]+)?(?:/${path}*)?(?:\\?${query}*${queryEnd})?)`, 'gi')
const word = '[\\p{L}\\p{M}\\p{Nd}\\p{Pc}]'
const mentions = new RegExp(`(?<![=/\\p{L}\\p{M}\\p{Nd}\\p{Pc}])@([a-z0-9_]+(?:[.-]+[a-z0-9_]+)*)(?:@${word}+(?:[.-]+${word}+)*)?`, 'giu')
const endOfMention = new RegExp(`^(?:[@＠]|[\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u024f\\u0253\\u0254\\u0256\\u0257\\u0259\\u025b\\u0263\\u0268\\u026f\\u0272\\u0289\\u028b\\u02bb\\u0300-\\u036f\\u1e00-\\u1eff]|://)`)
const clusters = new Intl.Segmenter('en', { granularity: 'grapheme' })

function ask(text) {
  const found = []
  for (const m of text.matchAll(links)) found.push({ from: m.index + m[1].length, to: m.index + m[0].length, as: 'x'.repeat(23) })
  for (const m of text.matchAll(mentions)) {
    const to = m.index + m[0].length
    if (!endOfMention.test(text.slice(to))) found.push({ from: m.index, to, as: '@' + m[1] })
  }
  found.sort((a, b) => a.from - b.from)
  let out = '', shown = '', at = 0
  for (const one of found) {
    if (one.from < at) continue
    out += text.slice(at, one.from) + one.as
    shown += text.slice(at, one.from) + (one.as[0] === '@' ? one.as : text.slice(one.from, one.to))
    at = one.to
  }
  return { text, length: [...clusters.segment(out + text.slice(at))].length, shown: shown + text.slice(at) }
}

let state = 913503
function random(n) { // mulberry32
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) % n
}

const texts = ['', 'hello', '新商品のお知らせです 🎉', 'a'.repeat(476) + ' http://' + 'b'.repeat(30) + '.com/example', 'a'.repeat(475) + ' @alice@' + 'b'.repeat(30) + '.com',
  '詳しくは https://example.co.jp/campaign?id=1 をご覧ください', 'https://example.comをご覧ください', 'https://example.com/をご覧ください。 続き', 'example.com は数えない',
  'https://日本語.jp/あ', 'https://foo_bar.com', 'https://a_b.example.com', 'https://example.com#x', 'https://example.com:8080/x?y=z#w', 'ahttps://example.com', 'あhttps://example.com',
  'https://en.wikipedia.org/wiki/Tokyo_(city)', '(https://example.com/a)', 'https://example.com/a(b(c)d)e', 'https://example.com/(', 'https://example.com?q=日本　語', 'https://localhost/x', 'http://127.0.0.1/x',
  'https://xn--wgv71a119e.xn--q9jyb4c/', 'HTTPS://EXAMPLE.COM/A', 'https://example.com/。', 'https://example.com/a。b', '@alice', '@alice@example.com', '@alice@example.comさん、どうも', '@alice@例え.テスト です', '@alice@example.com@x', '@alice@',
  '@a.b-c@d.e', 'x@alice@example.com', '/@alice@example.com', '=@alice@example.com', '。@alice@example.com', '@alice@example.com.', '@alice@example.com-', '@alice@example.comé', '@alice://', 'https://example.com/@alice@example.org', 'https://example.com/@alice/1',
  '👨‍👩‍👧‍👦🇯🇵e\u0301', 'https://example.invalid', 'https://example.com/a, https://example.com/b.', '@alice@example.com @bob@example.org', 'https://', 'https://.com', 'https://example..com', 'https://-a.com', 'https://a-.com', 'https://例え.みんな']
const pieces = ['hello', '新商品', 'https://example.com', 'https://example.co.jp/a/b?c=d&e=%E6%97%A5#f', 'https://日本語.jp/新着', 'example.com', '@alice@social.example', '@bob', 'me@example.org', '#タグ', '👨‍👩‍👧‍👦', 'e\u0301', '🇯🇵',
  '(https://example.com/x)', 'https://en.wikipedia.org/wiki/Tokyo_(city)', '。', '、', '「', '」', '@', '.', '/', '?', '!', 'https://example.com.', '@a.b@c.d', '=', 'https://sub_domain.example.jp:80/?', 'é', ')', '(', '-', '_']
const spaces = ['', '', ' ', '\n', '\u3000']
for (let i = 0; i < 1500; i++) {
  let text = ''
  for (let n = 1 + random(7); n > 0; n--) text += pieces[random(pieces.length)] + spaces[random(spaces.length)]
  if (!/みんな/.test(text)) texts.push(text)
}
const why = { 'https://例え.みんな': 'top-level domains in other scripts are counted as text: never too short' }
console.log(`{"oracle": "twitter-text ${version} with Mastodon's changes", "cases": [`)
console.log(texts.map((t) => '  ' + JSON.stringify(why[t] ? { ...ask(t), why: why[t] } : ask(t))).join(',\n'))
console.log(']}')
