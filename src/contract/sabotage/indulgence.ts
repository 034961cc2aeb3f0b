import { withHeader } from '../../http/index.ts'
import { withField } from './answer.ts'
import type { Passing, Spoilt } from './sabotage.ts'

/**
 * The answer of a target that does not look at what it is to look at: it is asked once more, as `Prefer` lets one ask the
 * mock of contrato.
 *
 * @param wish `validate=false` or `auth=false`
 */
export async function indulged({ request, response, ask }: Passing, wish: string): Promise<Spoilt | undefined> {
  const answer = withField(await ask(withHeader(request, 'Prefer', wish)), 'preference-applied')
  // Something else was wrong with the request, too.
  return answer.status === response.status ? undefined : { response: answer, isForbidden: true }
}
