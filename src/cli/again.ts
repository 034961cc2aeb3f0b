import type { NextLines } from '../report/index.ts'
import type { Terminal, Typed } from './command.ts'
import { secretNames, variableOf } from './target.ts'

/** Flags that say what is asked and how, which a case needs to be what it was. */
const kept = ['url', 'confirm-host', 'bearer-env', 'timeout', 'param', 'allow-remote-refs'] as const

/** Milliseconds of a run, and of it for each request, from which on somebody may wish to ask several at the same time. */
const slow = { run: 30_000, request: 25 }

/**
 * The lines that lead on from a report of a command that runs cases.
 *
 * @param run how many requests were made, in how many milliseconds
 */
export function nextLines(
  command: string,
  typed: Typed,
  seed: number,
  { env }: Terminal,
  { requests, milliseconds }: { readonly requests: number; readonly milliseconds: number },
): NextLines {
  const isSlow = milliseconds >= slow.run && milliseconds / requests >= slow.request
  const isPaced = typed.text('workers') !== undefined || typed.text('rate') !== undefined
  // Whoever came through npx may have no other way.
  const program = env.npm_command === 'exec' ? 'npx contrato' : 'contrato'
  const words = [
    ...typed.positionals.map(quoted),
    ...kept.flatMap(flag => typed.texts(flag).map(value => `--${flag} ${quoted(value)}`)),
    ...typed.texts('header').map(field => `-H ${shownField(field)}`),
    ...(seed === 1 ? [] : [`--seed ${seed}`]),
  ]
  const line = (more: string): string => [program, command, ...words, more].join(' ')
  return {
    caseAgain: caseId => line(`--case ${quoted(caseId)}`),
    failedAgain: line('--last-failed'),
    explain: code => `${program} explain ${code}`,
    ...(isSlow && !isPaced && { sooner: line('--workers 8') }),
  }
}

/** A field that may be a secret is left for the shell to put in. */
function shownField(field: string): string {
  const name = field.slice(0, field.indexOf(':'))
  return secretNames.test(name) ? `"${name}: $${variableOf(name)}"` : quoted(field)
}

function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
