// Stands between a client and a face, passes everything on and keeps what was asked and answered, so that both can be held against a network's
// published description.
import http from 'node:http'
import { once } from 'node:events'

export async function startRelay(target) {
  const calls = []
  const server = http.createServer(async (request, response) => {
    const parts = []
    for await (const part of request) parts.push(part)
    const body = Buffer.concat(parts)
    const headers = { ...request.headers }
    delete headers.host
    delete headers['transfer-encoding']
    delete headers.expect
    headers['content-length'] = String(body.length)
    const onward = http.request(new URL(request.url, target), { method: request.method, headers }, async (answer) => {
      const back = []
      for await (const part of answer) back.push(part)
      const text = Buffer.concat(back)
      if (answer.headers.location) answer.headers.location = answer.headers.location.replace(target, relay.url)
      calls.push({ method: request.method, url: new URL(request.url, target), headers: request.headers, body, status: answer.statusCode, answerHeaders: answer.headers, answer: text })
      delete answer.headers['transfer-encoding']
      answer.headers['content-length'] = String(text.length)
      response.writeHead(answer.statusCode, answer.headers)
      response.end(text)
    })
    onward.on('error', () => response.destroy())
    onward.end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const relay = { url: `http://127.0.0.1:${server.address().port}`, calls, stop: () => server.close() }
  return relay
}
