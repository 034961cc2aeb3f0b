import type { HttpRequest } from '../../http/index.ts'
import type { Asker, Event, Said, Signing } from './asker.ts'

/** One question to a receiver. */
export type Question = {
  readonly name: string
  /** What of the signature it is about; not asked where that is not signed. */
  readonly about?: 'signature' | 'time'
  /** Whether the answer tells something only of a receiver that takes an event which says the same as another. */
  readonly takesSame?: true
  readonly advice: string
  /** What the receiver did; `undefined` where the document has no event to ask with. */
  ask(asker: Asker): Promise<Outcome | undefined>
}

type Outcome = {
  readonly fault: boolean
  /** What is wrong, or what was good about it. */
  readonly says: string
  /** What to do, where that depends on what the receiver did. */
  readonly advice?: string
}

/** A secret that is not the agreed one. */
const forged = `whsec_${Buffer.from('somebody else signed this').toString('base64')}`

const isTaken = (said: Said): boolean => typeof said === 'number' && said >= 200 && said <= 299
const isRefused = (said: Said): boolean => typeof said === 'number' && said >= 400 && said <= 499
const isHandled = (said: Said): boolean => isTaken(said) || isRefused(said)
const shown = (said: Said): string => (typeof said === 'number' ? `was answered ${said}` : `got no answer: ${said}`)

/** Ways to spoil a signature, each of which some receiver does not notice, or dies of. */
const spoilt: readonly (readonly [what: string, signing: Signing])[] = [
  ['an event with a wrong signature', { secret: forged }],
  ['an event without a signature', { spoil: request => request }],
  ['an event with half a signature', { spoil: (request, fields) => signedWith(request, halved(fields)) }],
  [
    'an event that was changed after it was signed',
    { spoil: (request, fields) => ({ ...signedWith(request, fields), body: altered(request.body) }) },
  ],
]

/** Every question, in the order in which they are asked. */
export const questions: readonly Question[] = [
  {
    name: 'valid',
    advice: 'Answer 2xx at once and do the work afterwards.',
    ask: async ({ event, send, profile }) => {
      const valid = event(0)
      if (valid === undefined) return undefined
      const said = await send(valid)
      const advice = adviceFor(said, profile.isSigned)
      return { fault: !isTaken(said), says: `a valid event ${shown(said)}`, ...(advice !== undefined && { advice }) }
    },
  },
  {
    name: 'bytes',
    about: 'signature',
    advice: 'Verify the signature over the bytes that arrived, before anything parses them: written anew, they differ.',
    ask: async ({ event, send }) => {
      const valid = event(0)
      const body = valid && otherwiseWritten(valid.request.body)
      if (valid === undefined || body === undefined) return undefined
      const other = { ...valid, request: { ...valid.request, body } }
      return must(isTaken, 'a valid event, written with spaces and escapes,', other, send)
    },
  },
  {
    name: 'duplicate',
    advice:
      'Events may come twice, and two may say the same. Remember their ids, not their bodies, and answer 2xx to those you have.',
    ask: async asker => {
      const { event, send, id } = asker
      const twice = event(0)
      if (twice === undefined) return undefined
      const first = await send(twice, { id: id('twice') })
      asker.refusesSame = !isTaken(first)
      if (asker.refusesSame) return { fault: true, says: `another event that says the same ${shown(first)}` }
      return must(isTaken, 'the same event again', twice, send, { id: id('twice') })
    },
  },
  {
    name: 'order',
    takesSame: true,
    advice: 'Events may overtake each other. Take each as it comes; compare the times in them where order matters.',
    ask: async ({ event, send, id }) => {
      const [newer, older] = [event(1) ?? event(0), event(0)]
      if (newer === undefined || older === undefined) return undefined
      await send(newer, { id: id('newer') })
      return must(isTaken, 'an older event after a newer one', older, send, { id: id('older'), age: 60 })
    },
  },
  {
    name: 'late',
    about: 'time',
    advice: 'Refuse signatures that are older than five minutes: somebody may send again what they overheard.',
    ask: async ({ event, send }) => must(isRefused, 'an event signed two hours ago', event(0), send, { age: 7_200 }),
  },
  {
    name: 'forged',
    about: 'signature',
    advice:
      'Verify the signature before you read the body, and answer 401 when it is wrong, missing or no signature at all.',
    ask: async ({ event, send }) => {
      let outcome: Outcome | undefined
      for (const [what, signing] of spoilt) {
        const other = await must(isRefused, what, event(0), send, signing)
        if (other?.fault === true) return other
        outcome ??= other
      }
      return outcome
    },
  },
  {
    name: 'unknown',
    advice:
      'New kinds of events are added. Answer 2xx (or 4xx) to those you do not know; a failure makes the sender try again.',
    ask: async ({ event, send }) => must(isHandled, 'an event of an unknown kind', event(0, 'contrato.unknown'), send),
  },
  {
    name: 'oversize',
    takesSame: true,
    advice: 'Limit the size of a body, answer 413 above it, and go on with the next event.',
    ask: async ({ event, send }) => {
      const valid = event(0)
      if (valid === undefined) return undefined
      const padded = Buffer.concat([Buffer.from(valid.request.body), Buffer.alloc(4 * 1024 * 1024, ' ')])
      const large = await must(isHandled, 'an event of 4 MiB', withBody(valid, padded), send)
      return large?.fault === true ? large : must(isTaken, 'a valid event after one of 4 MiB', valid, send)
    },
  },
  {
    name: 'slow',
    takesSame: true,
    advice: 'Wait some seconds for a body to arrive: networks stall.',
    ask: async ({ event, trickle }) =>
      must(isTaken, 'an event that arrives in pieces, within two seconds,', event(0), trickle),
  },
  {
    name: 'malformed',
    advice: 'Answer 400 to what is no JSON or not the object that you expect.',
    ask: async ({ event, send }) => {
      const valid = event(0)
      if (valid === undefined) return undefined
      const broken = await must(isRefused, 'half an event', withBody(valid, valid.request.body.subarray(0, -2)), send)
      if (broken?.fault === true) return broken
      for (const text of ['null', '[]', '5', '{}', '']) {
        const other = await must(isHandled, `the body "${text}"`, withBody(valid, Buffer.from(text)), send)
        if (other?.fault === true) return other
      }
      return broken
    },
  },
]

async function must(
  isGood: (said: Said) => boolean,
  what: string,
  event: Event | undefined,
  send: Asker['send'],
  signing?: Signing,
): Promise<Outcome | undefined> {
  if (event === undefined) return undefined
  const said = await send(event, signing)
  return { fault: !isGood(said), says: `${what} ${shown(said)}` }
}

/** What to do about an answer to a valid event; `undefined` where the usual is. */
function adviceFor(said: Said, isSigned: boolean): string | undefined {
  if (typeof said !== 'number') return undefined
  if (said >= 300 && said <= 399) return 'Answer 2xx at once where events arrive; senders do not follow redirects.'
  if (said === 401 || said === 403) {
    return isSigned
      ? 'Compare the secrets (--secret) and the way of delivery (--delivery) of both sides, and verify the signature over the bytes that arrived.'
      : 'Ask for no credentials that the sender does not have: nothing is signed. It sends those of https://user:password@host.'
  }
  if (said === 404 || said === 405) return 'Check the path in --url: no events are taken there.'
  if (said >= 400 && said <= 499) return 'Take what the document describes, or correct the document.'
  return undefined
}

function signedWith(request: HttpRequest, fields: readonly string[]): HttpRequest {
  return { ...request, headers: [...request.headers, ...fields] }
}

/** The signature is what a profile adds last. */
function halved(fields: readonly string[]): readonly string[] {
  return fields.with(-1, fields.at(-1)?.slice(0, -10) ?? '')
}

function altered(body: Uint8Array): Uint8Array {
  const text = Buffer.from(body).toString()
  const isObject = text.endsWith('}') && text.length > 2
  return Buffer.from(isObject ? `${text.slice(0, -1)},"contrato":"changed"}` : `${text} `)
}

/** The same JSON in other bytes: what parses it and writes it anew gets others again. */
function otherwiseWritten(body: Uint8Array): Uint8Array | undefined {
  try {
    const text = JSON.stringify(JSON.parse(Buffer.from(body).toString()), null, 2)
    return Buffer.from(`${text.replaceAll('/', '\\/')}\n`)
  } catch {
    return undefined
  }
}

function withBody(event: Event, body: Uint8Array): Event {
  return { ...event, request: { ...event.request, body } }
}
