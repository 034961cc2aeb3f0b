import { inAnswers } from '../bodies.ts'
import { outOfBounds } from '../clauses/index.ts'
import { defineKind } from '../sabotage.ts'

export const boundsBroken = defineKind({
  id: 'bounds-broken',
  says: 'a number of an answer is beyond its bounds',
  plan: (api, operation) => inAnswers(api, operation, outOfBounds),
})
