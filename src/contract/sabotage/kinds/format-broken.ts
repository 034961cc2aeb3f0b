import { inAnswers } from '../bodies.ts'
import { outOfFormat } from '../clauses/index.ts'
import { defineKind } from '../sabotage.ts'

export const formatBroken = defineKind({
  id: 'format-broken',
  says: 'a value of an answer is not of its format',
  plan: (api, operation) => inAnswers(api, operation, outOfFormat),
})
