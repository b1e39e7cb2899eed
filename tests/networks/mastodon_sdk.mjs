// Mastodon's face against the client library most programs use (masto; Mastodon publishes none for Node), and every answer on the way against
// Mastodon's published description (../shared/specs/mastodon; left out with a line where it is absent). Usage: node mastodon_sdk.mjs FACE_SERVER; prints TAP.
import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { createRequire } from 'node:module'
import { accounts, runTests, specs, startFace } from './face.mjs'
import { openApi, watchFetch } from './openapi.mjs'

const require = createRequire(import.meta.url)
const { createOAuthAPIClient, createRestAPIClient, MastoHttpError } = require('masto')

const face = await startFace(process.argv[2], 'mastodon')
const api = specs && openApi([JSON.parse(fs.readFileSync(path.join(specs, 'mastodon', 'schema.json'), 'utf8'))])
const seen = watchFetch(face.url, api)

const redirectUri = 'http://127.0.0.1:9/back'
const scopes = 'read write:statuses write:media'
let app, masto, me
const refused = (promise, status, words) => assert.rejects(promise, (e) => {
  assert.ok(e instanceof MastoHttpError, String(e.stack))
  assert.equal(e.statusCode, status)
  if (words) assert.match(e.message, words)
  return true
})
const signIn = async (handle, scope = scopes) => {
  const query = new URLSearchParams({ client_id: app.clientId, redirect_uri: redirectUri, response_type: 'code', scope, state: 'st4te' })
  const back = await face.walk(`${face.url}/oauth/authorize?${query}`, handle)
  assert.equal(back.get('state'), 'st4te')
  const token = await createOAuthAPIClient({ url: face.url }).token.create({ grantType: 'authorization_code', clientId: app.clientId,
    clientSecret: app.clientSecret, redirectUri, code: back.get('code'), scope })
  assert.equal(token.tokenType, 'Bearer')
  return createRestAPIClient({ url: face.url, accessToken: token.accessToken })
}
const png = () => new Blob([crypto.randomBytes(2000)], { type: 'image/png' })
const video = () => new Blob([crypto.randomBytes(3000)], { type: 'video/mp4' })

const tests = {
  async an_app_is_registered_and_the_person_signs_in() {
    app = await createRestAPIClient({ url: face.url }).v1.apps.create({ clientName: 'Hibiki', redirectUris: redirectUri, scopes, website: 'https://hibiki.example' })
    assert.deepEqual(app.redirectUris, [redirectUri])
    masto = await signIn(accounts[0].handle)
    me = await masto.v1.accounts.verifyCredentials()
    assert.equal(me.displayName, accounts[0].name)
    assert.ok(me.followersCount >= 600)
    await refused(createRestAPIClient({ url: face.url, accessToken: 'wrong' }).v1.accounts.verifyCredentials(), 401)
    const reader = await signIn(accounts[1].handle, 'read')
    await reader.v1.accounts.verifyCredentials()
    await refused(reader.v1.statuses.create({ status: '書けない' }), 403, /outside the authorized scopes/)
  },
  async the_instance_says_its_limits() {
    const second = await masto.v2.instance.fetch()
    assert.equal(second.configuration.statuses.maxCharacters, 500)
    assert.equal((await masto.v1.instance.fetch()).configuration.statuses.maxMediaAttachments, second.configuration.statuses.maxMediaAttachments)
  },
  async pictures_and_videos_are_attached_when_they_are_ready() {
    const picture = await masto.v2.media.create({ file: png(), description: '湯気の立つ一杯' })
    assert.deepEqual([picture.type, picture.description], ['image', '湯気の立つ一杯'])
    const early = await masto.v2.media.create({ file: video(), skipPolling: true })
    assert.equal(early.url ?? null, null)
    await refused(masto.v1.statuses.create({ status: 'まだ', mediaIds: [early.id] }), 422, /not finished processing/)
    const film = await masto.v2.media.create({ file: video() }) // the client asks until it is there
    assert.ok(film.url)
    const status = await masto.v1.statuses.create({ status: '写真と動画', mediaIds: [picture.id, film.id] })
    assert.deepEqual(status.mediaAttachments.map((m) => m.type), ['image', 'video'])
    await refused(masto.v1.statuses.create({ status: 'もう一度', mediaIds: [picture.id] }), 422)
  },
  async one_idempotency_key_is_one_status() {
    const post = () => masto.v1.statuses.create({ status: '一度だけ', visibility: 'unlisted', language: 'ja' },
      { requestInit: { headers: { 'Idempotency-Key': 'a-key-of-our-own' } } })
    const [a, b] = [await post(), await post()]
    assert.equal(a.id, b.id)
    assert.equal(a.visibility, 'unlisted')
    const { posts } = await face.control('posts')
    assert.equal(posts.filter((p) => p.text === '一度だけ').length, 1)
  },
  async a_thread_is_read_edited_and_taken_away() {
    const first = await masto.v1.statuses.create({ status: '新しい豆 https://hibiki.example/beans #珈琲', spoilerText: '豆の話' })
    const second = await masto.v1.statuses.create({ status: '続き', inReplyToId: first.id })
    assert.equal(second.inReplyToId, first.id)
    const edited = await masto.v1.statuses.$select(first.id).update({ status: '新しい豆が届きました', spoilerText: '豆の話' })
    assert.ok(edited.editedAt)
    assert.match((await masto.v1.statuses.$select(first.id).fetch()).content, /届きました/)
    const removed = await masto.v1.statuses.$select(second.id).remove()
    assert.equal(removed.text, '続き')
    await refused(masto.v1.statuses.$select(second.id).fetch(), 404)
    await refused(masto.v1.statuses.create({ status: 'だれへ', inReplyToId: '1' }), 404)
    await refused(masto.v1.statuses.create({ status: 'あ'.repeat(501) }), 422, /limit/)
  },
  async another_account_cannot_touch_it() {
    const [own] = await masto.v1.accounts.$select(me.id).statuses.list({ limit: 1 })
    const other = await signIn(accounts[1].handle)
    await refused(other.v1.statuses.$select(own.id).remove(), 404)
    assert.equal((await masto.v1.statuses.$select(own.id).fetch()).id, own.id)
  },
  async the_own_timeline_goes_page_by_page() {
    for (let i = 0; i < 5; i++) await masto.v1.statuses.create({ status: `頁 ${i}` })
    const ids = []
    for (let maxId; ;) {
      const page = await masto.v1.accounts.$select(me.id).statuses.list({ limit: 3, ...(maxId ? { maxId } : {}) })
      if (page.length === 0) break
      ids.push(...page.map((s) => s.id))
      maxId = ids.at(-1)
    }
    assert.equal(new Set(ids).size, ids.length)
    assert.equal(ids.length, (await masto.v1.accounts.$select(me.id).fetch()).statusesCount)
    assert.deepEqual(ids, [...ids].sort((a, b) => (BigInt(a) < BigInt(b) ? 1 : -1)))
    assert.ok(Array.isArray(await masto.v1.notifications.list({ types: ['mention'] })))
    assert.deepEqual([...await masto.v1.conversations.list()], [])
  },
  async limits_and_faults_have_the_statuses_the_client_knows() {
    await face.control('fault', { fault: 'rate_limited', times: 1, ms: 1000 })
    await refused(masto.v1.accounts.verifyCredentials(), 429)
    await face.control('fault', { fault: 'error', times: 1 })
    await refused(masto.v1.statuses.create({ status: '五百' }), 500)
    await face.control('end', {})
    await refused(masto.v1.accounts.verifyCredentials(), 401)
  },
  async every_answer_fits_the_published_description() {
    if (!api) return 'the published description is not on this machine'
    assert.deepEqual([...new Set(seen.problems)], [])
    assert.deepEqual([...seen.unknown], [])
    assert.ok(seen.n >= 30, `${seen.n} answers`)
    console.log(`# ${seen.n} answers fit`)
  },
}
const code = await runTests('mastodon_sdk', tests)
face.stop()
process.exit(code)
