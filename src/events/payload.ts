import { exitCodes, type Finding, Trouble } from '../finding/index.ts'
import { hash, sample } from '../generate/index.ts'
import { isJson, parseMediaType } from '../http/index.ts'
import { type Api, type Callback, type Content, dotted, Part, SchemaUnusable } from '../model/index.ts'

/** What a payload is made of. */
export type PayloadOptions = {
  /** Members to put into it: objects are joined, everything else is replaced. */
  readonly data?: unknown
  /** Places to set, as `data.items[0].name`. */
  readonly set?: readonly { readonly path: string; readonly value: unknown }[]
  /** Makes one up instead of taking an example. */
  readonly dynamic?: boolean
  /** Sends what the document does not allow. */
  readonly unchecked?: boolean
  readonly seed: string
}

export type Payload = { readonly content: Content; readonly value: unknown }

/**
 * The payload of an event: an example or a made-up one, with what was given put into it.
 *
 * @returns `undefined` when the event has none
 * @throws Trouble with exit code 2 and findings when the document does not allow it
 */
export function payloadFor(api: Api, callback: Callback, options: PayloadOptions): Payload | undefined {
  const contents = callback.operation.requestBody?.content ?? []
  const content = contents.find(({ mediaType }) => isJson(parseMediaType(mediaType)?.essence ?? '')) ?? contents[0]
  if (content === undefined) return undefined
  let value = structuredClone(originOf(api, content, options))
  if (options.data !== undefined) value = joined(value, options.data)
  for (const { path, value: wanted } of options.set ?? []) value = withPlace(value, placeOf(path), wanted, path)
  const findings = options.unchecked === true ? [] : faultsOf(api, callback, content, value)
  if (findings.length === 0) return { content, value }
  const [{ message, position } = { message: '' }] = findings
  const place = position === undefined ? '' : ` (${position.file}:${position.line}:${position.column})`
  throw new Trouble(
    exitCodes.unusable,
    `The payload is not what the document says: ${message}${place}`,
    'Correct data or set, or send it all the same with unchecked.',
    findings,
  )
}

function originOf(api: Api, { schema, examples }: Content, { dynamic, seed }: PayloadOptions): unknown {
  const isGood = (value: unknown): boolean => {
    try {
      return schema === undefined || schema.accepts(value)
    } catch (error) {
      if (error instanceof SchemaUnusable) return true
      throw error
    }
  }
  const example = dynamic === true ? undefined : examples.find(({ value }) => isGood(value))
  if (example !== undefined || schema === undefined) return example?.value ?? {}
  const part = Part.of(api.document.root).at(schema.pointer)
  const made = part && sample(schema, part, hash(seed, schema.pointer), { examples: dynamic !== true })
  return made?.kind === 'made' ? made.value : (made?.nearest ?? {})
}

function faultsOf(api: Api, { name, operation }: Callback, { schema }: Content, value: unknown): Finding[] {
  if (schema === undefined) return []
  try {
    return schema.mismatches(value).map(({ at, says, pointer }) => ({
      code: 'event-invalid',
      severity: 'error',
      operation: operation.part.text('operationId') ?? name,
      message: `${name}: ${at === '' ? 'the payload' : dotted(at)} ${says}`,
      help: 'Send what the schema says, or correct the schema.',
      ...(pointer !== undefined && { pointer, position: api.document.locate(pointer) }),
    }))
  } catch (error) {
    if (error instanceof SchemaUnusable) return []
    throw error
  }
}

function joined(value: unknown, data: unknown): unknown {
  if (!isObject(value) || !isObject(data)) return data
  const both = { ...value }
  for (const [name, member] of Object.entries(data)) put(both, name, joined(own(both, name), member))
  return both
}

/** A name, or the number of an item. */
type Step = string | number

/** The steps of a path such as `data.items[0].name`; a name with a dot is written `["a.b"]`. */
function placeOf(path: string): Step[] {
  const steps: Step[] = []
  const step = /(?:^|\.)([^.[\]]+)|\[(\d+)\]|\["([^"]+)"\]/gy
  while (step.lastIndex < path.length) {
    const found = step.exec(path)
    if (found === null) throw badPlace(path, 'is no path')
    steps.push(found[2] === undefined ? (found[1] ?? found[3] ?? '') : Number(found[2]))
  }
  if (steps.length === 0) throw badPlace(path, 'is no path')
  return steps
}

function badPlace(path: string, says: string): Trouble {
  return new Trouble(exitCodes.unusable, `The place "${path}" ${says}`, 'Give it as data.items[0].name.')
}

function withPlace(value: unknown, [step, ...rest]: readonly Step[], wanted: unknown, path: string): unknown {
  if (step === undefined) return wanted
  // A list that is not there yet begins with its first item.
  const list = value === undefined && typeof step === 'number' ? [] : value
  if (Array.isArray(list)) {
    const at = Number(step)
    if (!/^\d+$/.test(String(step)) || at > list.length) {
      throw badPlace(path, `names item ${step} of a list that has ${list.length}`)
    }
    return [...list.slice(0, at), withPlace(list[at], rest, wanted, path), ...list.slice(at + 1)]
  }
  if (typeof step === 'number') throw badPlace(path, `names item ${step} of what is no list`)
  const copy = isObject(list) ? { ...list } : {}
  put(copy, step, withPlace(own(copy, step), rest, wanted, path))
  return copy
}

function own(value: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined
}

/** Assigning to `__proto__` would not make a member of that name. */
function put(object: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, configurable: true, enumerable: true, writable: true })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
