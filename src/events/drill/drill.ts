import type { Finding } from '../../finding/index.ts'
import type { Handler } from '../../http/index.ts'
import type { Api } from '../../model/index.ts'
import { type Asker, type DrillOptions, makeAsker } from './asker.ts'
import { type Question, questions } from './questions.ts'

/** What one question brought to light. */
export type Answered = {
  readonly question: string
  readonly verdict: 'sound' | 'unsound' | 'skipped'
  /** What the receiver did, or why it was not asked. */
  readonly says: string
  readonly advice?: string
}

const lastAdvice = 'The receiver ended. Catch what goes wrong with one event, so that it lives to take the next.'

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
  for (const question of questions) {
    const { name, advice } = question
    const why = isAlive ? whyNot(question, asker) : 'it takes no valid event'
    const outcome = why === undefined ? await question.ask(asker) : undefined
    if (outcome === undefined) {
      yield { question: name, verdict: 'skipped', says: why ?? 'the document has no event for it' }
    } else if (outcome.fault) {
      const said = asker.isGone ? lastAdvice : (outcome.advice ?? advice)
      yield { question: name, verdict: 'unsound', says: outcome.says, advice: said }
    } else {
      yield { question: name, verdict: 'sound', says: outcome.says }
    }
    if (name === 'valid' && outcome?.fault !== false) isAlive = false
  }
}

/** Why a question is not asked. */
function whyNot({ about, takesSame }: Question, { profile, isGone, refusesSame }: Asker): string | undefined {
  if (isGone) return 'nobody listens there any more'
  if (about !== undefined && !profile.isSigned) return `${profile.name} signs nothing`
  if (about === 'time' && !profile.isTimed) return `${profile.name} does not sign the time`
  return takesSame === true && refusesSame ? 'it takes no event that says the same as another' : undefined
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
