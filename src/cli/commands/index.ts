import type { Command } from '../command.ts'

/** A command by name, with what the overview says of it; the rest is loaded when it is called. */
export type Entry = { readonly name: string; readonly says: string; readonly load: () => Promise<Command> }

/** Every command, in the order of the overview. */
export const commands: readonly Entry[] = [
  { name: 'mock', says: 'serve a mock of the document', load: async () => (await import('./mock.ts')).mock },
  {
    name: 'check',
    says: 'tell whether a running implementation keeps the document',
    load: async () => (await import('./check.ts')).check,
  },
  {
    name: 'prove',
    says: 'the same check on the mock, which must have no finding',
    load: async () => (await import('./prove.ts')).prove,
  },
  {
    name: 'score',
    says: 'break the mock clause by clause: how much does the check notice?',
    load: async () => (await import('./score.ts')).score,
  },
  {
    name: 'trigger',
    says: 'make a running mock emit an event',
    load: async () => (await import('./trigger.ts')).trigger,
  },
  {
    name: 'listen',
    says: 'receive events and hold them against the document',
    load: async () => (await import('./listen.ts')).listen,
  },
  {
    name: 'drill',
    says: 'tell whether a receiver of events is sound',
    load: async () => (await import('./drill.ts')).drill,
  },
  { name: 'report', says: 'make one report of several', load: async () => (await import('./report.ts')).report },
  { name: 'lint', says: "find the document's own faults", load: async () => (await import('./lint.ts')).lint },
  {
    name: 'types',
    says: 'write TypeScript types of the document',
    load: async () => (await import('./types.ts')).types,
  },
  {
    name: 'explain',
    says: 'say what a finding code means and how to fix it',
    load: async () => (await import('./explain.ts')).explain,
  },
]
