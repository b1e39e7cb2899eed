// What the tests of the practice faces with the networks' own client libraries share: one face as a process, its control door, tests that
// run in order and print TAP.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'

// The client every face knows.
export const client = { id: 'practice-client', secret: 'practice-secret' }
export const accounts = [{ id: '1001', handle: 'hibiki', name: '喫茶ひびき' }, { id: '1002', handle: 'nene', name: 'ねね' }]

// Where the published descriptions of the networks lie; undefined: not on this machine.
export const specs = [process.env.HIBIKI_SPECS, path.resolve(import.meta.dirname, '../../../shared/specs')].find((dir) => dir && fs.existsSync(dir))

export async function startFace(program, network) {
  const server = spawn(program, [network], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = await once(server.stdout, 'data')
  const url = String(line).trim()
  return {
    url,
    stop: () => server.stdin.end(),
    async control(what, body) {
      const reply = await fetch(`${url}/practice/${what}`, body ? { method: 'POST', body: JSON.stringify(body) } : {})
      assert.equal(reply.status, 200)
      return reply.json()
    },
    // The network's page as a person clicks through it: the query of the address it sends back to.
    async walk(authorizeUrl, handle = accounts[0].handle) {
      const reply = await fetch(`${authorizeUrl}&practice_account=${handle}`, { redirect: 'manual' })
      assert.ok([302, 303].includes(reply.status), `the page answered ${reply.status}`)
      return new URL(reply.headers.get('location')).searchParams
    },
  }
}

// Hears webhooks: url, and next() for the next {headers, body}.
export async function startEar() {
  const heard = []
  const waiting = []
  const server = http.createServer(async (request, response) => {
    const parts = []
    for await (const part of request) parts.push(part)
    const call = { headers: request.headers, body: Buffer.concat(parts).toString() }
    response.end()
    const next = waiting.shift()
    if (next) next(call)
    else heard.push(call)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${server.address().port}/hook`,
    next: () => (heard.length ? Promise.resolve(heard.shift()) : new Promise((done) => waiting.push(done))),
    stop: () => server.close(),
  }
}

export async function runTests(name, tests) {
  let failed = 0
  for (const [i, [test, run]] of Object.entries(tests).entries()) {
    try {
      const skipped = await run()
      console.log(`ok ${i + 1} /${name}/${test}${typeof skipped === 'string' ? ` # SKIP ${skipped}` : ''}`)
    } catch (e) {
      failed++
      console.log(`not ok ${i + 1} /${name}/${test}\n# ${String(e.stack ?? e).replaceAll('\n', '\n# ')}`)
    }
  }
  return failed ? 1 : 0
}
