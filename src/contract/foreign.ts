import { type Api, type Operation, Part, percentEncoded } from '../model/index.ts'
import { type Ask, type Ground, successes } from './case.ts'
import { withMember } from './text.ts'
import { asThing, type Thing } from './thing.ts'

/** A name for what is sent where nobody asked for it. */
const chosen = 'contrato-chosen'

/** So deep in an answer members are looked for. */
const deepest = 1

/**
 * Valid bodies with members that are not for the client to say: those that only answers have, those that the path says
 * already, and what every object would inherit. What comes back has to be as it is without them.
 */
export function foreignMembers(ground: Ground): Ask[] {
  const { body, operation, valid, resource, isRefused } = ground
  const sent = asThing(body?.value)
  if (body === undefined || sent === undefined) return []
  const text = Buffer.from(valid.body).toString()
  // What only answers have may be described all the same.
  const described = [...propertiesOf(body.part)].flatMap(([name, part]) => (part.is('readOnly') ? [] : [name]))
  const taken = new Set([...described, ...Object.keys(sent)])
  const free = (names: Thing): Thing => Object.fromEntries(Object.entries(names).filter(([name]) => !taken.has(name)))
  const inPath = operation.parameters.filter(({ in: place }) => place === 'path').map(({ name }) => [name, chosen])
  const ask = (says: string, members: Thing): Ask[] => {
    const request = { ...valid, body: Buffer.from(withMember(text, JSON.stringify(members).slice(1, -1)) ?? text) }
    // Where the document refuses it, it may document no refusal.
    return Object.keys(members).length === 0 ? [] : [{ says, request, expects: [], outside: isRefused(request) }]
  }
  const id = resource === undefined ? {} : free({ [resource.id]: chosen })
  return [
    ...ask('members that only answers have', free(misfits(answerOf(ground.api, operation)))),
    ...ask('members that only answers have, of their types', free(fits(answerOf(ground.api, operation), resource?.id))),
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
    const pairs = names.map(name => `${percentEncoded(name)}=${chosen}`)
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

/** The schema of what is answered with success. */
function answerOf(api: Api, { responses }: Operation): Part | undefined {
  const schema = responses.find(({ status }) => /^2/.test(status))?.content.find(content => content.schema)?.schema
  return schema && Part.of(api.document.root).at(schema.pointer)
}

/** The members that answers have, each with a value of another type; of what they hold, its members. */
function misfits(part: Part | undefined, depth = 0): Thing {
  return Object.fromEntries(
    [...propertiesOf(part)].map(([name, each]) => {
      const inner = depth < deepest ? misfits(each, depth + 1) : {}
      if (Object.keys(inner).length > 0) return [name, inner]
      return [name, typesOf(each).includes('string') ? 7 : chosen]
    }),
  )
}

/**
 * The members that answers have, each with a value of its type, apart from one; what was made before is later than what was
 * changed after, so that it shows when one of them is taken.
 */
function fits(part: Part | undefined, without: string | undefined, depth = 0): Thing {
  const members = [...propertiesOf(part)].flatMap(([name, each]): (readonly [string, unknown])[] => {
    if (name === without) return []
    const inner = depth < deepest ? fits(each, undefined, depth + 1) : {}
    if (Object.keys(inner).length > 0) return [[name, inner]]
    const value = fitting(name, each)
    return value === undefined ? [] : [[name, value]]
  })
  return Object.fromEntries(members)
}

function fitting(name: string, part: Part): unknown {
  const [type] = typesOf(part)
  const listed = part.get('enum')?.value
  if (Array.isArray(listed)) return listed.at(-1)
  if (type === 'boolean') return part.get('default')?.value !== true
  if (type === 'integer' || type === 'number') return 7
  if (type !== 'string') return undefined
  const format = part.text('format')
  if (format === 'date-time') return /updat|modif|chang/i.test(name) ? '2001-01-01T00:00:00Z' : '2199-01-01T00:00:00Z'
  if (format === 'uuid') return '00000000-0000-4000-8000-00000000c0de'
  return format === undefined ? chosen : undefined
}

function typesOf(part: Part): readonly unknown[] {
  return [part.get('type')?.value].flat()
}

function propertiesOf(part: Part | undefined, depth = 0): ReadonlyMap<string, Part> {
  if (part === undefined || depth > 3) return new Map()
  const parts = ['allOf', ...(depth > 0 ? [] : ['oneOf', 'anyOf'])].flatMap(keyword => [
    ...(part.get(keyword)?.entries() ?? []),
  ])
  const inherited = parts.flatMap(([, each]) => [...propertiesOf(each, depth + 1)])
  return new Map([...inherited, ...(part.get('properties')?.entries() ?? [])])
}
