import { shown } from '../../check/index.ts'
import type { Severity } from '../../finding/index.ts'
import { type Exchange, headerOf } from '../../http/index.ts'
import type { Operation } from '../../model/index.ts'
import { type Ask, documented, type Ground, type Phase, refusal, type Steps } from '../case.ts'
import type { Resource } from '../resources.ts'
import {
  bodyOf,
  calm,
  decodedOf,
  describedBy,
  difference,
  entriesOf,
  holderOf,
  same,
  type Thing,
  unlike,
} from '../thing.ts'

type Known = ReadonlyMap<string, string>

/** Names of parameters that cut a list into pages, so that a thing may stand on another one. */
const paging = /^(limit|page|per_?page|page_?size|offset|cursor|after|before|starting_after|skip|take|top)$/i

export const journeys: Phase<'journeys'> = {
  id: 'journeys',
  says: 'a thing created, read, listed, changed and removed, which must stay the same thing on the way',
  *plan(ground) {
    const { resource } = ground
    if (resource === undefined) return
    yield* new Journey(ground, resource).walk()
  },
}

class Journey {
  readonly #ground: Ground
  readonly #resource: Resource
  /** What the document declares is a promise; what its paths and names suggest is not. */
  readonly #severity: Severity

  constructor(ground: Ground, resource: Resource) {
    this.#ground = ground
    this.#resource = resource
    this.#severity = resource.isDeclared ? 'error' : 'warning'
  }

  *walk(): Steps {
    let parents = this.#parents('contrato-journey-1')
    let [made] = yield [this.#ask('a thing created', this.#resource.create, parents)]
    if (made === undefined) return
    if (made.response.status >= 300 && parents !== this.#ground.known) {
      // Where only some parents exist, a new one is not to be had.
      parents = this.#ground.known
      ;[made] = yield [this.#ask('a thing created where another is known', this.#resource.create, parents)]
    }
    const thing = made === undefined ? undefined : bodyOf(made)
    const id = thing?.[this.#resource.id]
    if (made === undefined || thing === undefined || (typeof id !== 'string' && typeof id !== 'number')) return
    const known = new Map(parents).set(this.#resource.parameter, String(id))
    if (yield* this.#isForgetful(known, thing)) {
      const why = `${this.#resource.read?.id} answers for a ${this.#resource.parameter} that was never created and forgets what was: the target keeps nothing, as a mock`
      this.#ground.skip(`journeys of ${this.#resource.name}`, why)
      return
    }
    yield* this.#follow(made)
    yield* this.#read(known, made, thing)
    yield* this.#list(parents, String(id))
    yield* this.#elsewhere(String(id))
    for (const change of this.#resource.changes) yield* this.#change(change, known)
    yield* this.#unknown(known)
    yield* this.#remove(known, String(id))
  }

  /** Values of the create operation's parameters that nobody has used, where nobody has said which exist. */
  #parents(value: string): Known {
    const { operation, known, given } = this.#ground
    const fresh = operation.parameters.filter(({ in: place, name }) => place === 'path' && !given.has(name))
    const parents = new Map([...known, ...fresh.map(({ name }) => [name, value] as const)])
    const request = this.#ground.requestOf(operation, parents)
    return fresh.length === 0 || this.#ground.isRefused(request) ? known : parents
  }

  #ask(says: string, operation: Operation, known: Known, more: Partial<Ask> = {}): Ask {
    return { says, operation, request: this.#ground.requestOf(operation, known), expects: [], ...more }
  }

  /** Success is right for what was just created. */
  #mustSucceed(operation: Operation): { expects: readonly string[] } {
    return { expects: documented(operation, status => /^[23]/.test(status)) }
  }

  /** Whether the target makes up what is read. A real one that loses things does not find what never was. */
  *#isForgetful(known: Known, thing: Thing): Generator<readonly Ask[], boolean, readonly Exchange[]> {
    const { read, id, parameter } = this.#resource
    if (read === undefined) return false
    const nowhere = new Map(known).set(parameter, unlike(known.get(parameter) ?? ''))
    const [found] = yield [this.#ask('a reading of what is there', read, known)]
    const [imagined] = yield [this.#ask('a reading of what is not there', read, nowhere)]
    if (found === undefined || imagined === undefined || imagined.response.status >= 300) return false
    const body = bodyOf(found)
    const names = Object.keys(thing).filter(
      name => name !== id && name !== parameter && body !== undefined && Object.hasOwn(body, name),
    )
    return body !== undefined && bodyOf(imagined) !== undefined && names.some(name => !same(body[name], thing[name]))
  }

  /** Where `Location` leads there has to be something. Source: RFC 9110, section 10.2.2. */
  *#follow({ request, response }: Exchange): Steps {
    const location = headerOf(response.headers, 'location')
    if (location === undefined || response.status !== 201) return
    const target = targetOf(location, request.target)
    const match = target === undefined ? undefined : this.#ground.api.match('GET', target)
    if (target === undefined || match?.kind !== 'found') return
    const read = this.#ground.requestOf(match.operation, this.#ground.known)
    const [found] = yield [
      {
        says: 'a request to where Location leads',
        operation: match.operation,
        request: { ...read, target },
        expects: [],
      },
    ]
    if (found === undefined || found.response.status < 400 || found.response.status === 401) return
    const { create } = this.#resource
    const message = `${create.id} answered with Location: ${location}, where ${match.operation.id} answered ${found.response.status}`
    this.#complain('state-lost', message, 'Name the place of what was created.', create, found)
  }

  *#read(known: Known, made: Exchange, thing: Thing): Steps {
    const { read, create } = this.#resource
    if (read === undefined) return
    const [first] = yield [this.#ask('a reading of what was created', read, known, this.#mustSucceed(read))]
    const [second] = yield [this.#ask('a second reading', read, known, this.#mustSucceed(read))]
    const sent = decodedOf(made.request.body) ?? {}
    const names = [...Object.keys(sent), this.#resource.id, 'createdAt', 'created_at', 'created']
    if (first !== undefined) this.#compare(create, thing, first, names)
    const before = first === undefined ? undefined : bodyOf(first)
    if (before !== undefined && second !== undefined) this.#compare(read, before, second, calm(before))
  }

  *#list(parents: Known, id: string): Steps {
    const { list, create } = this.#resource
    if (list === undefined) return
    const [one] = yield [this.#ask('a list of it', list, parents)]
    this.#holds(one, [id])
    const [next] = yield [this.#ask('another thing created', create, parents)]
    const other = next === undefined ? undefined : bodyOf(next)?.[this.#resource.id]
    const [both] = yield [this.#ask('a list of both', list, parents)]
    this.#holds(both, typeof other === 'string' || typeof other === 'number' ? [id, String(other)] : [id])
  }

  /** Each of these once, where the list is not cut into pages. */
  #holds(listed: Exchange | undefined, ids: readonly string[]): void {
    const { list } = this.#resource
    const entries = listed === undefined || listed.response.status >= 300 ? undefined : entriesOf(listed)
    if (listed === undefined || list === undefined || entries === undefined) return
    const isCut = list.parameters.some(({ name }) => paging.test(name))
    for (const id of ids) {
      const times = entries.filter(entry => String(entry[this.#resource.id]) === id).length
      if (times === 1 || (times === 0 && isCut)) continue
      const message = `${list.id} listed ${this.#resource.id} ${JSON.stringify(id)} ${times === 0 ? 'not at all' : `${times} times`}, though it was created once`
      this.#complain('state-lost', message, 'List each thing once.', list, listed)
    }
  }

  /** The same below another parent: neither there, nor listed there. */
  *#elsewhere(id: string): Steps {
    const { read, list } = this.#resource
    const other = this.#parents('contrato-journey-2')
    if (other === this.#ground.known) return
    if (list !== undefined) {
      const [listed] = yield [this.#ask('a list below another parent', list, other)]
      const entries = listed === undefined || listed.response.status >= 300 ? undefined : entriesOf(listed)
      if (listed !== undefined && entries?.some(entry => String(entry[this.#resource.id]) === id)) {
        const message = `${list.id} listed ${this.#resource.id} ${JSON.stringify(id)} below ${listed.request.target}, where it was not created`
        this.#complain('state-leaked', message, 'List only what belongs there.', list, listed)
      }
    }
    if (read === undefined) return
    const there = new Map([...other, [this.#resource.parameter, id]])
    const [found] = yield [this.#ask('a reading below another parent', read, there)]
    if (found === undefined || found.response.status >= 300) return
    const message = `${read.id} answered ${found.response.status} to ${found.request.target}, where nothing of that ${this.#resource.id} was created`
    this.#complain('state-leaked', message, 'Find a thing only where it was created.', read, found)
  }

  /** After a change, what was sent is there, and what the change does not speak of is as it was. */
  *#change(change: Operation, known: Known): Steps {
    const { read } = this.#resource
    if (read === undefined) return
    const [earlier] = yield [this.#ask('a reading before a change', read, known)]
    const [done] = yield [this.#ask('a change', change, known, this.#mustSucceed(change))]
    const [later] = yield [this.#ask('a reading after a change', read, known)]
    if (earlier === undefined || done === undefined || later === undefined || done.response.status >= 300) return
    const [before, after] = [bodyOf(earlier), bodyOf(later)]
    const sent = decodedOf(done.request.body)
    if (before === undefined || after === undefined || sent === undefined) return
    const place = holderOf(after, sent)
    if (place !== undefined) this.#keeps(change, sent, place.holder, later, place.name)
    const spoken = new Set([
      ...Object.keys(sent),
      ...describedBy(change),
      ...(place?.name === undefined ? [] : [place.name]),
    ])
    const silent = calm(before).filter(name => !spoken.has(name))
    this.#compare(read, before, later, silent, ` before ${change.id}`)
  }

  #keeps(change: Operation, sent: Thing, holder: Thing, later: Exchange, below: string | undefined): void {
    const { read } = this.#resource
    for (const [name, value] of Object.entries(sent)) {
      if (read === undefined || !Object.hasOwn(holder, name) || same(holder[name], value)) continue
      const place = below === undefined ? name : `${below}.${name}`
      const message = `${read.id} answered ${place}: ${shown(holder[name])} after ${change.id} was sent ${name}: ${shown(value)}`
      this.#complain('state-lost', message, 'Keep what was changed.', read, later)
      return
    }
  }

  *#unknown(known: Known): Steps {
    const { read, changes, remove } = this.#resource
    const id = unlike(known.get(this.#resource.parameter) ?? '')
    const there = new Map(known).set(this.#resource.parameter, id)
    for (const operation of [read, ...changes, remove]) {
      if (operation === undefined) continue
      const ask = this.#ask('a request for a thing that is not there', operation, there)
      if (this.#ground.isRefused(ask.request)) continue
      yield [{ ...ask, ...refusal(operation, ['404', '410', '400', '403', '422']), outside: false }]
    }
  }

  *#remove(known: Known, id: string): Steps {
    const { remove, read, list } = this.#resource
    if (remove === undefined) return
    const [gone] = yield [this.#ask('a removal', remove, known, this.#mustSucceed(remove))]
    if (gone === undefined || gone.response.status >= 300) return
    if (read !== undefined) {
      const [found] = yield [this.#ask('a reading of what was removed', read, known)]
      if (found !== undefined && found.response.status < 300) {
        const message = `${read.id} answered ${found.response.status} for ${this.#resource.id} ${JSON.stringify(id)} after ${remove.id} had removed it`
        this.#complain('state-leaked', message, 'Do not find what was removed.', read, found)
      }
    }
    if (list === undefined) return
    const parents = new Map([...known].filter(([name]) => name !== this.#resource.parameter))
    const [listed] = yield [this.#ask('a list of what is left', list, parents)]
    const entries = listed === undefined || listed.response.status >= 300 ? undefined : entriesOf(listed)
    if (listed !== undefined && entries?.some(entry => String(entry[this.#resource.id]) === id)) {
      const message = `${list.id} listed ${this.#resource.id} ${JSON.stringify(id)} after ${remove.id} had removed it`
      this.#complain('state-leaked', message, 'Do not list what was removed.', list, listed)
    }
  }

  /** Of these members, those that both have must be equal; the first that is not is told. */
  #compare(source: Operation, before: Thing, later: Exchange, names: readonly string[], when = ''): void {
    const after = bodyOf(later)
    const { read } = this.#resource
    if (after === undefined || read === undefined || later.response.status >= 300) return
    for (const name of new Set(names)) {
      if (!Object.hasOwn(before, name) || !Object.hasOwn(after, name) || same(before[name], after[name])) continue
      const [was, is] = difference(before[name], after[name], name)
      const message = `${read.id} answered ${is} where ${source.id} had answered ${was}${when}`
      this.#complain('state-lost', message, 'Keep what was stored, and answer with it.', read, later)
      return
    }
  }

  #complain(
    code: 'state-lost' | 'state-leaked',
    message: string,
    help: string,
    operation: Operation,
    at: Exchange,
  ): void {
    this.#ground.complain({
      code,
      severity: this.#severity,
      check: 'state-consistent',
      message,
      help,
      operation,
      pointer: operation.pointer,
      says: code,
      request: at.request,
    })
  }
}

function targetOf(location: string, base: string): string | undefined {
  try {
    const { pathname, search } = new URL(location, new URL(base, 'http://target.invalid'))
    return `${pathname}${search}`
  } catch {
    return undefined
  }
}
