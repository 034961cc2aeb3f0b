import type { Handler, HttpRequest, HttpResponse, Unreachable } from '../../http/index.ts'
import type { Api, Operation, Reading, ResponseDescription } from '../../model/index.ts'

/** One exchange on its way back, which a sabotage may spoil. */
export type Passing = {
  readonly request: HttpRequest
  readonly response: HttpResponse
  /** The operation that the request is for; `undefined` when the document has none for it. */
  readonly operation: Operation | undefined
  /** What the document says of the status of the answer. */
  readonly description: ResponseDescription | undefined
  /** The request as the document understands it, without a look at its credentials. */
  readonly reading: () => Reading | undefined
  /** Whether its credentials will do. */
  readonly credentials: () => boolean
  /** Asks the same target something else. */
  readonly ask: Handler
}

/** What became of an answer. */
export type Spoilt = {
  /** What comes instead, or why nothing comes. */
  readonly response: HttpResponse | Unreachable
  /** Whether the document forbids this answer to this request. */
  readonly isForbidden: boolean
}

/** Spoils an answer, or leaves it: `undefined`. */
export type Spoil = (passing: Passing) => Spoilt | undefined | Promise<Spoilt | undefined>

/** One clause of the document, and how an implementation breaks it. */
export type Plan = {
  /** What the implementation does: `leaves out name`. */
  readonly says: string
  /** The clause, as a JSON Pointer in URI fragment form. */
  readonly pointer: string
  /** The documented status whose answers are spoilt, where it is about one. */
  readonly status?: string
  /** `false` where the document lets it pass, whatever is asked: it is told and not tried. */
  readonly isForbidden?: boolean
  /** Whether a request is known to exist that shows it, so that never to have made one is a fault of the check. */
  readonly isProvocable?: boolean
  /** Begins a run; what has to be remembered between answers is remembered from here on. */
  begin(): Spoil
}

/** A way in which implementations break documents. */
export type Kind<Id extends string = string> = {
  readonly id: Id
  readonly says: string
  /** @param token the only credential that the target takes, where that is so */
  plan(api: Api, operation: Operation, token: string | undefined): Iterable<Plan>
}

/** Keeps the id a literal, so that the list of ids is a type. */
export function defineKind<const Id extends string>(kind: Kind<Id>): Kind<Id> {
  return kind
}

/** A sabotage that remembers nothing. */
export function always(spoil: Spoil): Pick<Plan, 'begin'> {
  return { begin: () => spoil }
}

/** Whether an answer is one of those that the document describes at this place. */
export function isOf({ description }: Passing, response: ResponseDescription): boolean {
  return description?.pointer === response.pointer && description.status === response.status
}

/** Whether answers with this documented status say that all is well. */
export function isSuccess({ status }: ResponseDescription): boolean {
  return /^2/.test(status)
}

export function isRefusal({ status }: ResponseDescription): boolean {
  return /^(4|default$)/i.test(status)
}
