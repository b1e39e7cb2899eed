// LINE's face against LINE's own client library, and every answer on the way against LINE's published description (../shared/specs/line; left
// out with a line where it is absent). Usage: node line_sdk.mjs FACE_SERVER; prints TAP.
import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { createRequire } from 'node:module'
import { runTests, specs, startEar, startFace } from './face.mjs'
import { openApi, watchFetch } from './openapi.mjs'

const require = createRequire(import.meta.url)
const line = require('@line/bot-sdk')
const YAML = require('yaml')

const face = await startFace(process.argv[2], 'line')
const ear = await startEar()
const files = ['messaging-api.yml', 'channel-access-token.yml', 'insight.yml', 'manage-audience.yml', 'webhook.yml']
const docs = specs && files.map((file) => YAML.parse(fs.readFileSync(path.join(specs, 'line', file), 'utf8')))
if (docs) docs[2].components.schemas.GetMessageEventResponseOverview.properties.delivered.nullable = true // its words say so, its type forgets it
const api = docs && openApi(docs)
const seen = watchFetch(face.url, api)

const channel = '2000000001'
const secret = crypto.createHash('sha256').update(channel).digest('hex').slice(0, 32)
const at = { baseURL: face.url }
let bot, insight, audience, channelAccessToken
const signIn = async () => {
  const { access_token, expires_in } = await new line.channelAccessToken.ChannelAccessTokenClient(at)
    .issueStatelessChannelTokenByClientSecret(channel, secret)
  assert.equal(expires_in, 900)
  channelAccessToken = access_token
  const config = { ...at, channelAccessToken }
  bot = new line.messagingApi.MessagingApiClient(config)
  insight = new line.insight.InsightClient(config)
  audience = new line.manageAudience.ManageAudienceClient(config)
}
const text = (words) => ({ type: 'text', text: words })
const refused = (promise, status, message) => assert.rejects(promise, (e) => {
  assert.ok(e instanceof line.HTTPFetchError, String(e))
  assert.equal(e.status, status)
  if (message) assert.match(JSON.parse(e.body).message, message)
  return true
})
const requestId = (reply) => reply.httpResponse.headers.get('x-line-request-id')
const yesterday = () => new Date(Date.now() + (9 - 24) * 3600e3).toISOString().slice(0, 10).replaceAll('-', '')

const tests = {
  async a_wrong_secret_gets_no_token() {
    await refused(new line.channelAccessToken.ChannelAccessTokenClient(at).issueStatelessChannelTokenByClientSecret(channel, '0'.repeat(32)), 400)
  },
  async the_client_gets_a_token_and_knows_the_bot() {
    await signIn()
    const info = await bot.getBotInfo()
    assert.equal(info.basicId, '@hibiki')
    assert.equal(info.displayName, '喫茶ひびき')
    assert.match(info.userId, /^U[0-9a-f]{32}$/)
  },
  async a_broadcast_under_one_retry_key_goes_out_once() {
    const key = crypto.randomUUID()
    const send = () => bot.broadcastWithHttpInfo({ messages: [text('みなさまへ'), { type: 'image', originalContentUrl: 'https://hibiki.example/a.jpg',
      previewImageUrl: 'https://hibiki.example/a-small.jpg' }] }, key)
    const { totalUsage: before } = await bot.getMessageQuotaConsumption()
    const first = await send()
    await assert.rejects(send(), (e) => e.status === 409 && e.headers.get('x-line-accepted-request-id') === requestId(first))
    const { totalUsage: after } = await bot.getMessageQuotaConsumption()
    assert.ok(after - before >= 600 && after - before < 1300, `${after - before} messages`)
    const { posts } = await face.control('posts')
    assert.equal(posts.filter((p) => p.text === 'みなさまへ').length, 1)
    const { overview } = await insight.getMessageEvent(requestId(first))
    assert.equal(overview.requestId, requestId(first))
    assert.equal(overview.delivered, null) // counted the day after
  },
  async messages_are_looked_at_before_they_are_sent() {
    await bot.validateBroadcast({ messages: [text('大丈夫')] })
    await refused(bot.validateBroadcast({ messages: Array.from({ length: 6 }, () => text('多すぎる')) }), 400)
    await refused(bot.broadcast({ messages: [text('あ'.repeat(5001))] }), 400)
    await refused(bot.broadcast({ messages: [{ type: 'image', originalContentUrl: 'http://hibiki.example/a.jpg', previewImageUrl: '' }] }), 400)
    await refused(bot.broadcast({ messages: [text('鍵がおかしい')] }, 'no-uuid'), 400)
  },
  async a_push_is_one_message() {
    const { totalUsage: before } = await bot.getMessageQuotaConsumption()
    const { sentMessages } = await bot.pushMessage({ to: `U${'0123456789abcdef'.repeat(2)}`, messages: [text('おひとりへ')] }, crypto.randomUUID())
    assert.equal(sentMessages.length, 1)
    const { totalUsage: after } = await bot.getMessageQuotaConsumption()
    assert.equal(after - before, 1)
    await refused(bot.pushMessage({ to: 'somebody', messages: [text('だれ')] }), 400)
  },
  async a_narrowcast_says_how_far_it_is() {
    const { audienceGroups } = await audience.getAudienceGroups(1)
    const large = audienceGroups.find((group) => group.audienceCount >= 50), small = audienceGroups.find((group) => group.audienceCount < 50)
    const send = async (group) => requestId(await bot.narrowcastWithHttpInfo({ messages: [text(`${group.description}へ`)],
      recipient: { type: 'audience', audienceGroupId: group.audienceGroupId } }, crypto.randomUUID()))
    const ids = [await send(large), await send(small)]
    assert.equal((await bot.getNarrowcastProgress(ids[0])).phase, 'sending')
    await new Promise((done) => setTimeout(done, 5500))
    const [good, bad] = [await bot.getNarrowcastProgress(ids[0]), await bot.getNarrowcastProgress(ids[1])]
    assert.equal(good.phase, 'succeeded')
    assert.ok(good.targetCount >= 50)
    assert.equal(bad.phase, 'failed')
    assert.equal(bad.errorCode, 4)
  },
  async quota_and_followers_are_read() {
    const quota = await bot.getMessageQuota()
    assert.deepEqual([quota.type, quota.value], ['limited', 30000])
    const ready = await insight.getNumberOfFollowers(yesterday())
    assert.equal(ready.status, 'ready')
    assert.equal(ready.followers - ready.blocks >= 600, true)
    await refused(insight.getNumberOfFollowers('gestern'), 400)
  },
  async a_webhook_is_signed_as_the_client_expects_and_answered_once() {
    await face.control('hook', { url: ear.url })
    await face.control('own/say', { text: '営業時間は?' })
    let call
    do call = await ear.next() // what the audience said about the broadcast may come first
    while (!call.body.includes('営業時間は?'))
    const signature = call.headers['x-line-signature']
    assert.equal(line.validateSignature(call.body, secret, signature), true)
    assert.equal(line.validateSignature(call.body.replace('営業', '休業'), secret, signature), false)
    const body = JSON.parse(call.body)
    if (api) assert.deepEqual(api.schema(files.indexOf('webhook.yml'), 'CallbackRequest', body), [])
    const [event] = body.events
    assert.deepEqual([event.type, event.message.type, event.source.type], ['message', 'text', 'user'])
    assert.equal((await bot.getProfile(event.source.userId)).userId, event.source.userId)
    const answer = () => bot.replyMessage({ replyToken: event.replyToken, messages: [text('9時からです。')] })
    assert.equal((await answer()).sentMessages.length, 1)
    await refused(answer(), 400, /reply token/)
  },
  async what_somebody_sends_is_read_by_the_message_id_once_it_is_ready() {
    const blob = new line.messagingApi.MessagingApiBlobClient({ ...at, channelAccessToken })
    const bytes = async (id) => Buffer.concat(await (await blob.getMessageContent(id)).toArray())
    await face.control('own/say', { type: 'image' })
    let call
    do call = await ear.next()
    while (!call.body.includes('"contentProvider"'))
    const body = JSON.parse(call.body)
    if (api) assert.deepEqual(api.schema(files.indexOf('webhook.yml'), 'CallbackRequest', body), [])
    assert.deepEqual((await bytes(body.events[0].message.id)).subarray(1, 4).toString(), 'PNG')
    const { id } = await face.control('own/say', { type: 'video', content: Buffer.from('film').toString('base64'), not_ready: 1 })
    assert.equal((await blob.getMessageContentTranscodingByMessageId(id)).status, 'processing')
    assert.equal((await blob.getMessageContentTranscodingByMessageId(id)).status, 'succeeded')
    assert.equal((await bytes(id)).toString(), 'film')
    await refused(blob.getMessageContent('1'), 404)
  },
  async refusals_have_the_statuses_the_client_knows() {
    await face.control('fault', { fault: 'rate_limited', times: 1, ms: 1000 })
    await refused(bot.getBotInfo(), 429)
    await face.control('fault', { fault: 'quota', times: 1 })
    await refused(bot.broadcast({ messages: [text('もうない')] }), 429, /monthly limit/)
    await face.control('expire', {})
    await refused(bot.getBotInfo(), 401)
    await signIn()
    await bot.getBotInfo()
  },
  async every_answer_fits_the_published_description() {
    if (!api) return 'the published descriptions are not on this machine'
    assert.deepEqual(seen.problems, [])
    assert.deepEqual([...seen.unknown], [])
    assert.ok(seen.n >= 25, `${seen.n} answers`)
    console.log(`# ${seen.n} answers fit`)
  },
}
const code = await runTests('line_sdk', tests)
ear.stop()
face.stop()
process.exit(code)
