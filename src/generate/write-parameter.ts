import { encodeBody, type Parameter, type Part, serializationOf, type Written, writeValue } from '../model/index.ts'

/** Writes the value of a parameter as the document says. Source: OpenAPI 3.1.1, sections 4.8.12.3 and 4.8.12.4. */
export function writeParameter(part: Part, { name, in: place }: Parameter, value: unknown): readonly Written[] {
  const schema = part.get('schema')
  const flags = { reserved: part.is('allowReserved'), required: part.is('required') }
  const form = { ...serializationOf(part, schema, place, name), ...flags }
  const [mediaType, content] = [...(part.get('content')?.entries() ?? [])][0] ?? []
  if (mediaType === undefined || content === undefined) return writeValue(form, value)
  const shape = { schema: content.get('schema'), encoding: content.get('encoding') }
  const text = Buffer.from(encodeBody(mediaType, value, shape).bytes).toString('utf8')
  // The query as a whole is encoded by its media type already.
  const isForm = place === 'querystring' && /^application\/x-www-form-urlencoded/i.test(mediaType)
  return isForm ? [['', text]] : writeValue({ ...form, style: 'simple', reserved: false }, text)
}
