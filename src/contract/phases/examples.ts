import { oneByOne, type Phase, successes } from '../case.ts'

export const examples: Phase<'examples'> = {
  id: 'examples',
  isLoose: true,
  says: 'the documented requests, which must succeed',
  plan: ground => {
    const expects = successes(ground)
    const named = ground.bodies.map(({ name, bytes }) => ({
      says: `the example "${name}"`,
      request: { ...ground.valid, body: bytes },
      expects,
    }))
    return oneByOne(named.length > 0 ? named : [{ says: 'a valid request', request: ground.valid, expects }], ground)
  },
}
