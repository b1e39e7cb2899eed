// Holds a face's answers against a network's published OpenAPI description: every answer of fetch that the description knows is checked.
//
// What plain JSON Schema does not say is translated first: a discriminator chooses among schemas that themselves build on the one that holds
// it, so that one comes twice: with the choice, and bare for those who build on it.
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const Ajv2020 = require('ajv/dist/2020').default

function walk(node, visit) {
  if (!node || typeof node !== 'object') return
  visit(node)
  for (const child of Object.values(node)) walk(child, visit)
}

function translate(doc) {
  const schemas = doc.components?.schemas ?? {}
  for (const [name, schema] of Object.entries(schemas)) {
    if (!schema?.discriminator?.mapping) continue
    const { discriminator, ...bare } = schema
    schemas[`${name}.bare`] = bare
    schemas[name] = { allOf: [{ $ref: `#/components/schemas/${name}.bare` }, ...Object.entries(discriminator.mapping).map(([value, ref]) => ({
      if: { properties: { [discriminator.propertyName]: { const: value } }, required: [discriminator.propertyName] }, then: { $ref: ref } }))] }
  }
  for (const [name, schema] of Object.entries(schemas)) {
    if (schemas[`${name}.bare`]) continue
    for (const part of schema?.allOf ?? []) if (part.$ref && schemas[`${part.$ref.split('/').pop()}.bare`]) part.$ref += '.bare'
  }
  walk(doc, (node) => {
    delete node.discriminator
    if (node.nullable && node.type) node.type = [node.type, 'null'].flat()
    delete node.nullable
  })
  return doc
}

const escape = (part) => part.replaceAll('~', '~0').replaceAll('/', '~1')

export function openApi(docs) {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true, validateSchema: false })
  const routes = []
  docs.forEach((doc, i) => {
    const key = `doc${i}`
    ajv.addSchema(translate(doc), key)
    for (const [path, item] of Object.entries(doc.paths))
      routes.push({ key, doc, path, item, n: (path.match(/{/g) ?? []).length, fits: new RegExp(`^${path.replace(/[.+]/g, '\\$&').replace(/{[^}]+}/g, '[^/]+')}$`) })
  })
  routes.sort((a, b) => a.n - b.n) // a plain path before one with parameters
  const made = new Map()
  const validator = (ref) => made.get(ref) ?? made.set(ref, ajv.compile({ $ref: ref })).get(ref)
  const errorsOf = (validate, body) => (validate(body) ? [] : validate.errors.map((e) => `${e.instancePath || '/'} ${e.message}`))
  return {
    // Errors of a value against a named schema of the i-th document.
    schema: (i, name, value) => errorsOf(validator(`doc${i}#/components/schemas/${name}`), value),
    // Errors of an answer; undefined: the description does not know it.
    answer(method, path, status, body) {
      const route = routes.find((r) => r.item[method] && r.fits.test(path))
      const responses = route?.item[method].responses
      const code = [String(status), `${String(status)[0]}XX`, 'default'].find((c) => responses?.[c])
      if (!code) return undefined
      let at = `#/paths/${escape(route.path)}/${method}/responses/${code}`
      let response = responses[code]
      if (response.$ref) {
        at = response.$ref
        response = at.slice(2).split('/').reduce((node, part) => node[part.replaceAll('~1', '/').replaceAll('~0', '~')], route.doc)
      }
      return response.content?.['application/json']?.schema ? errorsOf(validator(`${route.key}${at}/content/application~1json/schema`), body) : []
    },
  }
}

// Watches fetch: n counts the answers that were checked, problems holds what did not fit.
export function watchFetch(origin, api) {
  const plain = globalThis.fetch
  const seen = { n: 0, problems: [], unknown: new Set() }
  globalThis.fetch = async (input, init) => {
    const reply = await plain(input, init)
    const url = new URL(input.url ?? input)
    if (url.origin !== origin || url.pathname.startsWith('/practice/') || !api) return reply
    const method = (init?.method ?? input.method ?? 'GET').toLowerCase()
    const text = await reply.clone().text()
    let body
    try {
      body = JSON.parse(text)
    } catch {
      body = undefined
    }
    const errors = api.answer(method, url.pathname, reply.status, body)
    if (errors) seen.n++
    else if (reply.ok) seen.unknown.add(`${method} ${url.pathname} ${reply.status}`)
    for (const error of errors ?? []) seen.problems.push(`${method} ${url.pathname} ${reply.status}: ${error}`)
    return reply
  }
  return seen
}
