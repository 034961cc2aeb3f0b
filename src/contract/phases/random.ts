import { sample } from '../../generate/index.ts'
import { oneByOne, type Phase, successes } from '../case.ts'

/** Bodies that chance comes up with, for each operation. */
const draws = 12

export const random: Phase<'random'> = {
  id: 'random',
  says: 'valid bodies that chance comes up with, which must be accepted',
  plan: ground => {
    const { body, valid } = ground
    if (body === undefined) return oneByOne([])
    const texts = Array.from({ length: draws }, (_, at) => sample(body.schema, body.part, at + 1)).flatMap(made =>
      made.kind === 'made' ? [JSON.stringify(made.value)] : [],
    )
    const expects = successes(ground)
    return oneByOne(
      [...new Set(texts)].map((text, at) => ({
        says: `random body ${at + 1}`,
        request: { ...valid, body: Buffer.from(text) },
        expects,
      })),
    )
  },
}
