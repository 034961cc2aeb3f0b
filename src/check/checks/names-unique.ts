import { isJson } from '../../http/index.ts'
import { answered, defineCheck, type Objection } from '../check.ts'

export const namesUnique = defineCheck({
  id: 'names-unique',
  asks: 'Is the JSON of the body one that every parser reads alike?',
  judge: evidence => {
    const { response } = evidence.exchange
    if (evidence.body === undefined || !isJson(evidence.essence ?? '')) return []
    const pointer = evidence.content?.pointer ?? evidence.description?.pointer
    const { body } = response
    const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')
    if (isCanonical(text, evidence.body.value)) return []
    const objections: Objection[] = []
    if (text.charCodeAt(0) === 0xfeff) {
      const message = `${answered(evidence)} with a byte order mark before the JSON`
      // RFC 8259, section 8.1: an implementation must not add one.
      objections.push({ code: 'body-ambiguous', message, help: 'Send the JSON without it.', pointer })
    }
    const name = repeatedName(text)
    if (name !== undefined) {
      const message = `${answered(evidence)} with the name ${name} twice in one object`
      objections.push({ code: 'body-ambiguous', message, help: 'Send each name once.', pointer })
    }
    return objections
  },
})

/** Whether the text is what node would write, which has each name once; most are, and it is known sooner than by reading. */
function isCanonical(text: string, value: unknown): boolean {
  try {
    return text === JSON.stringify(value)
  } catch {
    // What is nested deeply can be read and not written.
    return false
  }
}

/** The first name that one object has twice, of text that is valid JSON. Source: RFC 8259, section 4. */
function repeatedName(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = []
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[{}[\]]/g)) {
    if (token === '{') open.push(new Set())
    else if (token === '[') open.push(undefined)
    else if (token === '}' || token === ']') open.pop()
    else if (token.endsWith(':')) {
      const name = JSON.parse(token.slice(0, -1)) as string
      const names = open.at(-1)
      if (names?.has(name)) return JSON.stringify(name)
      names?.add(name)
    }
  }
  return undefined
}
