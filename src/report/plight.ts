import type { Report } from './report.ts'

/** With fewer answers, nothing can be said of all. */
const few = 5

/**
 * One sentence for a target that is wrong as a whole, so that nobody looks for a hundred causes: it never succeeded, or it
 * says the same to everything. Nothing is said where nothing was found.
 */
export function plightOf({ coverage = [], findings, command }: Report): string | undefined {
  if (!findings.some(({ severity, code }) => severity === 'error' || code === 'success-unreached')) return undefined
  const counts = new Map<string, number>()
  for (const { statuses } of coverage) {
    for (const [status, count] of Object.entries(statuses)) {
      if (count > 0) counts.set(status, (counts.get(status) ?? 0) + count)
    }
  }
  const ranked = [...counts].sort(([, a], [, b]) => b - a)
  const total = ranked.reduce((sum, [, count]) => sum + count, 0)
  const [usual] = ranked
  if (usual === undefined || total < few) return undefined
  const [status] = usual
  const advice = command === 'check' ? ` ${adviceOn(status)}` : ''
  if (ranked.some(([code]) => code.startsWith('2'))) {
    if (ranked.length > 1 || !findings.some(({ code }) => code === 'status-unexpected')) return undefined
    return `All ${total} answers had the status ${status}, also those to requests that the document forbids.`
  }
  if (ranked.length === 1) return `Nothing succeeded: all ${total} answers had the status ${status}.${advice}`
  const shares = ranked.map(([code, count]) => `${count} × ${code}`).join(', ')
  return `Nothing succeeded in ${total} answers (${shares}).${advice}`
}

function adviceOn(status: string): string {
  if (status === '401' || status === '403') return 'Give credentials that the server accepts, with --bearer-env or -H.'
  if (status === '404') return 'Look whether --url leads to this API, with the base path that it is served under.'
  if (status === '429') return 'The server limits how often it answers; lift the limit for the time of the check.'
  if (status.startsWith('3')) return 'Redirects are not followed; give the address they lead to as --url.'
  if (status.startsWith('5')) return 'The log of the server says why it fails.'
  return 'Mend what refuses the valid requests first; the other findings may follow from it.'
}
