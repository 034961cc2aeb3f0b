import { formBody } from '../../../generate/index.ts'
import { acceptingPlans } from '../accepted.ts'
import { defineKind } from '../sabotage.ts'

export const formAccepted = defineKind({
  id: 'form-accepted',
  says: 'one clause of what a form holds is not looked at',
  *plan(api, operation) {
    const form = formBody(api, operation)
    if (form !== undefined) yield* acceptingPlans(operation, form, [form.value])
  },
})
