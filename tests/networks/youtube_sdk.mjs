// YouTube's face and YouTube's connector against Google's own client libraries (@googleapis/youtube, @googleapis/youtubeanalytics) and its
// discovery documents (../shared/specs/youtube; left out with a line where they are absent). Usage: node youtube_sdk.mjs FACE_SERVER; prints TAP.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { Readable } from 'node:stream'
import { accounts, client, runTests, specs, startFace } from './face.mjs'
import { startRelay } from './relay.mjs'

const require = createRequire(import.meta.url)
const { youtube: youtubeApi, auth } = require('@googleapis/youtube')
const { youtubeAnalytics } = require('@googleapis/youtubeanalytics')

const face = await startFace(process.argv[2], 'youtube')
const relay = await startRelay(face.url)
const scope = ['youtube.force-ssl', 'youtube.upload', 'yt-analytics.readonly'].map((s) => `https://www.googleapis.com/auth/${s}`)
const signer = () => new auth.OAuth2({ clientId: client.id, clientSecret: client.secret, redirectUri: 'http://127.0.0.1:9/back', forceRefreshOnFailure: true,
  endpoints: { oauth2AuthBaseUrl: `${face.url}/o/oauth2/v2/auth`, oauth2TokenUrl: `${relay.url}/token`, oauth2RevokeUrl: `${relay.url}/revoke` } })
const retryConfig = { retry: 0 }
const here = { rootUrl: `${relay.url}/` } // the libraries take it for uploads only when it is said with the call
const open = (me) => youtubeApi({ version: 'v3', auth: me, rootUrl: `${relay.url}/`, retryConfig })
const me = signer()
const youtube = open(me)
const refused = (promise, status, reason) => assert.rejects(promise, (e) => {
  assert.equal(Number(e.code ?? e.status), status, e.message)
  assert.equal(e.response.data.error.errors[0].reason, reason)
  return true
})
const film = () => Readable.from([Buffer.alloc(300000)])
let channel
let uploads
let video

/* --- the discovery documents ------------------------------------------------------------------------------------------------ */
const documents = { youtube: ['youtube/v3/', 'youtube__v3.json'], youtubeAnalytics: ['v2/', 'youtubeAnalytics__v2.json'] }
function* methodsOf(resources) {
  for (const one of Object.values(resources ?? {})) {
    yield* Object.values(one.methods ?? {})
    yield* methodsOf(one.resources)
  }
}
// A value against a schema: every member is named there and has its type.
function fits(document, schema, value, at) {
  if (schema.$ref) return fits(document, document.schemas[schema.$ref], value, at)
  if (schema.type === 'any') return
  if (schema.type === 'array') {
    assert.ok(Array.isArray(value), `${at} is a list`)
    return value.forEach((one, i) => fits(document, schema.items, one, `${at}[${i}]`))
  }
  if (schema.type === 'object') {
    assert.ok(value && typeof value === 'object' && !Array.isArray(value), `${at} is an object`)
    for (const [name, one] of Object.entries(value)) {
      const member = schema.properties?.[name] ?? schema.additionalProperties
      assert.ok(member, `${at}.${name} is not described`)
      fits(document, member, one, `${at}.${name}`)
    }
    return
  }
  const type = { integer: 'number' }[schema.type] ?? schema.type
  assert.equal(typeof value, type, `${at} is ${schema.type}`)
  if (schema.type === 'integer') assert.ok(Number.isInteger(value), `${at} is whole`)
  if (schema.format === 'date-time') assert.ok(!Number.isNaN(Date.parse(value)), `${at} is a time`)
  if (schema.enum) assert.ok(schema.enum.includes(value), `${at} is one of ${schema.enum}, not ${value}`)
}
function hold(calls, { asked }) {
  let n = 0
  for (const [name, [prefix, file]] of Object.entries(documents)) {
    const document = JSON.parse(fs.readFileSync(path.join(specs, 'youtube', file)))
    for (const call of calls.filter((c) => c.url.pathname.replace(/^\/(resumable\/)?(upload\/)?/, '').startsWith(prefix))) {
      const what = `${name}: ${call.method} ${call.url.pathname}`
      const isUpload = call.url.pathname.includes('/upload/')
      const at = call.url.pathname.replace(/^\/(resumable\/)?(upload\/)?/, '')
      const session = call.url.searchParams.has('upload_id')
      const method = [...methodsOf(document.resources)].find((m) => m.path === at && m.httpMethod === (session ? 'POST' : call.method))
      assert.ok(method, `${what} is not described`)
      assert.equal(isUpload, Boolean(method.supportsMediaUpload && isUpload), `${what} takes no upload`)
      if (asked && !session) {
        for (const [key, value] of call.url.searchParams) {
          const parameter = method.parameters[key] ?? document.parameters[key]
          assert.ok(parameter, `${what} has no parameter ${key}`)
          if (parameter.enum) for (const one of value.split(',')) assert.ok(parameter.enum.includes(one), `${what}: ${key}=${one}`)
          if (parameter.maximum) assert.ok(Number(value) <= Number(parameter.maximum), `${what}: ${key}=${value}`)
        }
        for (const [key, parameter] of Object.entries(method.parameters)) assert.ok(!parameter.required || call.url.searchParams.has(key), `${what}: ${key} is missing`)
        if (method.request && String(call.headers['content-type']).includes('json')) fits(document, method.request, JSON.parse(call.body), `${what} asks`)
      }
      if (call.status < 300 && call.answer.length && method.response) fits(document, method.response, JSON.parse(call.answer), `${what} answers`)
      else if (call.status >= 400) assert.equal(JSON.parse(call.answer).error.code, call.status)
      n++
    }
  }
  assert.ok(n > 10, `only ${n} calls`)
}
const connectorCalls = path.join(path.dirname(process.argv[2]), 'connector_calls')

const tests = {
  async the_client_signs_in_for_good_and_renews_by_itself() {
    const answer = await face.walk(me.generateAuthUrl({ access_type: 'offline', prompt: 'consent', scope }))
    const { tokens } = await me.getToken(answer.get('code'))
    assert.equal(tokens.token_type, 'Bearer')
    assert.ok(tokens.refresh_token)
    assert.deepEqual(tokens.scope.split(' '), scope)
    me.setCredentials(tokens)
    await face.control('expire', {})
    const { data } = await youtube.channels.list({ part: ['snippet', 'contentDetails', 'statistics'], mine: true })
    assert.notEqual(me.credentials.access_token, tokens.access_token)
    assert.equal(me.credentials.refresh_token, tokens.refresh_token)
    channel = data.items[0]
    uploads = channel.contentDetails.relatedPlaylists.uploads
    assert.equal(channel.snippet.title, accounts[0].name)
    assert.equal(channel.snippet.customUrl, `@${accounts[0].handle}`)
    assert.equal(typeof channel.statistics.subscriberCount, 'string')
  },
  async a_video_is_uploaded_processed_and_listed() {
    const { data } = await youtube.videos.insert({ part: ['snippet', 'status'], requestBody: { snippet: { title: '抽出の様子', description: '豆はこちら', tags: ['珈琲'], categoryId: '22' },
      status: { privacyStatus: 'public', selfDeclaredMadeForKids: false } }, media: { mimeType: 'video/mp4', body: film() } }, here)
    video = data.id
    assert.match(video, /^[\w-]{11}$/)
    const read = await youtube.videos.list({ part: ['snippet', 'status', 'statistics', 'processingDetails'], id: [video] })
    assert.equal(read.data.items[0].snippet.title, '抽出の様子')
    assert.equal(read.data.items[0].status.uploadStatus, 'uploaded')
    assert.equal(read.data.items[0].processingDetails.processingStatus, 'processing')
    assert.equal(read.data.items[0].statistics.viewCount, '0')
    const list = await youtube.playlistItems.list({ part: ['snippet', 'contentDetails'], playlistId: uploads })
    assert.equal(list.data.items[0].snippet.resourceId.videoId, video)
    const thumbnail = await youtube.thumbnails.set({ videoId: video, media: { mimeType: 'image/jpeg', body: Readable.from([Buffer.from('ffd8ff', 'hex')]) } }, here)
    assert.match(thumbnail.data.items[0].default.url, /^https:/)
  },
  async what_is_private_only_its_owner_sees() {
    const { data } = await youtube.videos.insert({ part: ['snippet', 'status'], requestBody: { snippet: { title: 'まだ内緒' }, status: { privacyStatus: 'private', publishAt: new Date(Date.now() + 3600000).toISOString() } },
      media: { mimeType: 'video/mp4', body: film() } }, here)
    const other = signer()
    const answer = await face.walk(other.generateAuthUrl({ access_type: 'online', scope }), 'nene')
    const { tokens } = await other.getToken(answer.get('code'))
    assert.equal(tokens.refresh_token, undefined)
    other.setCredentials(tokens)
    const seen = await open(other).videos.list({ part: ['snippet'], id: [data.id, video] })
    assert.deepEqual(seen.data.items, []) // the first is still being processed
    const own = await youtube.videos.list({ part: ['status'], id: [data.id] })
    assert.equal(own.data.items[0].status.privacyStatus, 'private')
    await youtube.videos.delete({ id: data.id })
    assert.equal((await youtube.videos.list({ part: ['status'], id: [data.id] })).data.items.length, 0)
  },
  async comments_are_written_answered_moderated_and_deleted() {
    const { data: thread } = await youtube.commentThreads.insert({ part: ['snippet'], requestBody: { snippet: { videoId: video, topLevelComment: { snippet: { textOriginal: '質問をどうぞ' } } } } })
    const { data: reply } = await youtube.comments.insert({ part: ['snippet'], requestBody: { snippet: { parentId: thread.id, textOriginal: '一番乗り' } } })
    const { data: changed } = await youtube.comments.update({ part: ['snippet'], requestBody: { id: reply.id, snippet: { textOriginal: '二番乗り' } } })
    assert.equal(changed.snippet.textOriginal, '二番乗り')
    const { data: threads } = await youtube.commentThreads.list({ part: ['snippet', 'replies'], allThreadsRelatedToChannelId: channel.id, order: 'time' })
    assert.equal(threads.items[0].replies.comments[0].id, reply.id)
    assert.equal(threads.items[0].snippet.totalReplyCount, 1)
    await youtube.comments.setModerationStatus({ id: [thread.id], moderationStatus: 'rejected' })
    assert.equal((await youtube.commentThreads.list({ part: ['snippet'], videoId: video })).data.items.some((t) => t.id === thread.id), false)
    await youtube.comments.delete({ id: reply.id })
    await refused(youtube.comments.update({ part: ['snippet'], requestBody: { id: reply.id, snippet: { textOriginal: 'x' } } }), 404, 'commentNotFound')
  },
  async what_youtube_refuses_is_refused() {
    const insert = (snippet) => youtube.videos.insert({ part: ['snippet', 'status'], requestBody: { snippet, status: {} }, media: { mimeType: 'video/mp4', body: film() } }, here)
    await refused(insert({ title: '<b>' }), 400, 'invalidTitle')
    await refused(insert({ title: 'x', description: 'あ'.repeat(1667) }), 400, 'invalidDescription')
    await refused(insert({ title: 'x', tags: ['あ'.repeat(501)] }), 400, 'invalidTags')
    await refused(youtube.videos.update({ part: ['snippet'], requestBody: { id: video, snippet: { title: 'x' } } }), 400, 'invalidCategoryId')
    await refused(youtube.videos.list({ part: ['nonsense'], id: [video] }), 400, 'unknownPart')
    await refused(youtube.commentThreads.list({ part: ['snippet'], videoId: 'AAAAAAAAAAA' }), 404, 'videoNotFound')
    const stranger = signer()
    stranger.setCredentials({ access_token: 'nonsense' })
    await refused(open(stranger).channels.list({ part: ['snippet'], mine: true }), 401, 'authError')
  },
  async a_session_says_where_it_stands() {
    const { token } = await me.getAccessToken()
    const total = 3 * 262144 - 100
    const opened = await fetch(`${relay.url}/resumable/upload/youtube/v3/videos?uploadType=resumable&part=snippet,status`, { method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'x-upload-content-length': String(total), 'x-upload-content-type': 'video/mp4' }, body: JSON.stringify({ snippet: { title: '三つに分けて' }, status: { privacyStatus: 'unlisted' } }) })
    const session = opened.headers.get('location')
    const put = (range, n) => fetch(session, { method: 'PUT', headers: { 'content-range': range }, body: Buffer.alloc(n), redirect: 'manual' })
    assert.equal((await put(`bytes */${total}`, 0)).headers.get('range'), null)
    assert.equal((await put(`bytes 0-99/${total}`, 100)).status, 400) // no multiple of 256 KiB
    const first = await put(`bytes 0-524287/${total}`, 524288)
    assert.deepEqual([first.status, first.headers.get('range')], [308, 'bytes=0-524287'])
    assert.equal((await put(`bytes 0-262143/${total}`, 262144)).status, 400) // it has those
    assert.equal((await put(`bytes */${total}`, 0)).headers.get('range'), 'bytes=0-524287')
    const last = await (await put(`bytes 524288-${total - 1}/${total}`, total - 524288)).json()
    const again = await put(`bytes */${total}`, 0)
    assert.deepEqual([again.status, (await again.json()).id], [200, last.id])
    assert.equal((await fetch(`${session}x`, { method: 'PUT', headers: { 'content-range': `bytes */${total}` } })).status, 404)
  },
  async reports_have_their_columns() {
    const { data } = await youtubeAnalytics({ version: 'v2', auth: me, rootUrl: `${relay.url}/`, retryConfig }).reports.query({ ids: 'channel==MINE', startDate: '2026-01-01', endDate: '2026-12-31', metrics: 'views,averageViewPercentage', dimensions: 'video', filters: `video==${video}` })
    assert.deepEqual(data.columnHeaders.map((c) => [c.name, c.columnType, c.dataType]), [['video', 'DIMENSION', 'STRING'], ['views', 'METRIC', 'INTEGER'], ['averageViewPercentage', 'METRIC', 'FLOAT']])
    assert.deepEqual(data.rows, []) // two days late
  },
  async the_face_answers_as_google_describes() {
    if (!specs) return 'the descriptions are not on this machine'
    hold(relay.calls, { asked: false })
    const invented = (c) => ({ ...c, answer: Buffer.from(String(c.answer).replace('{', '{"invented":1,')) })
    assert.throws(() => hold(relay.calls.map(invented), { asked: false }), /invented is not described/)
  },
  async the_connector_asks_as_google_describes() {
    relay.calls.length = 0
    const { code, out } = await new Promise((done) => execFile(connectorCalls, ['youtube', relay.url], (error, stdout, stderr) => done({ code: error?.code ?? 0, out: stdout + stderr })))
    assert.equal(code, 0, out)
    if (!specs) return 'the descriptions are not on this machine'
    hold(relay.calls, { asked: true })
  },
  async the_days_units_run_out() {
    let e
    for (let i = 0; i < 250 && !e; i++) await youtube.commentThreads.insert({ part: ['snippet'], requestBody: { snippet: { videoId: video, topLevelComment: { snippet: { textOriginal: `${i}` } } } } }).catch((error) => { e = error })
    assert.equal(e.response.data.error.errors[0].reason, 'quotaExceeded')
    assert.equal(e.response.status, 403)
  },
}
const code = await runTests('youtube', tests)
relay.stop()
face.stop()
process.exit(code)
