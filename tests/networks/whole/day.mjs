// The main job on the real network, over the API: connect, compose, schedule, out, read back by another client, numbers.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import { noise, sleep, until } from './tools.mjs'

const require = createRequire(import.meta.url)
const { AtpAgent, RichText, AppBskyFeedPost } = require('@atproto/api')
const PICTURES = new URL('../../data/images/', import.meta.url)
const TEXT = '秋のブレンドができました☕️ 焙煎日誌 https://hibiki.example/beans?autumn=1 @yuki.test @nobody-here.test #喫茶ひびき'
const POSTS = 'app.bsky.feed.post'

export async function signedIn(stack, who) {
  const agent = new AtpAgent({ service: stack.pds })
  await agent.login({ identifier: who.handle, password: who.password })
  return agent
}

/** Every record of an account whose text is `text`, as the network itself lists them. */
export async function records(agent, did, text) {
  const { data } = await agent.com.atproto.repo.listRecords({ repo: did, collection: POSTS, limit: 100 })
  return data.records.filter((record) => record.value.text === text)
}

async function upload(client, bytes, mime) {
  return client.post('/media', bytes, mime)
}

const tokyoWall = (at) => new Date(at + 9 * 3_600_000).toISOString().slice(0, 19)
const kpi = (where, metric) => where.kpis.find((one) => one.metric === metric)?.value
const latest = (row) => Object.fromEntries(row.series.map((one) => [one.metric, one.points.at(-1)?.value]))

export async function firstHalf(test, stack, client, world) {
  const fan = await signedIn(stack, stack.accounts.fan)
  const who = stack.accounts.roaster
  world.fan = fan

  await test('an_empty_machine_is_set_up_and_refuses_to_be_set_up_twice', async () => {
    const owner = { name: '響 花子', email: 'hanako@example.com', password: 'a long enough passphrase', workspace: '喫茶ひびき', zone: 'Asia/Tokyo', locale: 'ja' }
    await client.setUp(owner)
    assert.equal((await client.send('POST', '/api/v1/setup', owner)).status, 409)
    await client.listen()
  })

  await test('a_wrong_app_password_is_refused_with_its_sentence_and_nothing_is_stored', async () => {
    const [status, reason, sentence] = await client.refused('/accounts', { network: 'bluesky', service: stack.pds, handle: who.handle, password: 'abcd-abcd-abcd-abcd' })
    assert.deepEqual([status, reason], [422, 'accounts.refused'])
    assert.match(sentence, /何も保存していません/)
    assert.deepEqual((await client.get('/accounts')).accounts, [])
  })

  await test('the_account_is_connected_and_its_token_lies_in_no_file_in_the_clear', async () => {
    const account = await client.connect(who, stack.pds)
    assert.equal(account.state, 'ok')
    assert.equal(account.handle, who.handle)
    world.account = account.id
    for (const name of fs.readdirSync(client.server.folder).filter((one) => fs.statSync(`${client.server.folder}/${one}`).isFile()))
      assert.ok(!/eyJ[\w-]+\.eyJ/.test(fs.readFileSync(`${client.server.folder}/${name}`, 'latin1')), `${name} holds a token`)
  })

  await test('the_count_is_the_networks_own', async () => {
    const { counts } = await client.post('/count', { text: TEXT, networks: ['bluesky'] })
    const rich = new RichText({ text: TEXT })
    assert.equal(counts[0].used, rich.graphemeLength)
    assert.equal(counts[0].bytes, rich.length)
    assert.deepEqual([counts[0].max, counts[0].max_bytes, counts[0].is_over], [300, 3000, false])
  })

  await test('four_pictures_a_japanese_text_and_a_time_in_the_workspaces_zone_are_scheduled', async () => {
    world.pictures = [
      { bytes: noise(320, 200, 7), mime: 'image/png', alt: '湯気の立つ一杯', size: [320, 200] },
      { bytes: fs.readFileSync(new URL('baseline_40x30.jpg', PICTURES)), mime: 'image/jpeg', alt: '焙煎したての豆 "深煎り"', size: [40, 30] },
      { bytes: fs.readFileSync(new URL('progressive_33x7.jpg', PICTURES)), mime: 'image/jpeg', alt: '店の看板 🍂', size: [33, 7] },
      { bytes: noise(64, 48, 9), mime: 'image/png', alt: '', size: [64, 48] },
    ]
    const media = []
    for (const picture of world.pictures) media.push({ media_id: (await upload(client, picture.bytes, picture.mime)).id, alt: picture.alt })
    const post = await client.post('/posts', { text: TEXT, lang: 'ja', media, variants: [{ account_id: world.account, text: null }] })
    const due = Math.ceil((Date.now() + 3000) / 1000) * 1000
    const scheduled = await client.post(`/posts/${post.id}/schedule`, { version: post.version, wall: tokyoWall(due), zone: 'Asia/Tokyo' })
    assert.equal(scheduled.state, 'scheduled')
    assert.equal(Date.parse(scheduled.due_at), due)
    assert.equal((await client.delivery(post.id)).state, 'waiting')
    Object.assign(world, { post: post.id, due })
  })

  await test('it_goes_out_at_its_time_and_says_how_late', async () => {
    const sent = await client.reaches(world.post, 'published', 30)
    const late = Date.parse(sent.published_at) - world.due
    assert.ok(late > 0, 'it went out before its time')
    assert.ok(sent.lateness_ms >= 0 && sent.lateness_ms <= late + 5 && sent.lateness_ms < 10_000, `lateness ${sent.lateness_ms} of ${late} ms`)
    console.log(`# ${sent.lateness_ms} ms late, with four pictures, published after ${late} ms`)
    assert.equal((await client.get(`/posts/${world.post}`)).state, 'published')
    world.sent = sent
  })

  await test('another_client_reads_one_valid_record_with_the_facets_its_own_library_would_make', async () => {
    const found = await records(fan, who.did, TEXT)
    assert.equal(found.length, 1)
    world.record = found[0]
    const { value } = found[0]
    assert.equal(AppBskyFeedPost.validateRecord(value).success, true)
    const rich = new RichText({ text: TEXT })
    await rich.detectFacets(fan)
    const plain = (facets) => facets.map((f) => ({ index: { byteStart: f.index.byteStart, byteEnd: f.index.byteEnd }, features: f.features.map((one) => ({ ...one })) }))
      .sort((a, b) => a.index.byteStart - b.index.byteStart)
    const known = rich.facets.filter((facet) => facet.features[0].did !== '') // the library leaves it to its caller to drop names nobody has
    assert.deepEqual(plain(value.facets), plain(known))
    assert.equal(value.facets.length, 3) // the name nobody has stays plain
    assert.deepEqual(value.langs, ['ja'])
  })

  await test('the_pictures_are_there_in_order_with_their_alt_texts_shapes_and_bytes', async () => {
    const { images } = world.record.value.embed
    assert.deepEqual(images.map((one) => one.alt), world.pictures.map((one) => one.alt))
    assert.deepEqual(images.map((one) => [one.aspectRatio.width, one.aspectRatio.height]), world.pictures.map((one) => one.size))
    for (const [i, one] of images.entries()) {
      const { data } = await fan.com.atproto.sync.getBlob({ did: who.did, cid: one.image.ref.toString() })
      assert.ok(Buffer.from(data).equals(world.pictures[i].bytes), `picture ${i + 1} arrived changed`)
    }
  })

  await test('the_address_to_open_it_is_right', async () => {
    assert.equal(world.sent.url, `https://bsky.app/profile/${who.handle}/post/${world.record.uri.split('/').pop()}`)
  })

  await test('somebody_likes_and_answers_and_one_post_is_deleted_on_the_network', async () => {
    const { uri, cid } = world.record
    await fan.like(uri, cid)
    await fan.post({ text: '飲みに行きます', reply: { root: { uri, cid }, parent: { uri, cid } } })
    world.doomed = await client.publish(world.account, '間違えて出した投稿')
    await client.reaches(world.doomed, 'published', 20)
    const [record] = await records(fan, who.did, '間違えて出した投稿')
    const own = await signedIn(stack, who)
    await own.deletePost(record.uri)
  })

  await test('301_graphemes_are_refused_before_scheduling_and_the_draft_stays', async () => {
    const long = '👩‍👩‍👧‍👦'.repeat(100) + 'あ'.repeat(201)
    const post = await client.post('/posts', { text: long, variants: [{ account_id: world.account, text: null }] })
    const [status, reason, sentence] = await client.refused(`/posts/${post.id}/schedule`, { now: true })
    assert.deepEqual([status, reason], [422, 'post.over_limit'])
    assert.match(sentence, /300文字.*301文字.*下書き/)
    assert.equal((await client.get(`/posts/${post.id}`)).state, 'draft')
    assert.equal(await client.delivery(post.id), undefined)
  })

  await test('a_picture_over_the_blob_limit_is_made_smaller_and_goes_out', async () => {
    const big = noise(700, 500, 3)
    assert.ok(big.length > 1_000_000)
    const media = await upload(client, big, 'image/png')
    const text = '大きい写真'
    const post = await client.post('/posts', { text, media: [{ media_id: media.id, alt: '大きい' }], variants: [{ account_id: world.account, text: null }] })
    await client.post(`/posts/${post.id}/schedule`, { version: post.version, now: true })
    await client.reaches(post.id, 'published', 60)
    const [record] = await records(fan, who.did, text)
    const { image, alt } = record.value.embed.images[0]
    assert.equal(alt, '大きい')
    assert.ok(image.size > 0 && image.size <= 1_000_000, `${image.size} bytes`)
  })
}

export async function secondHalf(test, client, world) {
  const reading = async (seconds, is) => {
    let row
    await until('the reading', seconds, async () => {
      row = (await client.get(`/posts/${world.post}/metrics`)).deliveries[0]
      return is(latest(row))
    }).catch((error) => {
      throw new Error(`${error.message}; it is ${JSON.stringify(row)}`)
    })
    return row
  }

  await test('the_first_numbers_are_read_within_about_a_minute', async () => {
    const row = await reading(90, (now) => now.likes !== undefined)
    assert.deepEqual(latest(row), { likes: 1, reposts: 0, replies: 1, quotes: 0, saves: 0 })
    assert.ok(row.series.every((one) => one.state === 'exact'))
    const after = (Date.parse(row.series[0].points[0].at) - Date.parse(world.sent.published_at)) / 1000
    console.log(`# first reading ${after.toFixed(0)} s after publishing`)
    assert.ok(after < 90, `read after ${after} s`)
    await world.fan.repost(world.record.uri, world.record.cid)
  })

  await test('what_happens_later_arrives_with_the_next_reading_and_the_curve_has_two_points', async () => {
    const row = await reading(100, (now) => now.reposts === 1)
    assert.deepEqual(latest(row), { likes: 1, reposts: 1, replies: 1, quotes: 0, saves: 0 })
    assert.ok(row.series.every((one) => one.points.length >= 2))
    assert.equal(row.url, world.sent.url)
  })

  await test('overview_and_today_show_the_same_numbers', async () => {
    const [overview, today] = [await client.get('/overview?days=7'), await client.get('/today')]
    assert.equal(kpi(overview, 'engagements'), 3)
    assert.deepEqual(['likes', 'reposts', 'replies'].map((metric) => overview.days.at(-1)[metric]), [1, 1, 1])
    const top = overview.top[0]
    assert.deepEqual([top.post_id, top.likes, top.reposts, top.replies, top.engagements, top.url], [world.post, 1, 1, 1, 3, world.sent.url])
    assert.equal(kpi(today, 'engagements'), 3)
    assert.ok(today.deliveries.some((one) => one.post_id === world.post && one.state === 'published'))
  })

  await test('the_deleted_post_is_shown_as_gone_and_the_other_is_not', async () => {
    await until('gone', 60, async () => (await client.get(`/posts/${world.doomed}/metrics`)).deliveries[0].is_gone)
    assert.equal((await client.get(`/posts/${world.post}/metrics`)).deliveries[0].is_gone, false)
  })
}

export async function heardEvents(test, client) {
  await test('the_event_stream_told_what_happened', async () => {
    await sleep(300)
    for (const kind of ['account.connected', 'post.scheduled', 'delivery.sending', 'delivery.published'])
      assert.ok(client.heard.includes(kind), `${kind} was not heard: ${[...new Set(client.heard)].join(' ')}`)
  })
}
