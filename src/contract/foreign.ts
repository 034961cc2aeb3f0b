import { type Api, type Operation, Part } from '../model/index.ts'
import { type Ask, type Ground, successes } from './case.ts'
import { withMember } from './text.ts'
import { asThing, type Thing } from './thing.ts'

/** A name for what is sent where nobody asked for it. */
const chosen = 'contrato-chosen'

/**
 * Valid bodies with members that are not for the client to say: those that only answers have, those that the path says
 * already, and what every object would inherit. What comes back has to be as it is without them.
 */
export function foreignMembers(ground: Ground): Ask[] {
  const { body, operation, valid, resource, isRefused } = ground
  const sent = asThing(body?.value)
  if (body === undefined || sent === undefined) return []
  const text = Buffer.from(valid.body).toString()
  const taken = new Set([...propertiesOf(body.part).keys(), ...Object.keys(sent)])
  const free = (names: Thing): Thing => Object.fromEntries(Object.entries(names).filter(([name]) => !taken.has(name)))
  const inPath = operation.parameters.filter(({ in: place }) => place === 'path').map(({ name }) => [name, chosen])
  const ask = (says: string, members: Thing): Ask[] => {
    const request = { ...valid, body: Buffer.from(withMember(text, JSON.stringify(members).slice(1, -1)) ?? text) }
    // Where the document refuses it, it may document no refusal.
    return Object.keys(members).length === 0 ? [] : [{ says, request, expects: [], outside: isRefused(request) }]
  }
  const id = resource === undefined ? {} : free({ [resource.id]: chosen })
  return [
    ...ask('members that only answers have', free(misfits(ground.api, operation))),
    ...ask('members with the names of the path', free(Object.fromEntries(inPath))),
    ...ask('an id of its own', id),
    ...ask('an id of its own once more', id),
    ...inherited(ground, sent),
  ]
}

/** The names of the path and of the body again in the query, with other values. */
export function foreignQuery({ operation, valid, known, body }: Ground): Ask[] {
  if (operation.method === 'DELETE') return []
  const documented = new Set(operation.parameters.filter(({ in: place }) => place !== 'path').map(({ name }) => name))
  const inPath = operation.parameters
    .filter(({ in: place, name }) => place === 'path' && !documented.has(name) && known.get(name) !== chosen)
    .map(({ name }) => name)
  const members = Object.keys(asThing(body?.value) ?? {}).filter(name => !documented.has(name))
  const ask = (says: string, names: readonly string[]): Ask[] => {
    const pairs = names.map(name => `${encodeURIComponent(name)}=${chosen}`)
    const target = `${valid.target}${valid.target.includes('?') ? '&' : '?'}${pairs.join('&')}`
    return names.length === 0 ? [] : [{ says, request: { ...valid, target }, expects: [] }]
  }
  return [...ask('the names of the path in the query', inPath), ...ask('the names of the body in the query', members)]
}

/** What is required alone, beside a `__proto__` with the rest; and then without it, when nothing of it may be left. */
function inherited(ground: Ground, sent: Thing): Ask[] {
  const { body, valid, isRefused } = ground
  if (body === undefined) return []
  const properties = propertiesOf(body.part)
  const required = [body.part.get('required')?.value].flat()
  const least = Object.fromEntries(Object.entries(sent).filter(([name]) => required.includes(name)))
  const base = body.schema.accepts(least) ? least : sent
  const rest = [...properties].flatMap(([name, part]) => {
    const type = part.get('type')?.value
    const value = type === 'boolean' ? part.get('default')?.value !== true : type === 'string' ? chosen : undefined
    return value === undefined || Object.hasOwn(base, name) ? [] : [[name, value] as const]
  })
  const prototype = JSON.stringify({ polluted: true, ...Object.fromEntries(rest) })
  const text = JSON.stringify(base)
  const request = { ...valid, body: Buffer.from(withMember(text, `"__proto__":${prototype}`) ?? text) }
  const outside = isRefused(request)
  const after = { ...valid, body: Buffer.from(text) }
  return [
    { says: '__proto__ as a name', request, expects: [], outside },
    { says: 'a valid request after __proto__', request: after, expects: successes(ground) },
  ]
}

/** The members that answers of success have, each with a value of another type. */
function misfits(api: Api, { responses }: Operation): Thing {
  const schema = responses.find(({ status }) => /^2/.test(status))?.content.find(content => content.schema)?.schema
  const part = schema && Part.of(api.document.root).at(schema.pointer)
  const types = (each: Part): readonly unknown[] => [each.get('type')?.value].flat()
  return Object.fromEntries(
    [...propertiesOf(part)].map(([name, each]) => [name, types(each).includes('string') ? 7 : chosen]),
  )
}

function propertiesOf(part: Part | undefined, depth = 0): ReadonlyMap<string, Part> {
  if (part === undefined || depth > 3) return new Map()
  const parts = [...(part.get('allOf')?.entries() ?? [])]
  const inherited = parts.flatMap(([, each]) => [...propertiesOf(each, depth + 1)])
  return new Map([...inherited, ...(part.get('properties')?.entries() ?? [])])
}
