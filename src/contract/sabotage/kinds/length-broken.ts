import { inAnswers } from '../bodies.ts'
import { outOfLength } from '../clauses/index.ts'
import { defineKind } from '../sabotage.ts'

export const lengthBroken = defineKind({
  id: 'length-broken',
  says: 'a text of an answer is too short or too long',
  plan: (api, operation) => inAnswers(api, operation, outOfLength),
})
