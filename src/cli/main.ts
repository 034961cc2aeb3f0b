#!/usr/bin/env node
import { text } from 'node:stream/consumers'
import { exitCodes } from '../finding/index.ts'
import { run } from './run.ts'

/** Colours for people only: not into pipes, and as the environment says. Source: no-color.org, force-color.org. */
function wantsColours(): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0') return true
  return process.stdout.isTTY === true && TERM !== 'dumb'
}

/** The width of a terminal whose lines may be written over. */
function width(): number | undefined {
  const { CI, TERM } = process.env
  const isLog = (CI !== undefined && CI !== '' && CI !== 'false') || TERM === 'dumb'
  return process.stderr.isTTY === true && !isLog ? process.stderr.columns || 80 : undefined
}

/** The first signal asks for an orderly end, the second takes it. */
function interrupted(): Promise<void> {
  return new Promise(resolve => {
    let asked = false
    const ask = (): void => {
      if (asked) process.exit(exitCodes.interrupted)
      asked = true
      resolve()
    }
    process.on('SIGINT', ask)
    process.on('SIGTERM', ask)
  })
}

function onEnter(pressed: () => void): () => void {
  const { stdin } = process
  const read = (typed: Buffer): void => {
    if (typed.includes('\n')) pressed()
  }
  stdin.on('data', read)
  // That nothing can be typed is no error.
  stdin.on('error', () => undefined)
  return () => {
    stdin.off('data', read)
    stdin.pause()
  }
}

// A reader that goes away early (`| head`) is no error of ours.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

const columns = width()
process.exitCode = await run(process.argv.slice(2), {
  out: said => process.stdout.write(said),
  err: said => process.stderr.write(said),
  input: () => text(process.stdin),
  env: process.env,
  colours: wantsColours(),
  ...(columns !== undefined && { columns }),
  onEnter,
  interrupted,
})
