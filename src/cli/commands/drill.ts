import { type Answered, drillReceiver, findingsOf, profileFor } from '../../events/index.ts'
import { exitCodes, Trouble } from '../../finding/index.ts'
import { sendTo, Unreachable } from '../../http/index.ts'
import { Api } from '../../model/index.ts'
import { makeStyle } from '../../report/index.ts'
import type { Command } from '../command.ts'
import { documentFlags, openDocument } from '../document.ts'
import { secretFlags, secretOf } from '../secret.ts'
import { urlOf } from '../target.ts'
import { failOn, reporters, reportFlags, tell } from '../tell.ts'

export const drill: Command = {
  summary: 'Tells whether a receiver of events is sound.',
  description: [
    'It is sent the events of the document: a valid one, one with spaces in its JSON, the same again, an older one after a',
    'newer one, one that was signed hours ago, some whose signature is wrong, missing, cut off or of other bytes, one of an',
    'unknown kind, one of 4 MiB, one that arrives in pieces, and half of one. Each gets a verdict, with advice where it is',
    'unsound. Send it to receivers of your own only.',
  ].join('\n'),
  positionals: '[document]',
  maxPositionals: 1,
  flags: {
    url: { short: 'u', value: 'URL', help: 'where the receiver is (required)' },
    delivery: {
      value: 'PROFILE',
      help: 'how events are signed: codechat, standard-webhooks, github, stripe (default: as the document says)',
    },
    ...secretFlags,
    timeout: {
      value: 'MS',
      help: 'milliseconds until an answer is given up (default: as the profile has it, 10,000 to 20,000)',
    },
    ...documentFlags,
    ...reportFlags,
  },
  examples: [
    'contrato drill --url http://127.0.0.1:3000/hook',
    'contrato drill --url http://127.0.0.1:3000/hook --delivery standard-webhooks --secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  ],
  run: async (typed, terminal) => {
    const threshold = failOn(typed)
    const url = urlOf(typed.text('url'))
    reporters(typed, terminal)
    const given = timeoutOf(typed.text('timeout'))
    const { document } = await openDocument(typed, terminal)
    const api = new Api(document)
    const [profile, secret] = [typed.text('delivery'), secretOf(typed, terminal.env)]
    const timeout = given ?? profileFor(api, profile).timeout
    const options = { timeout, ...(profile !== undefined && { profile }), ...(secret !== undefined && { secret }) }
    const answers: Answered[] = []
    const style = makeStyle(terminal.colours)
    const marks = { sound: style.green('✔'), unsound: style.red('✖'), skipped: style.dim('-') }
    try {
      for await (const answer of drillReceiver(api, url, sendTo(url, { timeout }), options)) {
        answers.push(answer)
        terminal.err(`${marks[answer.verdict]} ${answer.question.padEnd(9)} ${answer.says}\n`)
      }
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error
      const help = /certificate|altnames/i.test(error.message)
        ? 'Have Node trust who signed it: NODE_EXTRA_CA_CERTS=ca.pem contrato drill …'
        : 'Check that the receiver runs and that --url names its address and port.'
      throw new Trouble(exitCodes.unreachable, `${url.origin} cannot be reached: ${error.message}`, help)
    }
    if (answers.every(({ verdict }) => verdict === 'skipped')) {
      const help = 'Name a document that has `callbacks` or `webhooks` with a body.'
      throw new Trouble(exitCodes.unusable, `${document.file} describes no events`, help)
    }
    const skipped = answers.flatMap(({ question, verdict, says }) =>
      verdict === 'skipped' ? [{ what: question, why: says }] : [],
    )
    const found = {
      command: 'drill',
      document,
      target: url.origin,
      findings: findingsOf(answers),
      summary: { questions: answers.length },
      skipped,
    }
    return await tell(found, threshold, typed, terminal)
  },
}

function timeoutOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const milliseconds = Number(text)
  if (Number.isInteger(milliseconds) && milliseconds > 0) return milliseconds
  throw new Trouble(exitCodes.unusable, `${text} is not a number of milliseconds`, 'Give a whole number above 0.')
}
