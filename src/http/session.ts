import { type Headers, headerOf } from './message.ts'

/** The field of a request that names its session: what is remembered under one name is not there under another. */
export const sessionField = 'Contrato-Session'

/** The session of a request; `undefined` for one that is in none. */
export function sessionOf(headers: Headers): string | undefined {
  const name = headerOf(headers, 'contrato-session')?.trim()
  return name === '' ? undefined : name
}
