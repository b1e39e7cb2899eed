// What the proof of the whole needs: the real program as a process, somebody who talks to it, a picture, and a place between it and the network.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import zlib from 'node:zlib'

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms))

/** Looks until `look` gives something true; what it said last stands in the complaint. */
export async function until(what, seconds, look) {
  const end = Date.now() + seconds * 1000
  let last
  do {
    last = await look()
    if (last) return last
    await sleep(100)
  } while (Date.now() < end)
  throw new Error(`${what}: not within ${seconds} s`)
}

export const freePort = () =>
  new Promise((done) => {
    const server = net.createServer()
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => done(port))
    })
  })

const COMPLAINTS = /AddressSanitizer|LeakSanitizer|UndefinedBehaviorSanitizer|runtime error:|CRITICAL/

/** `hibiki serve` on data of its own; keeps data and port over restarts. */
export class Server {
  constructor(binary) {
    this.binary = binary
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hibiki-whole-'))
    this.log = path.join(this.folder, 'server.log')
  }

  async start() {
    this.port ??= await freePort()
    this.base = `http://127.0.0.1:${this.port}`
    const log = fs.openSync(this.log, 'a')
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HIBIKI_')))
    this.process = spawn(this.binary, ['serve', '--data-dir', this.folder, '--port', String(this.port), '--allow-private-services', 'yes', '--log-level', 'warn'],
      { stdio: ['ignore', log, log], env })
    this.ended = new Promise((done) => this.process.on('exit', (code, signal) => done(signal ?? code)))
    fs.closeSync(log)
    await until('the server answers', 30, () => fetch(`${this.base}/api/v1/about`).then((r) => r.ok, () => false))
    return this
  }

  async kill() {
    this.process.kill('SIGKILL')
    await this.ended
  }

  /** Ends it in order; a complaint of a sanitizer or an ugly end is an error. */
  async stop() {
    this.process.kill('SIGTERM')
    const code = await this.ended
    const text = fs.readFileSync(this.log, 'utf8')
    fs.rmSync(this.folder, { recursive: true, force: true })
    if (code !== 0 || COMPLAINTS.test(text)) throw new Error(`the server ended with ${code}:\n${text.slice(-6000)}`)
  }
}

/** Somebody with a session. */
export class Client {
  constructor(server) {
    this.server = server
  }

  async send(method, address, body, type = 'application/json') {
    const headers = { 'Accept-Language': 'ja' }
    if (this.cookie) headers.Cookie = this.cookie
    if (this.csrf) headers['X-CSRF-Token'] = this.csrf
    if (body !== undefined) headers['Content-Type'] = type
    const data = body === undefined ? undefined : type === 'application/json' ? JSON.stringify(body) : body
    const reply = await fetch(this.server.base + address, { method, headers, body: data })
    const cookie = reply.headers.get('set-cookie')
    if (cookie) this.cookie = cookie.split(';')[0]
    const text = await reply.text()
    return { status: reply.status, json: text ? JSON.parse(text) : null }
  }

  async call(method, address, body, type) {
    const reply = await this.send(method, address, body, type)
    if (reply.status >= 300) throw new Error(`${method} ${address}: ${reply.status} ${JSON.stringify(reply.json)}`)
    return reply.json
  }

  async setUp(draft) {
    const session = await this.call('POST', '/api/v1/setup', draft)
    this.csrf = session.csrf
    this.at = `/api/v1/workspaces/${session.workspaces[0].workspace_id}`
    return session
  }

  get(what) {
    return this.call('GET', this.at + what)
  }

  post(what, body, type) {
    return this.call('POST', this.at + what, body, type)
  }

  /** What the network refused, or we: [status, reason, sentence]. */
  async refused(what, body) {
    const reply = await this.send('POST', this.at + what, body)
    return [reply.status, reply.json.reason, reply.json.detail]
  }

  connect(who, service) {
    return this.post('/accounts', { network: 'bluesky', service, handle: who.handle, password: who.appPassword })
  }

  async publish(account, text, when = { now: true }) {
    const post = await this.post('/posts', { text, variants: [{ account_id: account, text: null }] })
    await this.post(`/posts/${post.id}/schedule`, when)
    return post.id
  }

  async delivery(post) {
    return (await this.get(`/deliveries?post=${post}`)).deliveries[0]
  }

  reaches(post, state, seconds = 60) {
    return until(`the delivery is ${state}`, seconds, async () => {
      const found = await this.delivery(post)
      return found?.state === state && found
    }).catch(async (error) => {
      throw new Error(`${error.message}; it is ${JSON.stringify(await this.delivery(post))}`)
    })
  }

  async steps(post) {
    const detail = await this.get(`/deliveries/${(await this.delivery(post)).id}`)
    return detail.steps.map((step) => step.what)
  }

  /** Collects the names of what the event stream says. */
  async listen() {
    this.heard = []
    const reply = await fetch(`${this.server.base}${this.at}/events`, { headers: { Cookie: this.cookie } })
    const read = async () => {
      let rest = ''
      for await (const piece of reply.body.pipeThrough(new TextDecoderStream())) {
        const lines = (rest + piece).split('\n')
        rest = lines.pop()
        this.heard.push(...lines.filter((line) => line.startsWith('event: ')).map((line) => line.slice(7)))
      }
    }
    read().catch(() => {}) // ends with the server
  }
}

/** Stands before the account server. `next` says what happens to the next publishing call: it is cut before or after it arrived, or its answer
 * is kept back. `spoil` damages access tokens on the way, as if the server no longer knew them. */
export class Detour {
  constructor(port, upstream) {
    this.port = port
    this.upstream = Number(new URL(upstream).port)
    this.sockets = new Set()
    this.next = null
    this.spoil = false
    this.n_met = 0
  }

  async open() {
    this.server = net.createServer((client) => this.pass(client))
    await new Promise((done) => this.server.listen(this.port, '127.0.0.1', done))
  }

  async close() {
    if (!this.server) return
    for (const socket of this.sockets) socket.destroy()
    await new Promise((done) => this.server.close(done))
    this.server = null
  }

  pass(client) {
    const server = net.connect(this.upstream, '127.0.0.1')
    let fate = null
    for (const socket of [client, server]) {
      this.sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        this.sockets.delete(socket)
        client.destroy()
        server.destroy()
      })
    }
    client.on('data', (bytes) => {
      if (this.next && bytes.includes('POST /xrpc/com.atproto.repo.putRecord')) {
        fate = this.next
        this.next = null
        if (fate === 'cut_before') this.n_met++
        if (fate === 'cut_before') return void client.destroy()
      }
      server.write(this.spoil ? damage(bytes) : bytes)
    })
    server.on('data', (bytes) => {
      if (!fate) return void client.write(bytes)
      this.n_met++
      if (fate === 'cut_after') client.destroy()
    })
  }
}

/** One letter of the signature of an access token is another; everything keeps its length. Refresh tokens pass as they are. */
function damage(bytes) {
  const text = bytes.toString('latin1')
  if (text.includes('refreshSession')) return bytes
  return Buffer.from(text.replace(/(Authorization: Bearer [^\r]{40,}?)(.)(.{8}\r\n)/i, (_, a, b, c) => a + (b === 'A' ? 'B' : 'A') + c), 'latin1')
}

/* --- pictures -------------------------------------------------------------------------------------------- */
const CRC = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1
  return n >>> 0
})
function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data])
  let crc = 0xffffffff
  for (const byte of body) crc = CRC[(crc ^ byte) & 255] ^ (crc >>> 8)
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(data.length)
  body.copy(out, 4)
  out.writeUInt32BE((crc ^ 0xffffffff) >>> 0, body.length + 4)
  return out
}

/** A PNG of seeded noise: `width` × `height` × 3 bytes that do not compress. */
export function noise(width, height, seed) {
  const rows = Buffer.alloc(height * (1 + 3 * width))
  let state = seed >>> 0 || 1
  for (let y = 0; y < height; y++)
    for (let x = 0; x < 3 * width; x++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      rows[y * (1 + 3 * width) + 1 + x] = state >>> 24
    }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', head), chunk('IDAT', zlib.deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}
