import { tmpdir } from 'node:os'
import path from 'node:path'
import { run } from '../../src/cli/run.ts'

/** A command in this process, as it would be typed: its exit code, and what it wrote to either stream. */
export async function typed(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<{ code: number; out: string; err: string }> {
  const told = { out: '', err: '' }
  const code = await run(words, {
    out: more => {
      told.out += more
    },
    err: more => {
      told.err += more
    },
    env: { CONTRATO_CACHE: path.join(tmpdir(), 'contrato-cache'), ...env },
    colours: false,
    input: async () => '',
    interrupted: () => new Promise(() => {}),
  })
  return { code, ...told }
}
