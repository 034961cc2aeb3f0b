import { exitCodes, Trouble } from '../../finding/index.ts'
import type { HttpResponse } from '../../http/index.ts'
import { type Api, type Operation, type Part, type Reading, type Resource, resourcesOf } from '../../model/index.ts'
import type { Shelves, Store } from '../../store/index.ts'
import { isWritable } from '../bodies.ts'
import type { Choice } from '../choose.ts'
import { forgiving } from '../forgive.ts'
import { problem } from '../problem.ts'
import type { Fresh } from '../uniques.ts'
import { acceptedBy, createdAs, decodedIn, framed, isChosen, isWished, related, written } from './answers.ts'
import { merged, replaced } from './change.ts'
import { parentOf, removeBelow } from './children.ts'
import { comeBack, nameAnew } from './create.ts'
import { memberAt, sentIn } from './frame.ts'
import { afterPatch, isJsonPatch, type JsonPatch } from './json-patch.ts'
import { pageOf, tellPage } from './paging.ts'
import { located, parentsIn, pathValue, shelfOf } from './place.ts'
import { type Role, rolesOf } from './roles.ts'
import { inSessions, maxSessions } from './sessions.ts'
import { type Accepts, isThing, listPlace, makeView, type Thing } from './shown.ts'
import { stamp } from './times.ts'

/** A thing as it is remembered, with the path that it was created under. */
export type Kept = { readonly thing: Thing; readonly parents: Readonly<Record<string, string>> }

/** Where the things of a document are remembered; the name tells documents of one store apart. */
export type Remembered = { readonly shelves: Shelves<Kept>; readonly name: string }

/** What a store remembers of created things, of all documents together; the oldest go. */
const room = { things: 10_000, bytes: 50_000_000 }

/** Where created things are remembered in a store. */
export function thingsIn(store: Store): Shelves<Kept> {
  return inSessions(store.shelves<Kept>('things', room), store.recent('sessions', maxSessions))
}

/** Ids that are tried for a thing before one that another has is given out again. */
const maxTries = 20

/** What may be wrong with a request that keeps its document: what it is for is not there, or is already, or cannot be changed so. */
export type Refused = 'unknown' | 'taken' | 'invalid'

/** A request that was read, and the answer to it as it would be without memory. */
export type Asked = {
  readonly operation: Operation
  readonly reading: Reading
  readonly params: Readonly<Record<string, string>>
  readonly choice: Choice
  readonly fresh: Fresh
  readonly render: () => HttpResponse
  /** The documented answer for what is not there, or is already; `undefined` where the document has none. */
  readonly refuse: (kind: Refused, reason: string) => HttpResponse | undefined
}

export type ResourcesOptions = { readonly now: () => Date; readonly notice: (text: string) => void }

/** What a request shows of a thing, and the answer with it. */
type Shown = { readonly value: Thing | undefined; readonly response: HttpResponse; readonly member: string | undefined }

/** Has the operations of a resource behave as one thing that is remembered. */
export class Resources {
  readonly #api: Api
  readonly #shelves: Shelves<Kept>
  readonly #name: string
  readonly #options: ResourcesOptions
  readonly #resources: readonly Resource[]
  readonly #roles: ReadonlyMap<Operation, Role>

  constructor(api: Api, { shelves, name }: Remembered, options: ResourcesOptions) {
    this.#api = api
    this.#shelves = shelves
    this.#name = name
    this.#options = options
    this.#resources = resourcesOf(api, 'framed')
    this.#roles = rolesOf(this.#resources)
  }

  /**
   * The answer to a request for a thing that is remembered; `undefined` where the operation has nothing to do with one, or
   * the client asked for another answer. What is created is remembered with whatever success it is answered.
   */
  answer(asked: Asked): Promise<HttpResponse> | undefined {
    const role = this.#roles.get(asked.operation)
    if (role === undefined || (isWished(asked.choice) && role.kind !== 'create')) return undefined
    if (asked.choice.status < 200 || asked.choice.status > 299) return undefined
    return this.#play(role, asked).catch(error => {
      if (!(error instanceof Trouble) || error.exitCode !== exitCodes.environment) throw error
      const { message, help } = error
      return problem(503, message, { members: { help }, headers: ['retry-after', '1'] })
    })
  }

  #play(role: Role, asked: Asked): Promise<HttpResponse> {
    switch (role.kind) {
      case 'create':
        return this.#create(role.resource, asked)
      case 'read':
        return this.#read(role.resource, asked)
      case 'list':
        return this.#list(role.resource, asked)
      case 'change':
        return this.#change(role, asked)
      case 'remove':
        return this.#remove(role.resource, asked)
    }
  }

  async #create(resource: Resource, asked: Asked): Promise<HttpResponse> {
    const made = asked.render()
    const { choice, reading, operation } = asked
    const isAsWished = isWished(choice)
    const frame = framed(made, choice, resource)
    if (frame.thing === undefined) return made
    const sent = sentIn(reading.body, frame.member) ?? {}
    const thing: Record<string, unknown> = { ...frame.thing }
    const whole = frame.around(thing)
    const accepts = (): boolean => acceptedBy(choice)(whole)
    if (!isAsWished) {
      comeBack(thing, operation, choice, frame, asked, accepts)
      stamp(thing, 'created', sent, this.#options.now(), accepts)
      related(whole, made, asked)
    }
    const isBound = isAsWished || isChosen(resource, choice.response.relations, frame.member)
    const renew = (): boolean => !isBound && nameAnew(thing, resource, choice, asked.fresh, accepts)
    const isUnique = choice.response.relations.unique.some(
      ({ place }) => memberAt(place.inResponseBody, frame.member) === resource.id,
    )
    if (!isUnique && !Object.hasOwn(sent, resource.id)) renew()
    const parents = Object.fromEntries(parentsIn(operation.path).map(name => [name, pathValue(asked, name)]))
    const shelf = shelfOf(this.#name, resource, asked)
    for (let tries = 0; ; tries += 1) {
      const id = thing[resource.id]
      if (typeof id !== 'string' && typeof id !== 'number') return made
      const kept = { thing: { ...sent, ...thing }, parents }
      if (!isWritable(kept)) return made
      let refused: HttpResponse | undefined
      let isTaken = false
      await this.#shelves.change(shelf, String(id), before => {
        const isSaid = !isAsWished && (isBound || sent[resource.id] === id)
        refused = before && isSaid ? asked.refuse('taken', `${resource.id}: is taken`) : undefined
        isTaken = before !== undefined && !isBound && tries < maxTries
        return refused !== undefined || isTaken ? before : kept
      })
      if (refused !== undefined) return refused
      if (isTaken && renew()) continue
      const isLocated = choice.response.relations.equal.some(({ left }) => left.inResponseHeader === 'location')
      if (isAsWished) return made
      const headers = isLocated ? made.headers : located(made.headers, resource, String(id), asked)
      return written({ ...made, headers }, choice, whole)
    }
  }

  async #read(resource: Resource, asked: Asked): Promise<HttpResponse> {
    const kept = await this.#shelves.get(shelfOf(this.#name, resource, asked), pathValue(asked, resource.parameter))
    return kept === undefined ? this.#missing(resource, asked) : this.#show(kept.thing, resource, asked).response
  }

  async #list(resource: Resource, asked: Asked): Promise<HttpResponse> {
    const made = asked.render()
    const { choice, operation } = asked
    const { content } = choice
    const shown = decodedIn(made, choice)
    const place = content && listPlace(content, shown, resource.id)
    if (place === undefined) return made
    const parents = parentsIn(operation.path)
    const all = (await this.#shelves.all(shelfOf(this.#name, resource, asked))).filter(kept =>
      parents.every(name => kept.parents[name] === undefined || kept.parents[name] === pathValue(asked, name)),
    )
    if (all.length === 0) {
      const refused = await this.#refuseBelow(resource, asked)
      if (refused !== undefined) return refused
    }
    const [first] = [place.member === undefined ? shown : (shown as Thing)[place.member]].flat()
    const view = makeView(place.item, this.#accepting(place.item), createdAs(resource))
    const views = all.flatMap<Thing>(({ thing }) => view(thing, first) ?? [])
    if (views.length < all.length) this.#tellUnfit(asked)
    const page = pageOf(views, operation, asked.reading, item => String(item[resource.id]))
    const items = page.items
    const value: unknown = place.member === undefined ? items : { ...(shown as Thing), [place.member]: items }
    if (isThing(value)) tellPage(value as Record<string, unknown>, page, () => acceptedBy(choice)(value))
    related(value, made, asked, 'at once')
    if (acceptedBy(choice)(value)) return written(made, choice, value)
    this.#tellUnfit(asked)
    return made
  }

  async #change(role: Extract<Role, { kind: 'change' }>, asked: Asked): Promise<HttpResponse> {
    const { resource } = role
    const id = pathValue(asked, resource.parameter)
    let answer: HttpResponse | undefined
    await this.#shelves.change(shelfOf(this.#name, resource, asked), id, kept => {
      answer = undefined
      if (kept === undefined) return undefined
      const { thing, response } = this.#changed(role, kept.thing, asked)
      answer = response
      return isWritable(thing) ? { ...kept, thing } : kept
    })
    return answer ?? this.#missing(resource, asked)
  }

  #changed(
    role: Extract<Role, { kind: 'change' }>,
    thing: Thing,
    asked: Asked,
  ): { thing: Thing; response: HttpResponse } {
    const { reading, operation } = asked
    const { resource, member, isReplacing } = role
    if (isJsonPatch(reading.body)) return this.#patched(role, thing, reading.body, asked)
    const frame = framed(asked.render(), asked.choice, resource)
    const sent = sentIn(reading.body, frame.member)
    if (sent === undefined) return { thing, response: this.#show(thing, resource, asked).response }
    if (member === undefined || Object.hasOwn(sent, member)) {
      const other = isReplacing ? replaced(thing, sent, operation, frame.member) : undefined
      const isWhole = other !== undefined && this.#isWhole({ ...other, [resource.id]: thing[resource.id] }, resource)
      const next = { ...(isWhole ? other : merged(thing, sent, reading.request)), [resource.id]: thing[resource.id] }
      return this.#settled(next, sent, resource, asked)
    }
    const before = thing[member]
    const next = merged(isThing(before) ? before : (frame.thing ?? {}), sent, reading.request)
    const { thing: part, response } = this.#settled(next, sent, resource, asked)
    return { thing: { ...thing, [member]: part }, response }
  }

  #patched(
    { resource, member }: Extract<Role, { kind: 'change' }>,
    thing: Thing,
    patch: JsonPatch,
    asked: Asked,
  ): { thing: Thing; response: HttpResponse } {
    const patched = afterPatch(member === undefined ? thing : thing[member], patch)
    if ('why' in patched) return { thing, response: asked.refuse('invalid', patched.why) ?? problem(422, patched.why) }
    const next = member === undefined ? { ...patched.value, [resource.id]: thing[resource.id] } : patched.value
    const { thing: after, response } = this.#settled(next, {}, resource, asked)
    return { thing: member === undefined ? after : { ...thing, [member]: after }, response }
  }

  /** What was changed, with what follows from the change, and the answer that shows it. */
  #settled(next: Thing, sent: Thing, resource: Resource, asked: Asked): { thing: Thing; response: HttpResponse } {
    const thing: Record<string, unknown> = { ...next }
    stamp(thing, 'updated', sent, this.#options.now(), () => true)
    const { value, response, member } = this.#show(thing, resource, asked)
    for (const { left } of asked.choice.response.relations.equal) {
      const name = memberAt(left.inResponseBody, member)
      if (value !== undefined && name !== undefined && Object.hasOwn(value, name)) thing[name] = value[name]
    }
    return { thing, response }
  }

  async #remove(resource: Resource, asked: Asked): Promise<HttpResponse> {
    let removed: Kept | undefined
    await this.#shelves.change(shelfOf(this.#name, resource, asked), pathValue(asked, resource.parameter), kept => {
      removed = kept
      return undefined
    })
    if (removed === undefined) return this.#missing(resource, asked)
    await removeBelow(this.#shelves, this.#name, this.#resources, resource, asked)
    return this.#show(removed.thing, resource, asked).response
  }

  /** What was never created, or was removed. Where the document does not say how that is told, the answer is as without memory. */
  #missing({ parameter }: Resource, { refuse, render }: Asked): HttpResponse {
    return refuse('unknown', `${parameter} (path): is not known`) ?? render()
  }

  /**
   * The refusal of what is asked for below a thing that is not there. What no operation creates, as the instance of CodeChat's
   * paths, is there always.
   */
  async #refuseBelow(resource: Resource, asked: Asked): Promise<HttpResponse | undefined> {
    const parent = parentOf(resource, asked.operation, this.#resources)
    if (parent === undefined) return undefined
    const id = pathValue(asked, parent.parameter)
    const kept = await this.#shelves.get(shelfOf(this.#name, parent, asked), id)
    return kept === undefined ? asked.refuse('unknown', `${parent.parameter} (path): is not known`) : undefined
  }

  /** The answer with a thing in it. */
  #show(thing: Thing, resource: Resource, asked: Asked): Shown {
    const response = asked.render()
    const { schema, member, thing: base, accepts, around } = framed(response, asked.choice, resource)
    if (base === undefined) return { value: undefined, response, member }
    const value = makeView(schema, accepts, createdAs(resource))(thing, base)
    if (value === undefined) return { value, response, member }
    const whole = around(value)
    related(whole, response, asked)
    return { value, response: written(response, asked.choice, whole), member }
  }

  #isWhole(thing: Thing, resource: Resource): boolean {
    const schema = createdAs(resource)
    return makeView(schema, this.#accepting(schema), schema)(thing, undefined) !== undefined
  }

  #accepting(part: Part | undefined): Accepts {
    if (part === undefined) return () => true
    const schema = forgiving(this.#api.schemas.at(part.pointer, part.value, 'response'))
    return value => schema.accepts(value)
  }

  #tellUnfit({ operation, choice }: Asked): void {
    const where = choice.content?.schema?.pointer ?? operation.pointer
    this.#options.notice(`${operation.id}: what was created does not fit the schema at ${where} and is not shown`)
  }
}
