import { documented, type Phase } from '../case.ts'

export const examples: Phase<'examples'> = {
  id: 'examples',
  says: 'the documented requests, which must succeed',
  plan: ({ operation, valid, bodies, certain }) => {
    const expects = certain ? documented(operation, status => /^[23]/.test(status)) : []
    const named = bodies.map(({ name, bytes }) => ({
      says: `the example "${name}"`,
      request: { ...valid, body: bytes },
      expects,
    }))
    return named.length > 0 ? named : [{ says: 'a valid request', request: valid, expects }]
  },
}
