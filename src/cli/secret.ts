import { exitCodes, Trouble } from '../finding/index.ts'
import type { Flag, Typed } from './command.ts'
import { tokenOf } from './target.ts'

/** Flags of commands that sign or verify events. */
export const secretFlags: Readonly<Record<string, Flag>> = {
  secret: { value: 'TEXT', help: 'what signs the events (default: that of contrato mock)' },
  'secret-env': { value: 'NAME', help: 'environment variable that holds what signs the events' },
}

/**
 * @param flag that gives the secret; with `-env` behind it, the one that names its variable
 * @throws Trouble with exit code 2 for a variable that is not set, and for two secrets
 */
export function secretOf(
  typed: Typed,
  env: Readonly<Record<string, string | undefined>>,
  flag = 'secret',
): string | undefined {
  const [text, name] = [typed.text(flag), typed.text(`${flag}-env`)]
  if (text !== undefined && name !== undefined) {
    throw new Trouble(exitCodes.unusable, `--${flag} and --${flag}-env are two secrets`, 'Give one of them.')
  }
  return text ?? tokenOf(name, env)
}
