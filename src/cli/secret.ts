import { exitCodes, Trouble } from '../finding/index.ts'
import type { Flag, Typed } from './command.ts'
import { tokenOf } from './target.ts'

/** Flags of commands that sign or verify events. */
export const secretFlags: Readonly<Record<string, Flag>> = {
  secret: { value: 'TEXT', help: 'what signs the events (default: that of contrato mock)' },
  'secret-env': { value: 'NAME', help: 'environment variable that holds what signs the events' },
}

/** @throws Trouble with exit code 2 for a variable that is not set, and for two secrets */
export function secretOf(typed: Typed, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const [text, name] = [typed.text('secret'), typed.text('secret-env')]
  if (text !== undefined && name !== undefined) {
    throw new Trouble(exitCodes.unusable, '--secret and --secret-env are two secrets', 'Give one of them.')
  }
  return text ?? tokenOf(name, env)
}
