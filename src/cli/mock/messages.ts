import type { Share } from '../../mock/index.ts'
import type { Credentials } from '../../server/index.ts'

/** Set in the environment of a worker, and of nothing else. */
export const workerVariable = 'CONTRATO_WORKER'

/** What the first process says to a worker. */
export type Order =
  | { readonly kind: 'serve'; readonly port: number; readonly share: Share; readonly tls?: Credentials }
  | { readonly kind: 'reload'; readonly at: number }
  | { readonly kind: 'end' }

/** What a worker says to the first process. */
export type Word =
  | { readonly kind: 'ready' }
  | { readonly kind: 'listening'; readonly url: string; readonly port: number }
  | { readonly kind: 'reloaded'; readonly at: number }
  | { readonly kind: 'notice'; readonly text: string }
  | { readonly kind: 'trouble'; readonly exitCode: number; readonly message: string; readonly help: string }
