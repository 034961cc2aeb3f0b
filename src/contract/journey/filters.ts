import { shown } from '../../check/index.ts'
import { type Operation, type Parameter, Part } from '../../model/index.ts'
import { entriesOf, type Thing } from '../thing.ts'
import { isGood, type Known, type Leg, type Way } from './way.ts'

/** So many parameters of a list are looked at. */
const maxFilters = 6

/** A text that nothing has, so that nothing is to be found by it. */
const nowhere = 'contrato-is-not-here'

/** A list that is asked for those with some value, in a parameter that bears the name of a property, has no others. */
export function* judgeFilters(way: Way, parents: Known, thing: Thing): Leg {
  const { list } = way.resource
  if (list === undefined) return
  const filters = list.parameters.filter(({ in: place, name, required }) => {
    return place === 'query' && !required && Object.hasOwn(thing, name)
  })
  for (const parameter of filters.slice(0, maxFilters)) yield* judgeFilter(way, list, parents, thing, parameter)
}

function* judgeFilter(way: Way, list: Operation, parents: Known, thing: Thing, parameter: Parameter): Leg {
  const { name, pointer } = parameter
  const wanted = otherThan(way, parameter, thing[name])
  if (wanted === undefined) return
  const ask = way.ask(`a list of those whose ${name} is another`, list, new Map(parents).set(name, wanted))
  const match = way.ground.api.match(ask.request.method, ask.request.target)
  if (match.kind !== 'found' || list.read(ask.request, match.params, { credentials: false }).faults.length > 0) return
  const [listed] = yield [ask]
  const entries = isGood(listed) ? entriesOf(listed) : undefined
  // A search may take what contains the text, in whatever letters.
  const fits = (value: unknown): boolean =>
    JSON.stringify(value ?? null)
      .toLowerCase()
      .includes(wanted.toLowerCase())
  const stray = entries?.find(entry => Object.hasOwn(entry, name) && !fits(entry[name]))
  if (listed === undefined || stray === undefined) return
  const message = `${list.id} listed one with ${name}: ${shown(stray[name])} where ${name}=${wanted} was asked for`
  way.suspect(message, `List those alone whose ${name} is the one that was asked for.`, list, pointer, listed)
}

/** A value that a parameter takes and a thing does not have: of a list, a switch or a plain text, which stand for themselves. */
function otherThan({ ground }: Way, { schema }: Parameter, has: unknown): string | undefined {
  const part = schema && Part.of(ground.api.document.root).at(schema.pointer)
  const type = part?.get('type')?.value
  const listed = part?.get('enum')?.value
  if (Array.isArray(listed)) {
    const other = listed.find(value => typeof value === 'string' && value !== has)
    return typeof has === 'string' ? other : undefined
  }
  if (type === 'boolean' && typeof has === 'boolean') return String(!has)
  const isPlain = part?.get('format') === undefined && part?.get('pattern') === undefined
  if (type === 'string' && isPlain && typeof has === 'string') return nowhere
  const isOfTexts = type === 'array' && part?.get('items')?.text('type') === 'string' && Array.isArray(has)
  return isOfTexts && part?.get('items')?.get('enum') === undefined ? nowhere : undefined
}
