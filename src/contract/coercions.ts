import { breakEach } from '../generate/index.ts'
import { type Ask, type Ground, refusal } from './case.ts'
import { asThing } from './thing.ts'

/** What programs make a value of each type of, where they should refuse it. */
const converted: Readonly<Record<string, readonly unknown[]>> = {
  boolean: ['yes'],
  string: [0, 1.5, false],
  integer: ['7', true],
  number: ['7', true],
}

/** Bodies with one member of a type that programs convert, as far as the document refuses it and no other phase sends it. */
export function coercions({ body, operation, valid, isRefused }: Ground): Ask[] {
  const sent = asThing(body?.value)
  if (body === undefined || sent === undefined) return []
  const written = (value: unknown): string => JSON.stringify(value)
  const broken = new Set(breakEach(body.schema, body.part, body.value).map(({ value }) => written(value)))
  const held = refusal(operation, ['400', '422'])
  // Of a type two members tell enough, and one where nothing is created.
  const most = operation.method === 'POST' ? 2 : 1
  const seen = new Map<string, number>()
  const properties = [...(body.part.get('properties')?.entries() ?? [])]
  return properties.flatMap(([name, part]) => {
    const type = String(part.get('type')?.value)
    const times = (seen.get(type) ?? 0) + 1
    seen.set(type, times)
    if (times > most || part.is('readOnly')) return []
    return (converted[type] ?? []).flatMap((value): Ask[] => {
      const text = written({ ...sent, [name]: value })
      const request = { ...valid, body: Buffer.from(text) }
      return broken.has(text) || !isRefused(request) ? [] : [{ says: `${name} as ${written(value)}`, request, ...held }]
    })
  })
}
