import { breakEach } from '../../generate/index.ts'
import type { Parameter } from '../../model/index.ts'
import { type Ask, type Ground, oneByOne, type Phase, refusal } from '../case.ts'

/** Texts that a parameter of some type, list or form does not take. */
const wrong: readonly string[] = ['not-a-number', '-1', '99999999999999999999', '1.5', 'maybe', '', '\u0007']

export const invalid: Phase<'invalid'> = {
  id: 'invalid',
  isLoose: true,
  says: 'each clause of the body and the parameters broken alone, which must be refused',
  plan: ground => oneByOne([...bodiesOf(ground), ...parametersOf(ground)], ground),
}

function bodiesOf({ operation, valid, body, isRefused }: Ground): Ask[] {
  if (body === undefined) return []
  const held = refusal(operation, ['400', '422'])
  return breakEach(body.schema, body.part, body.value)
    .map(({ says, value }) => ({
      says,
      cause: says,
      request: { ...valid, body: Buffer.from(JSON.stringify(value)) },
      ...held,
    }))
    .filter(({ request }) => isRefused(request))
}

/** For each parameter the first texts that the document refuses once they are written into the request. */
function parametersOf(ground: Ground): Ask[] {
  const { operation, valid, known, requestOf, isRefused } = ground
  const held = refusal(operation, ['400', '422'], ['404'])
  const broken = (parameter: Parameter, text: string): Ask[] => {
    if (parameter.in === 'path' && text === '') return []
    const made = requestOf(operation, new Map([...known, [parameter.name, text]]))
    const request = { ...made, body: valid.body }
    const says = `${parameter.name} (${parameter.in}) as ${JSON.stringify(text)}`
    return isRefused(request) ? [{ says, request, ...held }] : []
  }
  return operation.parameters.flatMap(parameter => wrong.flatMap(text => broken(parameter, text)).slice(0, 2))
}
