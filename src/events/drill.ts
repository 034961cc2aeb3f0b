import { request as open } from 'node:http'
import type { Finding } from '../finding/index.ts'
import { type Handler, type HttpRequest, Unreachable } from '../http/index.ts'
import { type Api, callbacksOf, webhooksOf } from '../model/index.ts'
import { callFor } from './call.ts'
import { memberThatNames } from './catalogue.ts'
import { payloadFor } from './payload.ts'
import { checkSecret, profileFor } from './profile-for.ts'
import { defaultSecret, type Profile } from './profiles/index.ts'

export type DrillOptions = {
  readonly profile?: string
  readonly secret?: string
  /** Milliseconds that the receiver has for an answer. */
  readonly timeout: number
}

/** What one question brought to light. */
export type Answered = {
  readonly question: string
  readonly verdict: 'sound' | 'unsound' | 'skipped'
  /** What the receiver did, or why it was not asked. */
  readonly says: string
  readonly advice?: string
}

/** The status of an answer, or why there was none. */
type Said = number | string

/** How to ask a receiver. */
type Asker = {
  readonly profile: Profile
  /** Set when nobody listens there any more. */
  isGone: boolean
  readonly secret: string
  /** Events that the receiver has to take, the first with its name replaced if one is given. */
  event(at: number, name?: string): HttpRequest | undefined
  send(request: HttpRequest, signing?: Signing): Promise<Said>
  trickle(request: HttpRequest): Promise<Said>
}
type Signing = { readonly id?: string; readonly age?: number; readonly secret?: string }

type Question = {
  readonly name: string
  readonly isSigned?: true
  readonly advice: string
  /** What is wrong, or what was good about it. */
  ask(asker: Asker): Promise<{ readonly fault: boolean; readonly says: string } | undefined>
}

/** A secret that is not the agreed one. */
const forged = `whsec_${Buffer.from('somebody else signed this').toString('base64')}`

const lastAdvice = 'The receiver ended. Catch what goes wrong with one event, so that it lives to take the next.'

const isTaken = (said: Said): boolean => typeof said === 'number' && said >= 200 && said <= 299
const isRefused = (said: Said): boolean => typeof said === 'number' && said >= 400 && said <= 499
const shown = (said: Said): string => (typeof said === 'number' ? `was answered ${said}` : `got no answer: ${said}`)

const questions: readonly Question[] = [
  {
    name: 'valid',
    advice: 'Answer 2xx at once and do the work afterwards; redirects are not followed.',
    ask: async ({ event, send }) => must(isTaken, 'a valid event', event(0), send),
  },
  {
    name: 'duplicate',
    advice: 'Events may come twice. Remember their ids, and answer 2xx to those you have.',
    ask: async ({ event, send }) => {
      const request = event(0)
      if (request === undefined) return undefined
      const first = await send(request, { id: 'msg_drill_twice' })
      return isTaken(first)
        ? must(isTaken, 'the same event again', request, send, { id: 'msg_drill_twice' })
        : undefined
    },
  },
  {
    name: 'order',
    advice: 'Events may overtake each other. Take each as it comes; compare the times in them where order matters.',
    ask: async ({ event, send }) => {
      const [newer, older] = [event(1) ?? event(0), event(0)]
      if (newer === undefined || older === undefined) return undefined
      await send(newer, { id: 'msg_drill_newer' })
      return must(isTaken, 'an older event after a newer one', older, send, { id: 'msg_drill_older', age: 60 })
    },
  },
  {
    name: 'late',
    isSigned: true,
    advice: 'Refuse signatures that are older than five minutes: somebody may send again what they overheard.',
    ask: async ({ event, send }) => must(isRefused, 'an event signed two hours ago', event(0), send, { age: 7_200 }),
  },
  {
    name: 'forged',
    isSigned: true,
    advice: 'Verify the signature before you read the body, and answer 401 when it is wrong.',
    ask: async ({ event, send }) =>
      must(isRefused, 'an event with a wrong signature', event(0), send, { secret: forged }),
  },
  {
    name: 'unknown',
    advice:
      'New kinds of events are added. Answer 2xx (or 4xx) to those you do not know; a failure makes the sender try again.',
    ask: async ({ event, send }) => must(isHandled, 'an event of an unknown kind', event(0, 'contrato.unknown'), send),
  },
  {
    name: 'oversize',
    advice: 'Limit the size of a body, answer 413 above it, and go on with the next event.',
    ask: async ({ event, send }) => {
      const request = event(0)
      if (request === undefined) return undefined
      const padded = Buffer.concat([Buffer.from(request.body), Buffer.alloc(4 * 1024 * 1024, ' ')])
      const large = await must(isHandled, 'an event of 4 MiB', { ...request, body: padded }, send)
      return large?.fault === true ? large : must(isTaken, 'a valid event after one of 4 MiB', request, send)
    },
  },
  {
    name: 'slow',
    advice: 'Wait some seconds for a body to arrive: networks stall.',
    ask: async ({ event, trickle }) =>
      must(isTaken, 'an event that arrives in pieces, within two seconds', event(0), trickle),
  },
  {
    name: 'malformed',
    advice: 'Answer 400 to what is no JSON or not the object that you expect.',
    ask: async ({ event, send }) => {
      const request = event(0)
      if (request === undefined) return undefined
      const broken = await must(isRefused, 'half an event', { ...request, body: request.body.subarray(0, -2) }, send)
      if (broken?.fault === true) return broken
      for (const text of ['null', '[]', '5', '{}', '']) {
        const other = await must(isHandled, `the body "${text}"`, { ...request, body: Buffer.from(text) }, send)
        if (other?.fault === true) return other
      }
      return broken
    },
  },
]

function isHandled(said: Said): boolean {
  return isTaken(said) || isRefused(said)
}

async function must(
  isGood: (said: Said) => boolean,
  what: string,
  request: HttpRequest | undefined,
  send: Asker['send'],
  signing?: Signing,
): Promise<{ readonly fault: boolean; readonly says: string } | undefined> {
  if (request === undefined) return undefined
  const said = await send(request, signing)
  return { fault: !isGood(said), says: `${what} ${shown(said)}` }
}

/**
 * Asks a receiver of events what it makes of good and bad ones.
 *
 * @param handler sends to the receiver; rejects with `Unreachable`
 * @throws Unreachable when nobody takes the first event
 */
export async function* drillReceiver(
  api: Api,
  url: URL,
  handler: Handler,
  options: DrillOptions,
): AsyncGenerator<Answered> {
  const asker = makeAsker(api, url, handler, options)
  let isAlive = true
  for (const { name, isSigned, advice, ask } of questions) {
    const skipped = (says: string): Answered => ({ question: name, verdict: 'skipped', says })
    if (asker.isGone) yield skipped('nobody listens there any more')
    else if (!isAlive) yield skipped('it takes no valid event')
    else if (isSigned && !asker.profile.isSigned) yield skipped(`${asker.profile.name} signs nothing`)
    else {
      const outcome = await ask(asker)
      if (outcome === undefined) yield skipped('the document has no event for it')
      else
        yield {
          question: name,
          verdict: outcome.fault ? 'unsound' : 'sound',
          says: outcome.says,
          ...(outcome.fault && { advice: asker.isGone ? lastAdvice : advice }),
        }
      if (name === 'valid' && outcome?.fault !== false) isAlive = false
    }
  }
}

/** What is not sound, as findings. */
export function findingsOf(answers: readonly Answered[]): Finding[] {
  return answers.flatMap(({ question, verdict, says, advice = '' }) =>
    verdict === 'unsound'
      ? [
          {
            code: 'receiver-unsound',
            severity: 'error',
            check: question,
            message: `${question}: ${says}`,
            help: advice,
          },
        ]
      : [],
  )
}

function makeAsker(
  api: Api,
  url: URL,
  handler: Handler,
  { profile: name, secret = defaultSecret, timeout }: DrillOptions,
): Asker {
  const profile = profileFor(api, name)
  checkSecret(profile, secret)
  const callbacks = [...api.operations.flatMap(operation => callbacksOf(api, operation)), ...webhooksOf(api)]
  let count = 0
  const signed = (request: HttpRequest, { id, age = 0, secret: other = secret }: Signing = {}): HttpRequest => {
    count += 1
    const at = new Date(Date.now() - age * 1_000)
    const message = { id: id ?? `msg_drill_${count}`, event: 'drill', body: request.body }
    return { ...request, headers: [...request.headers, ...profile.sign(message, other, at)] }
  }
  const asker: Asker = {
    profile,
    isGone: false,
    secret,
    event: (at, eventName) => {
      const callback = callbacks.filter(({ operation }) => operation.requestBody !== undefined)[at]
      if (callback === undefined) return undefined
      const payload = payloadFor(api, callback, { seed: 'drill' })
      const member = memberThatNames(payload?.value)
      if (payload === undefined || (eventName !== undefined && member === undefined)) return undefined
      const value = eventName === undefined ? payload.value : { ...Object(payload.value), [member ?? '']: eventName }
      const { request } = callFor(api, callback, { ...payload, value }, profile, url.href, undefined)
      // A receiver that has a path is asked there, and nowhere below.
      return { ...request, target: url.pathname === '/' ? `/${url.search}` : url.search }
    },
    send: async (request, signing) => {
      try {
        return (await handler(signed(request, signing))).status
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error
        if (isThere(error)) return error.message
        if (count === 1) throw error
        asker.isGone = true
        return error.message
      }
    },
    trickle: request => trickle(url, signed(request), timeout),
  }
  return asker
}

/** Whether somebody took the connection, though no answer came of it. */
function isThere({ cause }: Unreachable): boolean {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return code === undefined || code === 'ECONNRESET' || code === 'EPIPE'
}

/** Sends a body in pieces. */
async function trickle(url: URL, { method, headers, body }: HttpRequest, timeout: number): Promise<Said> {
  const { request: openSecure } = await import('node:https')
  return await new Promise(resolve => {
    const begin = url.protocol === 'https:' ? openSecure : open
    const fields = [...headers, 'Host', url.host, 'Content-Length', String(body.length), 'Connection', 'close']
    const sent = begin(url, { method, headers: fields, agent: false })
    const pieces = 5
    const pause = 350
    const timer = setTimeout(
      () => sent.destroy(new Error(`no answer within ${timeout} ms after the last piece`)),
      pieces * pause + timeout,
    )
    sent.on('response', message => {
      clearTimeout(timer)
      message.on('error', () => {})
      sent.destroy()
      resolve(message.statusCode ?? 0)
    })
    sent.on('error', error => {
      clearTimeout(timer)
      resolve(error.message)
    })
    const size = Math.ceil(body.length / pieces)
    let at = 0
    const next = (): void => {
      if (sent.destroyed) return
      sent.write(body.subarray(at * size, (at + 1) * size))
      at += 1
      if (at < pieces) setTimeout(next, pause)
      else sent.end()
    }
    next()
  })
}
