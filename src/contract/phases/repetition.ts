import { type Ask, type Ground, type Phase, successes } from '../case.ts'

/** How often the same valid request is made one after the other. */
const inARow = 25

/** How many are made at the same time. */
const atOnce = 8

export const repetition: Phase<'repetition'> = {
  id: 'repetition',
  says: 'the same valid request many times, one after the other and at once, and after a bad one',
  *plan(ground) {
    const expects = successes(ground)
    const { valid, operation } = ground
    // A thing can be removed once.
    if (operation.method === 'DELETE') return
    const again = (says: string): Ask => ({ says, request: valid, expects })
    for (let time = 1; time <= inARow; time += 1) yield [again('a valid request, repeated')]
    yield Array.from({ length: atOnce }, (_, lane) => {
      const request = { ...valid, target: apart(ground, lane), body: marked(ground, `at once ${lane + 1}`) }
      // Nobody has said that there is such a parent.
      return {
        says: 'valid requests at the same time',
        request,
        expects: request.target === valid.target ? expects : [],
      }
    })
    if (ground.body === undefined) return
    yield [
      // What it is answered with is judged elsewhere.
      {
        says: 'a bad request between good ones',
        request: { ...valid, body: Buffer.from('{') },
        expects: [],
        outside: true,
      },
      again('a valid request beside a bad one'),
    ]
    yield [again('a valid request after a bad one')]
  },
}

/** The place below a parent of its own, where things are created and nobody has said which parents there are. */
function apart({ operation, resource, known, given, requestOf, isRefused, valid }: Ground, lane: number): string {
  const [parent] = operation.parameters.filter(({ in: place }) => place === 'path')
  if (resource === undefined || parent === undefined || given.has(parent.name) || lane % 2 === 0) return valid.target
  const request = requestOf(operation, new Map(known).set(parent.name, `contrato-at-once-${lane}`))
  return isRefused({ ...request, body: valid.body }) ? valid.target : request.target
}

/** The valid body with a text of its own in each place that takes one, so that answers cannot be taken for one another. */
function marked({ body, valid }: Ground, mark: string): Uint8Array {
  if (body === undefined || typeof body.value !== 'object' || body.value === null || Array.isArray(body.value))
    return valid.body
  const value: Record<string, unknown> = { ...body.value }
  for (const [name, member] of Object.entries(value)) {
    if (typeof member === 'string' && body.schema.accepts({ ...value, [name]: mark })) value[name] = mark
  }
  return Buffer.from(JSON.stringify(value))
}
