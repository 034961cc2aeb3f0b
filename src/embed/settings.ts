import { createHash } from 'node:crypto'
import type { Document } from '../document/index.ts'
import type { EventsOptions } from '../events/index.ts'
import type { MockOptions } from '../mock/index.ts'
import type { CredentialOptions } from '../model/index.ts'
import type { Settings } from '../store/index.ts'

/** How a mock was started, as far as others can tell from what it answers and sends. */
export type Started = MockOptions &
  CredentialOptions & {
    readonly events?: EventsOptions | undefined
    /** Whether edits of the documents are served, which reach one mock before they reach another. */
    readonly watch?: boolean
    /** The instant that the time of day stands still at. */
    readonly clock?: string | undefined
  }

/** What mocks that remember together should have in common, by the names of the flags. */
export function settingsOf(documents: readonly Document[], started: Started): Settings {
  const { events = {}, bearer = [], seed = '', clock = '' } = started
  const { profile = '', secret = '', webhookUrl = '', allowTargets = [] } = events
  return {
    ...(started.watch !== true && { 'the document': { value: documents.map(markOf).join(' + ') } }),
    '--seed': { value: seed },
    '--clock': { value: clock },
    '--dynamic': { value: yes(started.dynamic) },
    '--ignore-examples': { value: yes(started.ignoreExamples) },
    '--no-validate': { value: yes(started.validate === false) },
    '--no-auth': { value: yes(started.auth === false) },
    '--bearer': { value: [...bearer].sort().join(' '), isSecret: true },
    '--delivery': { value: profile },
    '--webhook-secret': { value: secret, isSecret: true },
    // It may hold a token.
    '--webhook-url': { value: webhookUrl, isSecret: true },
    '--allow-target': { value: [...allowTargets].sort().join(' ') },
  }
}

function yes(is: boolean | undefined): string {
  return is === true ? 'given' : ''
}

/** Version and hash of a document. */
function markOf({ root }: Document): string {
  const { info } = root as { readonly info?: { readonly version?: unknown } }
  const hash = createHash('sha256').update(JSON.stringify(root)).digest('hex').slice(0, 8)
  return `version ${String(info?.version ?? '?')} (${hash})`
}
