import { describe, expect, it } from 'vitest'
import { nextLines } from '../../src/cli/again.ts'
import type { Terminal, Typed } from '../../src/cli/command.ts'

const terminal = { env: {} } as Terminal

function typed(flags: Readonly<Record<string, string>>): Typed {
  const text = (name: string): string | undefined => flags[name]
  const texts = (name: string): readonly string[] => [flags[name] ?? []].flat()
  return { positionals: ['api.yaml'], text, texts } as unknown as Typed
}

describe('the lines that lead on from a run', () => {
  const url = 'http://127.0.0.1:3000'
  const sooner = (flags: Readonly<Record<string, string>>, requests: number, milliseconds: number) =>
    nextLines('check', typed({ url, ...flags }), 1, terminal, { requests, milliseconds }).sooner

  it('say how to wait less where a server took its time for each request', () => {
    expect(sooner({}, 1_300, 190_000)).toBe(`contrato check api.yaml --url ${url} --workers 8`)
  })

  it('say nothing of that where it was quick, many were made, or the pace was given', () => {
    expect(sooner({}, 1_300, 4_000)).toBeUndefined()
    expect(sooner({}, 100_000, 200_000)).toBeUndefined()
    expect(sooner({ workers: '2' }, 1_300, 190_000)).toBeUndefined()
    expect(sooner({ rate: '5' }, 1_300, 190_000)).toBeUndefined()
  })
})
