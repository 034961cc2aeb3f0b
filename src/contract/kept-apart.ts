import { type Ask, type Ground, type Played, refusal, type Steps } from './case.ts'
import { asThing } from './thing.ts'

/** Requests one after the other or at the same time, made anew each time. */
type Round = { readonly says: string; readonly steps: () => readonly (readonly Meant[])[] }
type Meant = { readonly ask: Ask; readonly isRight: boolean }

/** What is shown so often is no chance. */
const times = 2

/**
 * Whether a request is judged by itself alone: a right one is taken directly after a wrong one and beside wrong ones, and
 * those are refused. Only what is answered otherwise when the same request comes alone, and that each time, is told.
 *
 * @param bodyOf a right body with texts that no other has
 */
export function* keptApart(ground: Ground, bodyOf: (at: number) => Uint8Array): Steps {
  const { valid, operation } = ground
  const bad = badRequest(ground)
  if (bad === undefined) return
  let at = 0
  const right = (says: string): Meant => {
    at += 1
    return { ask: { says, request: { ...valid, body: bodyOf(at) }, expects: [] }, isRight: true }
  }
  const wrong = (says: string): Meant => {
    const { outside = false } = refusal(operation, ['400', '422'])
    return { ask: { says, request: bad, expects: [], outside }, isRight: false }
  }
  const after = 'directly after a bad one'
  const one = { says: after, steps: () => [[wrong(after)], [right(`a valid request ${after}`)]] }
  if (yield* isTold(ground, one)) return
  const beside = 'at the same time as others of which some are right and some are wrong'
  const says = 'valid and bad requests at the same time'
  yield* isTold(ground, { says: beside, steps: () => [[right(says), wrong(says), right(says), wrong(says)]] })
}

/** A request with as many faults as there are members. */
function badRequest({ valid, body, isRefused }: Ground): Ask['request'] | undefined {
  const members = Object.keys(asThing(body?.value) ?? {})
  const bodies = [{}, Object.fromEntries(members.map(name => [name, { contrato: 1 }]))]
  return bodies
    .map(each => ({ ...valid, body: Buffer.from(JSON.stringify(each)) }))
    .find(request => body !== undefined && isRefused(request))
}

function* isTold(ground: Ground, round: Round): Generator<readonly Ask[], boolean, readonly Played[]> {
  for (let time = 1; time <= times; time += 1) {
    let found: { readonly meant: Meant; readonly status: number } | undefined
    for (const step of round.steps()) {
      const played = yield step.map(({ ask }) => ask)
      for (const [place, meant] of step.entries()) {
        const { status = 0 } = played[place]?.response ?? {}
        if (meant.isRight ? isRefusal(status) : isSuccess(status)) found ??= { meant, status }
      }
    }
    if (found === undefined) return false
    const { meant, status } = found
    const [alone] = yield [{ ...meant.ask, says: 'the same request alone' }]
    const { status: other = 0 } = alone?.response ?? {}
    if (meant.isRight ? !isSuccess(other) : !isRefusal(other)) return false
    if (time === times) tell(ground, round, meant, status, other)
  }
  return true
}

function isRefusal(status: number): boolean {
  return status === 400 || status === 422
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300
}

function tell({ operation, complain }: Ground, { says }: Round, meant: Meant, status: number, other: number): void {
  const what = meant.isRight ? 'a valid' : 'a bad'
  complain({
    code: 'status-unexpected',
    severity: 'error',
    check: 'status-expected',
    message: `${operation.id} answered ${status} to ${what} request ${says}, and ${other} to the same request alone`,
    help: 'Keep what was found out about one request in that request, not in something that all share.',
    operation,
    pointer: `${operation.pointer}/responses`,
    says: meant.ask.says,
    request: meant.ask.request,
    phase: 'repetition',
  })
}
