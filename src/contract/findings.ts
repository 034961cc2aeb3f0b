import type { Finding } from '../finding/index.ts'
import { type HttpRequest, redact } from '../http/index.ts'
import { type Api, percentEncoded } from '../model/index.ts'
import type { Case } from './case.ts'
import type { ContractOptions } from './options.ts'

type Shown = Pick<Case, 'id' | 'request' | 'cause'>
type FindingsOptions = Pick<ContractOptions, 'curl' | 'token' | 'tokens' | 'onFinding' | 'case' | 'cases'>
type Entry = { finding: Finding; trials: number }

/** As often a breach that did not come again is put to the test with other cases that show it. */
const maxTrials = 3

/** Of so many further cases the ids are kept: whoever asks them again knows whether a breach is mended. */
const maxOthers = 9

/** So many cases with the same wrong status at the same place are told by themselves; further ones are counted with the first. */
const maxAlike = 8

/** What a run has found so far; the same breach is told once, with the first case that shows it reliably. */
export class Findings {
  readonly #found = new Map<string, Entry>()
  /** Keys of those that are alike: more of them are one cause rather than many. */
  readonly #alike = new Map<string, string[]>()
  readonly #options: FindingsOptions
  readonly #mostAlike: number
  /** Names of the fields that carry credentials. */
  readonly #secretNames: readonly string[]
  readonly #tokens: readonly string[]

  /**
   * @param options.cases asked for by their ids, so that each is told by itself
   */
  constructor(api: Api, options: FindingsOptions) {
    this.#options = options
    this.#mostAlike = options.case === undefined && options.cases === undefined ? maxAlike : Number.POSITIVE_INFINITY
    const schemes = api.operations.flatMap(operation => operation.security.flat())
    const tokens = [options.token ?? '', ...(options.tokens?.values() ?? [])]
    // A token that another one begins with would leave the rest of that.
    this.#tokens = [...new Set(tokens)].filter(token => token !== '').sort((a, b) => b.length - a.length)
    this.#secretNames = [...new Set(schemes.flatMap(scheme => scheme.credential('')?.name ?? []))]
  }

  get all(): Finding[] {
    return [...this.#found.values()].map(({ finding }) => finding)
  }

  get hasError(): boolean {
    return this.all.some(({ severity }) => severity === 'error')
  }

  get size(): number {
    return this.#found.size
  }

  knows(finding: Finding, shown: Shown): boolean {
    return this.#found.has(this.#keyFor(finding, shown))
  }

  /** Under which key a finding is told: its own, or that of the first of many that are alike. */
  #keyFor(finding: Finding, shown: Shown): string {
    const own = keyOf(finding, shown)
    const alike = this.#alike.get(familyOf(finding)) ?? []
    const [first] = alike
    return alike.length < this.#mostAlike || first === undefined || alike.includes(own) ? own : first
  }

  /** Tells a breach that this case was the first to show by a smaller request. */
  replace(finding: Finding, shown: Shown): void {
    const entry = this.#found.get(keyOf(finding, shown))
    if (entry?.finding.caseId !== shown.id) return
    const { count = 1, otherCases } = entry.finding
    entry.finding = { ...this.#told(finding, shown, count), ...(otherCases && { otherCases }) }
  }

  add(finding: Finding, shown: Shown): void {
    const key = this.#keyFor(finding, shown)
    const entry = this.#found.get(key)
    if (entry === undefined) {
      const family = familyOf(finding)
      this.#alike.set(family, [...(this.#alike.get(family) ?? []), key])
      const told = this.#told(finding, shown, 1)
      this.#found.set(key, { finding: told, trials: 0 })
      this.#options.onFinding?.(told)
    } else entry.finding = counted(entry.finding, shown.id)
  }

  /** Whether nobody has tried yet if the breach comes again, or only in vain. */
  isDoubtful(finding: Finding, shown: Shown): boolean {
    const entry = this.#found.get(keyOf(finding, shown))
    if (entry === undefined) return false
    return entry.trials === 0 || (entry.finding.flaky === true && entry.trials < maxTrials)
  }

  /**
   * Notes whether a breach came again when the same was asked once more.
   *
   * @param tries how often it was asked
   */
  tried(finding: Finding, shown: Shown, again: boolean, tries: number): void {
    const entry = this.#found.get(keyOf(finding, shown))
    if (entry === undefined) return
    entry.trials += 1
    const { count = 1 } = entry.finding
    if (again) {
      if (entry.finding.flaky === true) entry.finding = this.#told(finding, shown, count)
      return
    }
    if (entry.finding.flaky === true) return
    const times = tries === 1 ? 'once' : `${tries} times`
    const message = `${entry.finding.message}; not so when asked ${times} more`
    const help = `${entry.finding.help} It comes and goes: look for what differs between requests, such as order, load and time.`
    entry.finding = { ...entry.finding, message, help, flaky: true }
  }

  #told(finding: Finding, { id, request }: Shown, count: number): Finding {
    const curl = this.#options.curl?.(this.#withoutToken(redact(request, this.#secretNames)))
    const message = this.#masked(finding.message)
    return { ...finding, message, caseId: id, count, ...(curl !== undefined && { curl }) }
  }

  /** The token may have been sent where it does not belong. */
  #withoutToken(request: HttpRequest): HttpRequest {
    if (this.#tokens.length === 0) return request
    const text = Buffer.from(request.body).toString()
    return {
      ...request,
      target: this.#tokens.reduce(
        (target, token) => target.replaceAll(`=${percentEncoded(token)}`, '=$TOKEN'),
        request.target,
      ),
      headers: request.headers.map((value, at) => (at % 2 === 1 ? this.#masked(value) : value)),
      body: this.#tokens.some(token => text.includes(token)) ? Buffer.from(this.#masked(text)) : request.body,
    }
  }

  /** A server may send back what it was sent; the token is not to reach a log that way. */
  #masked(text: string): string {
    return this.#tokens.reduce((rest, token) => rest.replaceAll(token, '$TOKEN'), text)
  }
}

function familyOf({ operation, code, pointer, status, severity }: Finding): string {
  return [operation, code, pointer, status, severity].join('\n')
}

/** The breach, shown by one case more. */
function counted(finding: Finding, id: string): Finding {
  const { caseId, count = 1, otherCases = [] } = finding
  const isNew = id !== caseId && !otherCases.includes(id) && otherCases.length < maxOthers
  return { ...finding, count: count + 1, ...(isNew && { otherCases: [...otherCases, id] }) }
}

/** An unexpected status is another breach for each clause that was broken, but the same for every valid request. */
function keyOf({ operation, code, pointer }: Finding, { id, cause }: Shown): string {
  const which = code === 'status-unexpected' && !id.includes('/examples/') ? (cause ?? id) : ''
  return [operation, code, pointer, which].join('\n')
}
