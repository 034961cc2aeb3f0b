import { type KindId, kinds, type Sabotage, type ScoreOptions, scoreContract } from '../../contract/index.ts'
import { exitCodes, type Finding, Trouble } from '../../finding/index.ts'
import { Mock } from '../../mock/index.ts'
import { Api } from '../../model/index.ts'
import type { Command, Typed } from '../command.ts'
import { contractOptions, requireKnown, scopeFlags } from '../contract.ts'
import { openDocument } from '../document.ts'
import { progressOn } from '../progress.ts'
import { failOn, tell } from '../tell.ts'

const usualMin = 97
const usualLimit = 1_000

/** What the mock takes for the right token, and nothing else. */
const token = 'contrato'

export const score: Command = {
  summary: 'Breaks the mock clause by clause, and tells how much of that the contract check notices.',
  description: [
    'Each sabotage breaks one named clause of the document: a member is dropped, a type changed, credentials are ignored,',
    'bytes cut. It is noticed, not noticed, not forbidden by the document, or not reached because the mock never gives the',
    'answer that would show it. Below --min, each one that was not noticed is an error, else a warning.',
    '',
    `Kinds: ${kinds.map(({ id }) => id).join(', ')}.`,
  ].join('\n'),
  positionals: '[document]',
  maxPositionals: 1,
  flags: {
    min: { value: 'PERCENT', help: `how much has to be noticed of what is forbidden (default ${usualMin})` },
    kinds: { value: 'LIST', help: 'kinds of sabotage to try (default all)' },
    limit: { value: 'N', help: `try no more than this, spread over kinds and operations (default ${usualLimit})` },
    ...scopeFlags,
  },
  examples: [
    'contrato score',
    'contrato score openapi/webhook.yaml --kinds member-dropped,type-changed --reporter json',
  ],
  run: async (typed, terminal) => {
    const threshold = failOn(typed)
    const min = percentOf(typed.text('min'))
    const options = scoreOptions(typed)
    const { document } = await openDocument(typed, terminal)
    const api = new Api(document, { bearer: [token] })
    requireKnown(api, options)
    const stop = new AbortController()
    void terminal.interrupted().then(() => stop.abort())
    const started = new Date()
    const progress = progressOn(terminal)
    const onSabotage = ({ tried, of }: { readonly tried: number; readonly of: number }): void =>
      progress.show(`${tried} of ${of} sabotages`)
    const { handler } = new Mock(api)
    const scored = await scoreContract(api, handler, { ...options, token, onSabotage, signal: stop.signal })
    progress.end()
    const { sabotages, share, requests } = scored
    const left = scored.interrupted ? [{ what: 'further sabotages', why: 'the run was interrupted' }] : []
    const severity = share * 100 < min ? 'error' : 'warning'
    const report = {
      command: 'score',
      document,
      startedAt: started.toISOString(),
      durationMs: Date.now() - started.getTime(),
      findings: sabotages.filter(({ outcome }) => outcome === 'unnoticed').map(each => findingOf(each, severity)),
      ...(scored.interrupted && { ended: 'interrupted' as const }),
      skipped: [...scored.skipped, ...left],
      summary: {
        operations: new Set(sabotages.map(({ operation }) => operation)).size,
        sabotages: sabotages.length,
        requests,
      },
      sabotages,
    }
    const code = await tell(report, threshold, typed, terminal)
    return scored.interrupted ? exitCodes.interrupted : code
  },
}

/** @throws Trouble with exit code 2 for a kind that is none, and for a --limit that is no number */
function scoreOptions(typed: Typed): ScoreOptions {
  const { params, include, exclude } = contractOptions(typed)
  const named = typed
    .text('kinds')
    ?.split(',')
    .map(name => name.trim())
  const unknown = named?.find(name => !kinds.some(({ id }) => id === name))
  if (unknown !== undefined) {
    const known = kinds.map(({ id }) => id).join(', ')
    throw new Trouble(exitCodes.unusable, `${unknown} is not a kind of sabotage`, `Give some of ${known}.`)
  }
  const limit = typed.text('limit') ?? String(usualLimit)
  if (!/^[1-9]\d{0,8}$/.test(limit))
    throw new Trouble(exitCodes.unusable, `--limit ${limit} is not a number`, 'Give a whole number above 0.')
  return {
    limit: Number(limit),
    ...(params !== undefined && { params }),
    ...(include !== undefined && { include }),
    ...(exclude !== undefined && { exclude }),
    ...(named !== undefined && { kinds: named as KindId[] }),
  }
}

function percentOf(text: string | undefined): number {
  const percent = Number(text ?? usualMin)
  if (percent >= 0 && percent <= 100 && text?.trim() !== '') return percent
  throw new Trouble(exitCodes.unusable, `--min ${text} is not a percentage`, 'Give a number from 0 to 100.')
}

function findingOf({ kind, operation, says, pointer, position }: Sabotage, severity: Finding['severity']): Finding {
  return {
    code: 'sabotage-unnoticed',
    severity,
    operation,
    check: kind,
    message: `${operation} ${says}, and no case of the check notices`,
    help: 'A server may break this clause and pass; an example that shows the clause lets the check look at it.',
    pointer,
    position,
  }
}
