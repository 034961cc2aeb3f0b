import { headerOf } from '../../../http/index.ts'
import { isRefusedFor, securityOf } from '../credentials.ts'
import { indulged } from '../indulgence.ts'
import { always, defineKind } from '../sabotage.ts'

/** Ways to be careless with credentials: which of those that are wrong get through. */
const ways: readonly { readonly says: string; readonly lets: (field: string | undefined, token: string) => boolean }[] =
  [
    { says: 'lets in who shows no credentials', lets: field => field === undefined },
    { says: 'lets in who shows anything at all', lets: field => field !== undefined && field !== '' },
  ]

/** The same where the right token is known. */
const loose: typeof ways = [
  { says: 'takes every token for the right one', lets: field => /^Bearer \S+$/i.test(field ?? '') },
  {
    says: 'compares the beginning of the token only',
    lets: (field, token) => {
      const given = tokenIn(field)
      return given.length > 1 && (token.startsWith(given) || given.startsWith(token))
    },
  },
  {
    says: 'does not tell the cases of the token apart',
    lets: (field, token) => tokenIn(field).toLowerCase() === token.toLowerCase(),
  },
  { says: 'takes the token under any scheme', lets: (field, token) => field?.split(' ').at(-1) === token },
]

export const credentialsIgnored = defineKind({
  id: 'credentials-ignored',
  says: 'credentials are not looked at, or not closely',
  *plan(_api, operation, token) {
    const pointer = securityOf(operation)
    const isOpen = operation.security.length === 0 || operation.security.some(schemes => schemes.length === 0)
    const inField = operation.security.flat().every(scheme => scheme.credential('')?.name === 'Authorization')
    // A key may look like anything, so that nobody who knows not the right one can show a wrong one.
    const hasForm = operation.security.flat().every(({ challenge }) => challenge !== undefined)
    const isBearer = operation.security.flat().every(({ challenge }) => challenge?.startsWith('Bearer') === true)
    for (const { says, lets } of [
      ...ways.slice(0, inField && hasForm ? 2 : 1),
      ...(isBearer && token !== undefined ? loose : []),
    ]) {
      yield {
        says,
        pointer,
        ...(isOpen ? { isForbidden: false } : { isProvocable: true }),
        ...always(passing =>
          isRefusedFor(passing, operation) &&
          lets(inField ? headerOf(passing.request.headers, 'authorization') : undefined, token ?? '')
            ? indulged(passing, 'auth=false')
            : undefined,
        ),
      }
    }
  },
})

function tokenIn(field: string | undefined): string {
  return /^Bearer (\S+)$/i.exec(field ?? '')?.[1] ?? ''
}
