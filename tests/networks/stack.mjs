// The real Bluesky network on loopback: directory (PLC), account servers (PDS; a second one with rate limits on), index (AppView).
//
// Usage: node stack.mjs POSTGRES_URL REDIS_HOST:PORT FOLDER: prints one line of JSON (addresses, accounts) when everything answers, then
// serves until its standard input ends. All ports are free ones on 127.0.0.1. Tests talk XRPC to it directly.
import net from 'node:net'
import fs from 'node:fs'
import path from 'node:path'
import { createRequire } from 'node:module'

// The servers listen on every interface by default; here nothing leaves the machine.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (...args) {
  if (typeof args[0] === 'number' || (typeof args[0] === 'string' && /^\d+$/.test(args[0]))) args.splice(1, typeof args[1] === 'string' ? 1 : 0, '127.0.0.1')
  return listen.apply(this, args)
}
process.env.LOG_ENABLED ??= 'false'

const [dbPostgresUrl, redisHost, home] = process.argv.slice(2)
if (!home) {
  console.error('usage: node stack.mjs POSTGRES_URL REDIS_HOST:PORT FOLDER')
  process.exit(2)
}
const require = createRequire(import.meta.url)
const { TestPlc, TestBsky, TestPds, mockNetworkUtilities } = require('@atproto/dev-env')
const { JWT_SECRET } = require('@atproto/dev-env/dist/const.js')
const { AtpAgent } = require('@atproto/api')

const freePort = () =>
  new Promise((done) => {
    const server = net.createServer()
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => done(port))
    })
  })

const store = (name) => ({ dataDirectory: dir(name), blobstoreDiskLocation: dir(`${name}-blobs`), blobstoreDiskTmpLocation: dir(`${name}-tmp`) })
const dir = (name) => {
  const out = path.join(home, name)
  fs.mkdirSync(out, { recursive: true })
  return out
}

const pdsPort = await freePort()
const modServiceDid = 'did:example:mod'
const plc = await TestPlc.create({ port: await freePort() })
const bsky = await TestBsky.create({
  port: await freePort(), plcUrl: plc.url, pdsPort, repoProvider: `ws://localhost:${pdsPort}`, dbPostgresSchema: 'bsky',
  dbPostgresUrl, redisHost, modServiceDid, labelsFromIssuerDids: [],
})
const common = { hostname: 'localhost', didPlcUrl: plc.url, modServiceUrl: 'http://localhost:1', modServiceDid, inviteRequired: false }
const pds = await TestPds.create({ ...common, ...store('pds'), port: pdsPort, bskyAppViewUrl: bsky.url, bskyAppViewDid: bsky.ctx.cfg.serverDid })
mockNetworkUtilities(pds, bsky)
const limited = await TestPds.create({ ...common, ...store('limited'), port: await freePort(), rateLimitsEnabled: true })

async function makeAccount(server, name) {
  const agent = new AtpAgent({ service: server.url })
  await agent.createAccount({ handle: `${name}.test`, email: `${name}@example.com`, password: `${name}-main-password` })
  const made = await agent.com.atproto.server.createAppPassword({ name: 'hibiki' })
  return { handle: `${name}.test`, did: agent.session.did, password: `${name}-main-password`, appPassword: made.data.password }
}
// One account lives behind a detour: its identity document names a port nobody listens on yet, where a test can stand between.
async function makeDetour(name) {
  const account = await makeAccount(pds, name)
  const port = await freePort()
  await pds.ctx.plcClient.updatePds(account.did, pds.ctx.plcRotationKey, `http://127.0.0.1:${port}`)
  return { ...account, port }
}
const accounts = {
  hibiki: await makeAccount(pds, 'hibiki'), fan: await makeAccount(pds, 'fan'), hurried: await makeAccount(limited, 'hurried'),
  roaster: await makeAccount(pds, 'roaster'), yuki: await makeAccount(pds, 'yuki'), kissa: await makeAccount(pds, 'kissa'), detour: await makeDetour('detour'),
}

console.log(JSON.stringify({ pds: `http://127.0.0.1:${pds.port}`, limited: `http://127.0.0.1:${limited.port}`, appview: bsky.url, plc: plc.url,
  jwtSecret: JWT_SECRET, accounts }))

process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
