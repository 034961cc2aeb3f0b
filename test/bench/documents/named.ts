import type { Api } from '../../../src/model/index.ts'
import type { Outcome } from './sweep.ts'

/**
 * The bodies that are wrong and of which the mock did not say why the document makes them impossible: each has to be named
 * by its own operation and status.
 */
export function unnamedOf(outcomes: readonly Outcome[], notices: readonly string[], api: Api): string[] {
  const isNamed = ({ promised: { method, path, code } }: Outcome): boolean => {
    const operation = api.operations.find(candidate => candidate.method === method && candidate.path === path)
    return notices.some(
      notice => notice.startsWith(`${operation?.id} ${code}: `) && notice.includes('no value fits the schema at #/'),
    )
  }
  return outcomes
    .filter(outcome => outcome.kind !== 'valid' && !(outcome.kind === 'invalid' && isNamed(outcome)))
    .map(({ promised: { method, path, status }, kind, says }) => `${method} ${path} ${status}: ${kind}: ${says}`)
}
