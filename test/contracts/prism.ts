import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'

/** A Prism of its own process; whoever started it ends it. */
export type Prism = AsyncDisposable & { readonly url: string }

const command = createRequire(import.meta.url).resolve('@stoplight/prism-cli/dist/index.js')

/** Starts Prism on a free port and waits until it says that it listens. */
export async function startPrism(...args: readonly string[]): Promise<Prism> {
  const child = spawn(process.execPath, [command, ...args, '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'exit')
  const kill = (): unknown => child.kill()
  process.once('exit', kill)
  const end = async (): Promise<void> => {
    kill()
    await ended
    process.off('exit', kill)
  }
  let output = ''
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (text: string): void => {
      if (output.length < 10_000) output += text
      const found = /listening on (http:\S+)/.exec(output)?.[1]
      if (found !== undefined) resolve(found)
    }
    // Both go on being read, or Prism would stand still once a pipe is full.
    child.stdout.setEncoding('utf8').on('data', hear)
    child.stderr.setEncoding('utf8').on('data', hear)
    child.once('exit', code => reject(new Error(`prism ended with ${code}:\n${output}`)))
  })
  return { url, [Symbol.asyncDispose]: end }
}
