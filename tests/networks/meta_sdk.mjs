// Instagram's and Facebook's faces against Meta's own client library, pointed at them: what the client sends, the faces understand, and what
// the faces answer is described by Meta's published API description (../shared/specs/meta; left out with a line where it is absent). Meta
// publishes no client for Threads. Usage: node meta_sdk.mjs FACE_SERVER; prints TAP.
import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import fs from 'node:fs'
import http from 'node:http'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import path from 'node:path'
import { accounts, client, runTests, specs, startFace } from './face.mjs'

const require = createRequire(import.meta.url)
const { FacebookAdsApi, IGComment, IGMedia, IGUser, Page, PagePost } = require('facebook-nodejs-business-sdk')

const redirect = 'http://127.0.0.1:9/back'
const word = 'our-own-word'
let face
Object.defineProperty(FacebookAdsApi, 'GRAPH', { get: () => face.url })
const graph = async (place, params, method = 'GET') => {
  const query = new URLSearchParams(params)
  const reply = await fetch(`${face.url}/${place}${method === 'GET' ? `?${query}` : ''}`, method === 'GET' ? {} : { method, body: query })
  const body = await reply.json()
  assert.equal(reply.status, 200, JSON.stringify(body))
  return body
}
const refused = (promise, status, code, subcode) => assert.rejects(promise, (e) => {
  assert.equal(e.status, status)
  assert.equal(e.response.code, code)
  assert.equal(e.response.error_subcode, subcode)
  assert.match(e.response.fbtrace_id, /^A/)
  return true
})

// An answer of the face against the fields and edges Meta describes for its type.
const fits = { string: (v) => typeof v === 'string', 'int': Number.isInteger, 'unsigned int': Number.isInteger, bool: (v) => typeof v === 'boolean', float: (v) => typeof v === 'number',
  datetime: (v) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$/.test(v) }
function described(type, answer) {
  if (!specs) return `the descriptions of ${type} are not on this machine`
  const { fields, apis } = JSON.parse(fs.readFileSync(path.join(specs, 'meta', `${type}.json`)))
  const edges = new Set(apis.map((api) => api.endpoint))
  for (const [name, value] of Object.entries(answer)) {
    const field = fields.find((f) => f.name === name)
    assert.ok(field || edges.has(name), `${type} has no field or edge ${name}`)
    if (field && fits[field.type]) assert.ok(fits[field.type](value), `${type}.${name} is ${field.type}, not ${JSON.stringify(value)}`)
  }
}

// Takes webhooks as an app does: answers the challenge to our own word, keeps what is signed right.
async function startApp() {
  const heard = []
  const server = http.createServer(async (request, response) => {
    const query = new URL(request.url, 'http://x').searchParams
    if (request.method === 'GET') {
      if (query.get('hub.mode') !== 'subscribe' || query.get('hub.verify_token') !== word) return void response.writeHead(403).end()
      return void response.end(query.get('hub.challenge'))
    }
    const parts = []
    for await (const part of request) parts.push(part)
    const body = Buffer.concat(parts)
    const sum = `sha256=${crypto.createHmac('sha256', client.secret).update(body).digest('hex')}`
    if (request.headers['x-hub-signature-256'] === sum) heard.push(JSON.parse(body))
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${server.address().port}/hook`, heard, stop: () => server.close() }
}
async function waitFor(what, ms = 10000) {
  for (const until = Date.now() + ms; Date.now() < until; await new Promise((done) => setTimeout(done, 50))) if (what()) return
  assert.fail('it did not come')
}

let app
let account
let media
const instagram = {
  async a_code_gives_a_short_token_and_that_a_long_one() {
    app = await startApp()
    const back = await face.walk(`${face.url}/oauth/authorize?client_id=${client.id}&redirect_uri=${encodeURIComponent(redirect)}&response_type=code&state=s` +
      '&scope=instagram_business_basic,instagram_business_content_publish,instagram_business_manage_comments,instagram_business_manage_messages,instagram_business_manage_insights')
    const short = (await graph('oauth/access_token', { client_id: client.id, client_secret: client.secret, grant_type: 'authorization_code', redirect_uri: redirect, code: back.get('code') }, 'POST')).data[0]
    const long = await graph('access_token', { grant_type: 'ig_exchange_token', client_secret: client.secret, access_token: short.access_token })
    assert.equal(long.expires_in, 60 * 86400)
    FacebookAdsApi.init(long.access_token)
    account = new IGUser(short.user_id)
  },
  async the_account_reads_as_described() {
    const me = await account.get(['id', 'username', 'name', 'followers_count', 'follows_count', 'media_count', 'biography'])
    assert.equal(me.username, accounts[0].handle)
    return described('IGUser', me._data)
  },
  async a_picture_is_published_through_a_container() {
    const container = await account.createMedia([], { image_url: 'https://media.invalid/beans.jpg', caption: '新しい豆 #珈琲', alt_text: '豆' })
    assert.equal((await graph(`v25.0/${container.id}`, { fields: 'status_code', access_token: FacebookAdsApi.getDefaultApi().accessToken })).status_code, 'FINISHED')
    const out = await account.createMediaPublish([], { creation_id: container.id })
    media = new IGMedia(out.id)
    const read = await media.get(['id', 'caption', 'media_type', 'media_product_type', 'permalink', 'timestamp', 'username', 'owner', 'like_count', 'comments_count', 'alt_text', 'shortcode', 'is_comment_enabled', 'is_shared_to_feed'])
    assert.equal(read.caption, '新しい豆 #珈琲')
    const [first] = await account.getMedia(['id', 'caption'], { limit: 1 })
    assert.equal(first.id, media.id)
    return described('IGMedia', read._data)
  },
  async a_carousel_needs_two_children_and_takes_them_as_a_list() {
    const child = async (i) => (await account.createMedia([], { image_url: `https://media.invalid/${i}.jpg`, is_carousel_item: true })).id
    const ids = [await child(1), await child(2)]
    await refused(account.createMedia([], { media_type: 'CAROUSEL', children: ids.slice(1) }), 400, 100, 2207028)
    const whole = await account.createMedia([], { media_type: 'CAROUSEL', children: ids, caption: '二枚' })
    const out = await account.createMediaPublish([], { creation_id: whole.id })
    const read = await new IGMedia(out.id).get(['media_type', 'children'])
    assert.equal(read.media_type, 'CAROUSEL_ALBUM')
    assert.deepEqual(read.children.data.map((one) => one.id), ids)
    await refused(account.createMediaPublish([], { creation_id: whole.id }), 400, 24, 2207006)
  },
  async a_comment_is_made_answered_and_hidden() {
    const comment = await media.createComment([], { message: '焙煎は深めです' })
    const answer = await new IGComment(comment.id).createReply([], { message: '豆のままでも' })
    const [seen] = await media.getComments(['id', 'text', 'timestamp', 'username', 'from', 'hidden', 'like_count', 'media', 'replies'])
    assert.equal(seen.text, '焙煎は深めです')
    assert.equal(seen.replies.data[0].id, answer.id)
    await new IGComment(comment.id).update([], { hide: true })
    assert.equal((await new IGComment(comment.id).get(['hidden'])).hidden, true)
    return described('IGComment', seen._data)
  },
  async numbers_and_the_days_quota_are_read() {
    await refused(media.getInsights([], { metric: ['views', 'impressions'] }), 400, 100, undefined)
    await media.getInsights([], { metric: ['views', 'reach', 'saved'] }) // none yet: no failure
    const [limit] = await account.getContentPublishingLimit(['quota_usage', 'config'])
    assert.equal(limit.quota_usage, 2)
    assert.equal(limit.config.quota_total, 100)
  },
  async a_message_comes_signed_to_an_address_that_answered() {
    const subscribe = (verify_token) => fetch(`${face.url}/v25.0/${client.id}/subscriptions`, { method: 'POST',
      body: new URLSearchParams({ object: 'instagram', callback_url: app.url, verify_token, fields: 'messages', access_token: `${client.id}|${client.secret}` }) })
    assert.equal((await subscribe('another')).status, 400)
    assert.equal((await subscribe(word)).status, 200)
    await graph(`v25.0/${account.id}/subscribed_apps`, { subscribed_fields: 'comments,messages', access_token: FacebookAdsApi.getDefaultApi().accessToken }, 'POST')
    await face.control('own/say', { text: '営業は何時まで?' })
    await waitFor(() => app.heard.length)
    const [entry] = app.heard[0].entry
    assert.equal(app.heard[0].object, 'instagram')
    assert.equal(entry.id, account.id)
    assert.equal(entry.messaging[0].message.text, '営業は何時まで?')
    app.stop()
  },
  async what_is_deleted_is_gone() {
    await media.delete()
    await refused(media.get(['id']), 400, 100, 33)
  },
  async a_rate_limit_says_how_long() {
    await face.control('fault', { fault: 'rate_limited', times: 1, ms: 90000 })
    const reply = await fetch(`${face.url}/v25.0/me?access_token=${FacebookAdsApi.getDefaultApi().accessToken}`)
    assert.equal((await reply.json()).error.code, 4)
    const [[usage]] = Object.values(JSON.parse(reply.headers.get('x-business-use-case-usage')))
    assert.equal(usage.estimated_time_to_regain_access, 2)
    assert.equal(JSON.parse(reply.headers.get('x-app-usage')).call_count, 100)
  },
}

let page
const facebook = {
  async a_code_gives_a_person_and_that_a_page() {
    const back = await face.walk(`${face.url}/v25.0/dialog/oauth?client_id=${client.id}&redirect_uri=${encodeURIComponent(redirect)}&response_type=code&state=s` +
      '&scope=pages_show_list,pages_read_engagement,pages_manage_posts,pages_manage_engagement,read_insights,pages_messaging')
    const app = { client_id: client.id, client_secret: client.secret }
    const short = await graph('v25.0/oauth/access_token', { ...app, redirect_uri: redirect, code: back.get('code') })
    const long = await graph('v25.0/oauth/access_token', { ...app, grant_type: 'fb_exchange_token', fb_exchange_token: short.access_token })
    const { data } = await graph('v25.0/me/accounts', { access_token: long.access_token })
    FacebookAdsApi.init(long.access_token) // an object keeps the token of its making
    await refused(new Page(data[0].id).createFeed([], { message: '人のトークンでは出ない' }), 400, 190, 2069032)
    FacebookAdsApi.init(data[0].access_token)
    page = new Page(data[0].id)
    const read = await page.get(['id', 'name', 'username', 'category', 'followers_count', 'fan_count', 'link'])
    assert.equal(read.name, accounts[0].name)
    return described('Page', read._data)
  },
  async a_post_with_two_photos_is_published_edited_and_deleted() {
    const photo = async (i) => (await page.createPhoto([], { url: `https://media.invalid/${i}.jpg`, published: false })).id
    const attached_media = [{ media_fbid: await photo(1) }, { media_fbid: await photo(2) }]
    const out = await page.createFeed([], { message: '二枚の写真', attached_media })
    const post = new PagePost(out.id)
    await refused(page.createFeed([], { message: 'もう一度', attached_media }), 400, 100, 1366051)
    await post.update([], { message: '二枚の写真(直し)' })
    const [seen] = await page.getPublishedPosts(['id', 'message', 'created_time', 'permalink_url', 'status_type', 'is_published', 'is_hidden', 'from', 'attachments{media_type,subattachments{media_type}}'])
    assert.equal(seen.message, '二枚の写真(直し)')
    assert.equal(seen.attachments.data[0].subattachments.data.length, 2)
    const sum = await post.get(['reactions.limit(0).summary(total_count)', 'comments.limit(0).summary(total_count)'])
    assert.equal(sum.reactions.summary.total_count, 0)
    await post.delete()
    await refused(post.get(['id']), 400, 100, 33)
    return described('PagePost', seen._data)
  },
  async the_same_words_twice_are_refused() {
    await page.createFeed([], { message: '同じ文' })
    await refused(page.createFeed([], { message: '同じ文' }), 400, 506, 1455006)
  },
  async a_comment_is_made_and_read() {
    const [post] = await page.getPublishedPosts(['id'])
    const comment = await new PagePost(post.id).createComment([], { message: '補足です' })
    const [seen] = await new PagePost(post.id).getComments(['id', 'message', 'created_time', 'from', 'permalink_url', 'like_count', 'comment_count', 'is_hidden', 'can_hide', 'can_reply_privately'])
    assert.equal(seen.id, comment.id)
    return described('Comment', seen._data)
  },
  async numbers_are_read_and_unknown_ones_refused() {
    const [post] = await page.getPublishedPosts(['id'])
    await refused(new PagePost(post.id).getInsights([], { metric: ['post_impressions'] }), 400, 100, undefined)
    const [one] = await new PagePost(post.id).getInsights([], { metric: ['post_media_view'] })
    assert.equal(typeof one.values[0].value, 'number')
    return described('InsightsResult', one._data)
  },
  async a_reel_is_started_uploaded_in_two_goes_and_finished() {
    const token = FacebookAdsApi.getDefaultApi().accessToken
    const begun = (await page.createVideoReel([], { upload_phase: 'start' }))._data
    const send = (offset, body) => fetch(begun.upload_url, { method: 'POST', body, headers: { authorization: `OAuth ${token}`, offset, file_size: 8 } })
    assert.equal((await send(0, 'mp4-')).status, 200)
    assert.equal((await send(0, 'mp4-')).status, 400)
    assert.equal((await graph(`v25.0/${begun.video_id}`, { fields: 'status', access_token: token })).status.uploading_phase.bytes_transfered, 4)
    await refused(page.createVideoReel([], { upload_phase: 'finish', video_id: begun.video_id, video_state: 'PUBLISHED' }), 400, 100, 1363030)
    assert.equal((await send(4, '-end')).status, 200)
    await page.createVideoReel([], { upload_phase: 'finish', video_id: begun.video_id, video_state: 'PUBLISHED', description: 'リール' })
    const video = await graph(`v25.0/${begun.video_id}`, { fields: 'id,status,permalink_url,post_id,description,published,created_time,length', access_token: token })
    assert.equal(video.status.video_status, 'processing')
    return described('AdVideo', video) ?? described('VideoStatus', video.status)
  },
}

let code = 0
for (const [name, tests] of Object.entries({ instagram, facebook })) {
  face = await startFace(process.argv[2], name)
  code |= await runTests(`${name}_sdk`, tests)
  face.stop()
}
process.exit(code)
