import { defineRule } from '../rule.ts'

/** Every operation says which credentials it takes, or that it takes none. */
export const securityMissing = defineRule({
  code: 'security-missing',
  severity: 'warning',
  *review({ api, document }) {
    if (Array.isArray(document.root.security)) return
    for (const { id, part, pointer } of api.operations) {
      if (part.get('security') !== undefined) continue
      yield {
        message: `${id} does not say which credentials it takes, nor does the document`,
        help: 'State `security`, or `security: []` where everybody may call it.',
        pointer,
        operation: id,
      }
    }
  },
})
