/** Fields that frame or code the message: what a document says of them was true of another message. */
const framing = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Whether a documented field is one that the connection itself decides. */
export function isFraming(name: string): boolean {
  return framing.has(name)
}

/** A value as a field carries it. Source: OpenAPI 3.1.1, section 4.8.12.3, style `simple`. */
export function fieldText(value: unknown): string {
  if (Array.isArray(value)) return value.join(',')
  if (typeof value === 'object' && value !== null) return Object.entries(value).flat().join(',')
  return String(value)
}

/** Source: RFC 9110, section 5.6.2. */
export function isToken(text: string): boolean {
  return /^[\w!#$%&'*+\-.^`|~]+$/.test(text)
}

/** Source: RFC 9110, section 5.5. */
export function isFieldText(text: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text)
}

/** A word of a field: a token, else quoted; what neither can say is left out. Source: RFC 7240, section 2. */
export function word(text: string): string {
  if (isToken(text)) return text
  return isFieldText(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : '""'
}
