// X's face and X's connector against the client library twitter-api-v2 and X's own OpenAPI description (../shared/specs/x; left out with a
// line where it is absent). The library's addresses are fixed, so its connections are led to the face one layer below it; the library itself
// is as published. Usage: node x_sdk.mjs FACE_SERVER; prints TAP.
import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import { execFile } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import { createRequire } from 'node:module'
import path from 'node:path'
import { accounts, client, runTests, specs, startEar, startFace } from './face.mjs'
import { startRelay } from './relay.mjs'

const require = createRequire(import.meta.url)
const https = require('node:https')
const face = await startFace(process.argv[2], 'x')
const relay = await startRelay(face.url)
https.request = (options, onAnswer) => {
  const { protocol, host, hostname, port, agent, ...rest } = options
  assert.match(hostname ?? host, /^(api\.)?x\.com$/)
  return http.request({ ...rest, host: '127.0.0.1', port: new URL(relay.url).port }, onAnswer)
}
const { TwitterApi, ApiResponseError } = require('twitter-api-v2')

const redirect = 'http://127.0.0.1:9/back'
const scope = ['tweet.read', 'tweet.write', 'users.read', 'media.write', 'dm.read', 'dm.write', 'offline.access']
const app = new TwitterApi({ clientId: client.id, clientSecret: client.secret })
let me // the signed-in client
const signIn = async (handle) => {
  const { url, codeVerifier } = app.generateOAuth2AuthLink(redirect, { scope })
  const answer = await face.walk(url.replace('https://x.com', face.url), handle)
  return app.loginWithOAuth2({ code: answer.get('code'), codeVerifier, redirectUri: redirect })
}
const refused = (promise, status, detail) => assert.rejects(promise, (e) => {
  assert.ok(e instanceof ApiResponseError, String(e.stack))
  assert.equal(e.code, status)
  assert.match(e.data.detail ?? e.data.error_description, detail)
  return true
})
const png = Buffer.from('89504e470d0a1a0a', 'hex')

/* --- the description ------------------------------------------------------------------------------------------------------- */
// The description (2.167) has newer names for some members than the service's guides; the service takes and gives both.
const newer = { edit_history_tweet_ids: 'edit_history_post_ids', retweet_count: 'repost_count', tweet_count: 'post_count', referenced_tweets: 'referenced_posts', note_tweet: 'note_post' }
const rename = (value) => Array.isArray(value) ? value.map(rename)
  : value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([k, v]) => [newer[k] ?? k, rename(v)])) : value
function description() {
  const Ajv = require('ajv')
  const spec = JSON.parse(fs.readFileSync(path.join(specs, 'x/openapi.json')))
  // Members the description does not name are a finding too.
  const close = (schema) => {
    if (!schema || typeof schema !== 'object') return
    if (schema.type === 'object' && schema.properties && schema.additionalProperties === undefined) schema.additionalProperties = false
    Object.values(schema).forEach(close)
  }
  close(spec.components.schemas)
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true })
  ajv.addSchema({ $id: 'x', components: spec.components })
  const check = (ref, value, what) => {
    const validate = ajv.getSchema(`x${ref}`) ?? ajv.compile({ $ref: `x${ref}` })
    assert.ok(validate(value), `${what}: ${ajv.errorsText(validate.errors).slice(0, 600)} in ${JSON.stringify(value).slice(0, 600)}`)
  }
  const templates = Object.keys(spec.paths).map((at) => ({ at, pattern: new RegExp(`^${at.replace(/\{[^}]+\}/g, '[^/]+')}$`), params: (at.match(/\{/g) ?? []).length })).sort((a, b) => a.params - b.params)
  return { spec, check, find: (pathname, method) => templates.find((t) => t.pattern.test(pathname) && spec.paths[t.at][method]) }
}
// The members of a list that X's guides name and the description does not (it gives them with the expansion).
const guides = new Set(['author_id', 'in_reply_to_user_id', 'referenced_tweets', 'note_tweet', 'edit_history_tweet_ids', 'sender_id'])
function checkQuery({ spec }, operation, call) {
  const params = (operation.parameters ?? []).map((p) => p.$ref ? spec.components.parameters[p.$ref.split('/').pop()] : p).filter((p) => p.in === 'query')
  for (const [name, value] of call.url.searchParams) {
    const param = params.find((p) => p.name === (name === 'tweet.fields' ? 'post.fields' : name))
    assert.ok(param, `${call.method} ${call.url.pathname} has no parameter ${name}`)
    const values = param.schema.items?.enum
    if (values) for (const one of value.split(',')) assert.ok(values.includes(one) || guides.has(one), `${name}=${one}`)
    if (param.schema.type === 'integer') assert.ok(Number(value) >= (param.schema.minimum ?? 0) && Number(value) <= (param.schema.maximum ?? Infinity), `${name}=${value}`)
  }
  for (const param of params.filter((p) => p.required)) assert.ok(call.url.searchParams.has(param.name), `${param.name} is missing`)
}
const media = (operation) => Object.values(operation.requestBody?.content ?? {})[0]?.schema
// What was asked (`asked`) and answered in these calls against the description.
function hold(calls, { asked }) {
  const of = description()
  let n = 0
  for (const call of calls.filter((c) => c.url.pathname.startsWith('/2/') && !c.url.pathname.startsWith('/2/oauth2/') && !c.url.pathname.startsWith('/2/users/by/'))) {
    const method = call.method.toLowerCase()
    const what = `${call.method} ${call.url.pathname}`
    const found = of.find(call.url.pathname, method)
    assert.ok(found, `${what} is not described`)
    const operation = of.spec.paths[found.at][method]
    if (asked) {
      checkQuery(of, operation, call)
      const schema = media(operation)
      if (String(call.headers['content-type']).includes('json')) of.check(schema.$ref, JSON.parse(call.body), `${what} asks`)
      else assert.ok(!operation.requestBody?.required || operation.requestBody.content['multipart/form-data'], `${what} has no body`)
    }
    const answer = rename(JSON.parse(call.answer))
    const good = operation.responses[call.status]
    if (call.status < 300) of.check(good.content['application/json'].schema.$ref, answer, `${what} answers`)
    else assert.ok(answer.title && answer.detail && answer.type, `${what}: ${call.answer}`)
    n++
  }
  assert.ok(n > 5, `only ${n} calls`)
}
const connectorCalls = path.join(path.dirname(process.argv[2]), 'connector_calls')

const tests = {
  async the_client_signs_in_and_its_refresh_token_is_good_once() {
    const first = await signIn('hibiki')
    assert.equal(first.expiresIn, 7200)
    const second = await app.refreshOAuth2Token(first.refreshToken)
    assert.notEqual(second.refreshToken, first.refreshToken)
    await refused(app.refreshOAuth2Token(first.refreshToken), 400, /token was invalid/)
    me = second.client
    const { data } = await me.v2.me({ 'user.fields': ['public_metrics', 'profile_image_url', 'subscription_type'] })
    assert.deepEqual([data.id, data.username, data.name], ['1001', accounts[0].handle, accounts[0].name])
    assert.equal(data.subscription_type, 'Premium')
    assert.ok(data.public_metrics.followers_count > 500)
  },
  async a_picture_with_words_for_the_blind_is_posted_and_read() {
    const id = await me.v2.uploadMedia(png, { media_type: 'image/png', media_category: 'tweet_image' })
    const described = await me.v2.createMediaMetadata(id, { alt_text: { text: '湯気の立つ一杯' } })
    assert.equal(described.data.associated_metadata.alt_text.text, '湯気の立つ一杯')
    const { data } = await me.v2.tweet({ text: '本日の豆 & 器 https://hibiki.example/b #珈琲', media: { media_ids: [id] } })
    const read = await me.v2.singleTweet(data.id, { 'tweet.fields': ['created_at', 'entities', 'attachments', 'public_metrics', 'non_public_metrics', 'organic_metrics', 'edit_controls'], expansions: ['attachments.media_keys', 'author_id'], 'media.fields': ['alt_text', 'url', 'type'], 'user.fields': ['username'] })
    assert.equal(read.data.text, data.text)
    assert.match(read.data.text, /^本日の豆 &amp; 器 https:\/\/t\.co\/\w{10} #珈琲 https:\/\/t\.co\/\w{10}$/)
    const [link, picture] = read.data.entities.urls
    assert.equal(link.expanded_url, 'https://hibiki.example/b')
    assert.equal([...read.data.text].slice(link.start, link.end).join(''), link.url)
    assert.equal(picture.media_key, read.includes.media[0].media_key)
    assert.equal(read.includes.media[0].alt_text, '湯気の立つ一杯')
    assert.equal(read.includes.users[0].username, 'hibiki')
    assert.equal(read.data.organic_metrics.impression_count, read.data.public_metrics.impression_count)
    await refused(me.v2.tweet('本日の豆 & 器 https://hibiki.example/b #珈琲', { media: { media_ids: [id] } }), 403, /duplicate content/)
    await me.v2.deleteTweet(data.id)
    const gone = await me.v2.tweets([data.id])
    assert.equal(gone.errors[0].title, 'Not Found Error')
  },
  async a_video_is_sent_in_segments_and_waited_for() {
    const id = await me.v2.uploadMedia(Buffer.alloc(2.5 * 1024 * 1024), { media_type: 'video/mp4', media_category: 'tweet_video' })
    const { data } = await me.v2.tweet({ text: '抽出の様子', media: { media_ids: [id] } })
    assert.match(data.id, /^\d{19}$/)
  },
  async a_thread_a_poll_and_an_edit() {
    const thread = await me.v2.tweetThread(['一つ目', '二つ目', '三つ目'])
    assert.equal(thread.length, 3)
    const { data: last } = await me.v2.singleTweet(thread[2].data.id, { 'tweet.fields': ['conversation_id', 'referenced_tweets', 'in_reply_to_user_id'] })
    assert.deepEqual([last.conversation_id, last.referenced_tweets[0].id, last.in_reply_to_user_id], [thread[0].data.id, thread[1].data.id, '1001'])
    const asked = await me.v2.tweet('どちら?', { poll: { options: ['深煎り', '浅煎り'], duration_minutes: 60 } })
    const { includes } = await me.v2.singleTweet(asked.data.id, { expansions: ['attachments.poll_ids'] })
    assert.deepEqual(includes.polls[0].options.map((o) => o.label), ['深煎り', '浅煎り'])
    const changed = await me.v2.post('tweets', { text: '一つ目(直しました)', edit_options: { previous_post_id: thread[0].data.id } })
    assert.deepEqual(changed.data.edit_history_tweet_ids, [thread[0].data.id, changed.data.id])
  },
  async timelines_go_page_by_page_and_mentions_come() {
    await face.control('own/say', { text: 'おいしかった', kind: 'mention', user: 'guest' })
    const mentions = await me.v2.userMentionTimeline('1001', { expansions: ['author_id'], 'tweet.fields': ['author_id', 'created_at'] })
    assert.ok(mentions.tweets.some((t) => t.text === '@hibiki おいしかった'))
    for (let i = 0; i < 6; i++) await me.v2.tweet(`頁 ${i}`)
    const pages = await me.v2.userTimeline('1001', { max_results: 5 })
    await pages.fetchLast(100)
    const ids = pages.tweets.map((t) => t.id)
    assert.equal(new Set(ids).size, ids.length)
    assert.ok(ids.length > 10)
    assert.deepEqual(ids, [...ids].sort((a, b) => (BigInt(a) < BigInt(b) ? 1 : -1)))
  },
  async messages_are_sent_and_read() {
    const { user_id } = await face.control('own/say', { text: '予約できますか', user: 'guest' })
    const sent = await me.v2.sendDmToParticipant(user_id, { text: 'はい' })
    const events = await me.v2.listDmEvents({ 'dm_event.fields': ['sender_id', 'text', 'dm_conversation_id', 'created_at'], event_types: 'MessageCreate' })
    assert.deepEqual(events.events.map((e) => e.text), ['はい', '予約できますか'])
    assert.equal(events.events[1].sender_id, user_id)
    assert.equal(events.events[0].dm_conversation_id, sent.data.dm_conversation_id)
  },
  async what_x_refuses_is_refused() {
    await refused(me.v2.tweet('あ'.repeat(25001)), 400, /too long/)
    await refused(me.v2.tweet({ text: 'x', media: { media_ids: ['1'] } }), 400, /invalid/)
    await refused(me.v2.tweet({ text: 'x', nonsense: 1 }), 400, /invalid/)
    await refused(me.v2.tweet('x', { reply: { in_reply_to_tweet_id: '20' } }), 403, /deleted or not visible/)
    const other = await signIn('nene')
    const { data } = await me.v2.tweet('わたしの話')
    await refused(other.client.v2.tweet('割り込み', { reply: { in_reply_to_tweet_id: data.id } }), 403, /not been mentioned/)
    await refused(other.client.v2.tweet('あ'.repeat(141)), 400, /too long/)
    const stranger = await other.client.v2.tweets([data.id], { 'tweet.fields': ['non_public_metrics'] })
    assert.equal(stranger.errors[0].title, 'Field Authorization Error')
    await refused(new TwitterApi('nobody').v2.me(), 401, /Unauthorized/)
  },
  async events_are_signed_with_the_client_secret() {
    const ear = await startEar()
    await face.control('hook', { url: ear.url })
    await face.control('own/say', { text: 'まだ空いていますか', user: 'guest' })
    const { headers, body } = await ear.next()
    const wanted = `sha256=${crypto.createHmac('sha256', client.secret).update(body).digest('base64')}`
    assert.equal(headers['x-twitter-webhooks-signature'], wanted)
    const { data } = JSON.parse(body)
    assert.deepEqual([data.event_type, data.filter.user_id], ['dm.received', '1001'])
    await face.control('hook', { url: '' })
    ear.stop()
  },
  async the_face_answers_as_x_describes() {
    if (!specs) return 'the descriptions are not on this machine'
    const { data } = await me.v2.tweet('新しい名前で読む https://hibiki.example/c')
    const fields = 'created_at,entities,public_metrics,non_public_metrics,organic_metrics,reply_settings,lang,edit_controls,conversation_id'
    const read = await me.v2.get('tweets', { ids: data.id, 'post.fields': fields, expansions: 'author_id,attachments.media_keys' })
    assert.ok(read.data[0].public_metrics.repost_count >= 0)
    hold(relay.calls, { asked: false })
    const invented = (c) => ({ ...c, answer: Buffer.from(String(c.answer).replace('{', '{"invented":1,')) })
    assert.throws(() => hold(relay.calls.map(invented), { asked: false }), /must NOT have additional properties/)
  },
  async the_connector_asks_as_x_describes() {
    relay.calls.length = 0
    const { code, out } = await new Promise((done) => execFile(connectorCalls, ['x', relay.url], (error, stdout, stderr) => done({ code: error?.code ?? 0, out: stdout + stderr })))
    assert.equal(code, 0, out)
    if (!specs) return 'the descriptions are not on this machine'
    hold(relay.calls, { asked: true })
  },
  async windows_are_in_the_headers_and_end() {
    const { rateLimit } = await me.v2.get('tweets', { ids: '20' }, { fullResponse: true })
    assert.equal(rateLimit.limit, 5000)
    assert.ok(rateLimit.remaining < 5000 && rateLimit.reset > Date.now() / 1000)
    let e
    for (let i = 0; i < 80 && !e; i++) await me.v2.me().catch((error) => { e = error })
    assert.equal(e.code, 429)
    assert.equal(e.rateLimit.remaining, 0)
    assert.ok(e.rateLimitError)
  },
}
const code = await runTests('x', tests)
relay.stop()
face.stop()
process.exit(code)
