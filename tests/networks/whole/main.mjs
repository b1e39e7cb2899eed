// Issue 2's main job, end to end: the real program, the real Bluesky servers, the official client as the other side.
// Usage: node main.mjs STACK_JSON HIBIKI_BINARY; prints TAP. The day over the API, the faults, and the day by hand run side by side, as the first numbers take a minute.
import { existsSync, readFileSync } from 'node:fs'
import { firstHalf, heardEvents, secondHalf } from './day.mjs'
import { faults } from './faults.mjs'
import { Client, Server } from './tools.mjs'

const stack = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const binary = process.argv[3]
let n = 0
let failed = 0

async function test(name, run) {
  const began = Date.now()
  try {
    await run()
    console.log(`ok ${++n} /whole/${name}`)
  } catch (error) {
    failed++
    console.log(`not ok ${++n} /whole/${name} (${Date.now() - began} ms)\n# ${String(error.stack ?? error).replaceAll('\n', '\n# ')}`)
  }
}

async function overTheApi() {
  const server = await new Server(binary).start()
  const client = new Client(server)
  const world = {}
  await firstHalf(test, stack, client, world)
  await heardEvents(test, client)
  await faults(test, stack, client, world)
  await secondHalf(test, client, world)
  await test('the_server_ends_in_order_without_a_complaint', () => server.stop())
  await world.detour.close()
}

async function inTheBrowser() {
  if (!existsSync(process.env.CHROMIUM ?? '/usr/bin/chromium')) return console.log(`ok ${++n} /whole/by_hand # SKIP needs Debian's chromium`)
  const { byHand } = await import('./browser.mjs')
  await byHand(test, stack, binary)
}

const halves = await Promise.allSettled([overTheApi(), inTheBrowser()])
for (const half of halves.filter((one) => one.status === 'rejected')) await test('ran_to_its_end', () => Promise.reject(half.reason))
process.exit(failed ? 1 : 0)
