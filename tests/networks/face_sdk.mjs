// The practice face against Bluesky's own client library: what the official client sends, the face understands, and what the face
// answers, the official client reads. Usage: node face_sdk.mjs FACE_SERVER; prints TAP.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const { AtpAgent, RichText, AppBskyFeedPost } = require('@atproto/api')

const server = spawn(process.argv[2], { stdio: ['pipe', 'pipe', 'inherit'] })
const [line] = await once(server.stdout, 'data')
const url = String(line).trim()
const control = async (what, body) => {
  const reply = await fetch(`${url}/practice/${what}`, body ? { method: 'POST', body: JSON.stringify(body) } : {})
  assert.equal(reply.status, 200)
  return reply.json()
}
const agent = new AtpAgent({ service: url })

const tests = {
  async a_wrong_password_is_refused_as_the_client_expects() {
    await assert.rejects(new AtpAgent({ service: url }).login({ identifier: 'hibiki.test', password: 'wrong' }),
      (e) => e.status === 401 && e.error === 'AuthenticationRequired')
  },
  async the_client_signs_in() {
    await agent.login({ identifier: 'hibiki.test', password: 'open-sesame' })
    assert.equal(agent.session.handle, 'hibiki.test')
    assert.match(agent.session.did, /^did:plc:[a-z2-7]{24}$/)
  },
  async a_rich_text_with_a_picture_is_posted_and_read_as_a_valid_record() {
    const text = new RichText({ text: '今日の豆 https://hibiki.example/beans @nene.test #喫茶ひびき' })
    await text.detectFacets(agent)
    const { data } = await agent.uploadBlob(new Uint8Array([1, 2, 3]), { encoding: 'image/png' })
    const posted = await agent.post({ text: text.text, facets: text.facets, langs: ['ja'],
      embed: { $type: 'app.bsky.embed.images', images: [{ image: data.blob, alt: '豆' }] } })
    const rkey = posted.uri.split('/').pop()
    const read = await agent.com.atproto.repo.getRecord({ repo: agent.session.did, collection: 'app.bsky.feed.post', rkey })
    assert.equal(AppBskyFeedPost.validateRecord(read.data.value).success, true)
    assert.equal(read.data.value.facets.length, 3)
    const { data: seen } = await agent.getPosts({ uris: [posted.uri] })
    assert.equal(seen.posts[0].uri, posted.uri)
    assert.equal(typeof seen.posts[0].likeCount, 'number')
    await agent.deletePost(posted.uri)
    await assert.rejects(agent.com.atproto.repo.getRecord({ repo: agent.session.did, collection: 'app.bsky.feed.post', rkey }),
      (e) => e.status === 400 && e.error === 'RecordNotFound')
  },
  async put_record_twice_is_one_post() {
    const put = () => agent.com.atproto.repo.putRecord({ repo: agent.session.did, collection: 'app.bsky.feed.post', rkey: '3jzfcijpj2z2a',
      record: { $type: 'app.bsky.feed.post', text: '一度だけ', createdAt: '2026-11-23T00:00:00Z' } })
    const [a, b] = [await put(), await put()]
    assert.equal(a.data.cid, b.data.cid)
    assert.equal(b.data.commit, undefined)
    const counts = await control('counts')
    assert.equal(counts.n_unchanged, 1)
    assert.equal(counts.n_twice_key + counts.n_twice_text, 0)
  },
  async lists_go_page_by_page() {
    for (let i = 0; i < 5; i++) await agent.post({ text: `頁 ${i}` })
    const list = (cursor) => agent.com.atproto.repo.listRecords({ repo: agent.session.did, collection: 'app.bsky.feed.post', limit: 2, cursor })
    const seen = []
    for (let page = await list(); page.data.records.length; page = await list(page.data.cursor)) seen.push(...page.data.records.map((r) => r.uri))
    assert.equal(new Set(seen).size, 6)
    assert.equal(seen.length, 6)
    assert.deepEqual(seen, [...seen].sort().reverse())
  },
  async a_profile_has_its_numbers() {
    const { data } = await agent.getProfile({ actor: 'hibiki.test' })
    assert.equal(data.displayName, '喫茶ひびき')
    assert.ok(data.followersCount >= 600)
    assert.equal(data.postsCount, 6)
  },
  async the_client_refreshes_by_itself_when_tokens_expire() {
    const before = agent.session.accessJwt
    await control('expire', {})
    await agent.post({ text: '更新のあと' })
    assert.notEqual(agent.session.accessJwt, before)
  },
  async a_rate_limit_carries_its_headers() {
    await control('fault', { fault: 'rate_limited', times: 1, ms: 2000 })
    await assert.rejects(agent.getProfile({ actor: 'hibiki.test' }), (e) => e.status === 429 && e.headers['ratelimit-remaining'] === '0' && Number(e.headers['ratelimit-reset']) > 1e9)
  },
}
let failed = 0
for (const [i, [name, run]] of Object.entries(tests).entries()) {
  try {
    await run()
    console.log(`ok ${i + 1} /face/${name}`)
  } catch (e) {
    failed++
    console.log(`not ok ${i + 1} /face/${name}\n# ${String(e.stack ?? e).replaceAll('\n', '\n# ')}`)
  }
}
server.stdin.end()
process.exit(failed ? 1 : 0)
