import type { Finding } from '../finding/index.ts'
import type { Skipped } from './options.ts'

/** A breach that somebody has agreed to live with. */
export type Accepted = Pick<Finding, 'code' | 'operation' | 'pointer'> & {
  readonly reason: string
  /** The last day on which it is accepted, as `2025-12-31`; without one, for good. */
  readonly expires?: string
}

/** What is left of findings, what was accepted of them, and the entries that nothing was found for. */
export type Held = {
  readonly findings: readonly Finding[]
  readonly accepted: readonly Finding[]
  readonly unused: readonly Skipped[]
}

/**
 * Holds findings against what is accepted: what an entry is about counts no more, until the entry expires.
 *
 * @param today as `2025-12-31`
 * @param isWhole whether the run could have met every entry, so that one that nothing was found for is told
 */
export function holdAgainst(
  findings: readonly Finding[],
  entries: readonly Accepted[],
  today: string,
  isWhole: boolean,
): Held {
  const used = new Set<Accepted>()
  const accepted: Finding[] = []
  const left = findings.flatMap(finding => {
    const matching = entries.filter(entry => isAbout(entry, finding))
    for (const entry of matching) used.add(entry)
    const valid = matching.find(({ expires }) => expires === undefined || expires >= today)
    if (valid !== undefined) {
      const { reason, expires: until } = valid
      accepted.push({ ...finding, accepted: { reason, ...(until !== undefined && { expires: until }) } })
      return []
    }
    const [expired] = matching
    if (expired === undefined) return [finding]
    return [{ ...finding, help: `${finding.help} It was accepted until ${expired.expires}: ${expired.reason}` }]
  })
  const unused = isWhole ? entries.filter(entry => !used.has(entry)) : []
  const why = 'the baseline accepts it, and it was not found any more: take the entry out'
  return { findings: left, accepted, unused: unused.map(entry => ({ what: nameOf(entry), why })) }
}

/**
 * Entries for these findings; those that are there already keep their reason and their date.
 *
 * @param isWhole whether the run could have met every entry, so that one that nothing was found for is left out
 */
export function entriesFor(
  findings: readonly Finding[],
  known: readonly Accepted[],
  expires: string,
  isWhole: boolean,
): Accepted[] {
  const entries = new Map<string, Accepted>(isWhole ? [] : known.map(entry => [nameOf(entry), entry]))
  for (const finding of findings) {
    const entry = known.find(candidate => isAbout(candidate, finding)) ?? {
      code: finding.code,
      ...(finding.operation !== undefined && { operation: finding.operation }),
      ...(finding.pointer !== undefined && { pointer: finding.pointer }),
      reason: '',
      expires,
    }
    entries.set(nameOf(entry), entry)
  }
  return [...entries.values()]
}

function isAbout({ code, operation, pointer }: Accepted, finding: Finding): boolean {
  const fits = (wanted: string | undefined, is: string | undefined): boolean => wanted === undefined || wanted === is
  return code === finding.code && fits(operation, finding.operation) && fits(pointer, finding.pointer)
}

function nameOf({ code, operation, pointer }: Accepted): string {
  return [code, operation, pointer].filter(part => part !== undefined).join(' ')
}
