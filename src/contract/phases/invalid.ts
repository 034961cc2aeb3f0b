import { type Phase, refusals } from '../case.ts'

export const invalid: Phase<'invalid'> = {
  id: 'invalid',
  says: 'each clause of the body broken alone, which must be refused',
  plan: ({ operation, valid, broken }) =>
    broken.map(({ says, value }) => ({
      says,
      request: { ...valid, body: Buffer.from(JSON.stringify(value)) },
      expects: refusals(operation, ['400', '422']),
    })),
}
