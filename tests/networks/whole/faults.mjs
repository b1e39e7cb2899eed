// What goes wrong between Hibiki and the real network. What counts is what the network holds afterwards: each post exactly once.
import assert from 'node:assert/strict'
import { records, signedIn } from './day.mjs'
import { Detour, until } from './tools.mjs'

export async function faults(test, stack, client, world) {
  const who = stack.accounts.detour
  const own = await signedIn(stack, who)
  const detour = new Detour(who.port, stack.pds)
  const once = async (text) => assert.equal((await records(own, who.did, text)).length, 1, `${text}: how often it is on the network`)
  let account

  const armed = async (fate, text) => {
    const before = detour.n_met
    detour.next = fate
    const post = await client.publish(account, text)
    await until('the fault is met', 20, () => detour.n_met > before)
    return post
  }

  await test('an_account_whose_identity_names_another_server_connects', async () => {
    await detour.open()
    account = (await client.connect(who, `http://127.0.0.1:${who.port}`)).id
  })

  await test('a_post_due_while_the_server_is_down_goes_out_once_when_it_is_back', async () => {
    await detour.close()
    const post = await client.publish(account, 'サーバーが落ちている間の投稿')
    const waiting = await until('a failed try', 20, async () => {
      const row = await client.delivery(post)
      return row.state === 'waiting' && row.error && row
    })
    assert.equal(waiting.next_action, 'wait')
    assert.ok(waiting.next_at)
    await detour.open()
    const row = await client.reaches(post, 'published', 40)
    assert.ok(row.lateness_ms > 1000, `lateness ${row.lateness_ms}`)
    await once('サーバーが落ちている間の投稿')
  })

  await test('a_call_cut_after_it_arrived_is_unknown_then_found', async () => {
    const post = await armed('cut_after', '返事の切れた投稿')
    await client.reaches(post, 'unknown', 10)
    await client.reaches(post, 'published', 30)
    const steps = await client.steps(post)
    assert.ok(steps.includes('unknown') && steps.includes('read_back') && steps.at(-1) === 'published', steps.join(' '))
    await once('返事の切れた投稿')
  })

  await test('a_call_cut_before_it_arrived_goes_out_once', async () => {
    const post = await armed('cut_before', '届かなかった投稿')
    await client.reaches(post, 'published', 40)
    await once('届かなかった投稿')
  })

  await test('killed_while_the_network_has_the_post_but_not_we_the_answer', async () => {
    const post = await armed('keep_answer', '送信中に止められた投稿')
    await client.server.kill()
    await client.server.start()
    await client.reaches(post, 'published', 60)
    await once('送信中に止められた投稿')
    await client.listen()
  })

  await test('killed_with_five_posts_on_their_way_each_is_out_once', async () => {
    const texts = Array.from({ length: 5 }, (_, i) => `一斉に出る投稿 ${i + 1}`)
    const at = new Date(Date.now() + 1500).toISOString()
    const posts = []
    for (const text of texts) posts.push(await client.publish(account, text, { at }))
    detour.next = 'keep_answer'
    await until('the first is on its way', 20, () => detour.next === null)
    await client.server.kill()
    await client.server.start()
    for (const post of posts) await client.reaches(post, 'published', 60)
    for (const text of texts) await once(text)
    await client.listen()
  })

  await test('a_withdrawn_app_password_asks_for_a_person_and_the_post_goes_out_after_reconnecting', async () => {
    await own.com.atproto.server.revokeAppPassword({ name: 'hibiki' })
    detour.spoil = true // the access token too is no longer known
    const post = await client.publish(account, '再接続のあとの投稿')
    const state = () => client.get('/accounts').then(({ accounts }) => accounts.find((one) => one.id === account).state)
    await until('the account asks for a person', 30, async () => (await state()) === 'needs_reconnect')
    const waiting = await client.delivery(post)
    assert.deepEqual([waiting.state, waiting.next_action], ['waiting', 'reconnect'])
    assert.ok((await client.get('/today')).tasks.some((task) => task.kind === 'reconnect'))
    detour.spoil = false
    const [status, reason] = await client.refused(`/accounts/${account}/reconnect`, { password: who.appPassword })
    assert.deepEqual([status, reason], [422, 'accounts.refused'])
    const fresh = await own.com.atproto.server.createAppPassword({ name: 'hibiki-2' })
    await client.post(`/accounts/${account}/reconnect`, { password: fresh.data.password })
    await client.reaches(post, 'published', 30)
    assert.equal(await state(), 'ok')
    await once('再接続のあとの投稿')
  })
  world.detour = detour
}
