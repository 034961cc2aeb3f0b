import type { Breaker } from './breaker.ts'

/** Texts that are nearly of a format: lenient readers take them. */
const nearly: Readonly<Record<string, readonly string[]>> = {
  date: ['2023-02-29', '2024-1-5', '2024-02-01T00:00:00Z'],
  'date-time': ['2023-02-29T12:00:00Z', '2024-02-01', '2024-02-01T12:00:00', '1706788800'],
  time: ['25:00:00Z'],
  email: ['contrato@', 'contrato'],
  uuid: ['00000000-0000-4000-8000-00000000000g', '00000000000040008000000000000000'],
  uri: ['example.com/without-a-scheme'],
  ipv4: ['256.1.1.1', '1.1.1'],
  ipv6: ['::g', '1.1.1.1'],
}

/** Text that fits no documented pattern or format, and text that nearly does. */
export const form: Breaker<'form'> = {
  id: 'form',
  breaks: (schema, value) => {
    if (typeof value !== 'string') return []
    const asked = ['pattern', 'format'].find(keyword => schema.get(keyword) !== undefined)
    if (asked === undefined) return []
    const near = nearly[schema.text('format') ?? ''] ?? []
    // Who looks for the pattern anywhere in the text, or with a $ that lets a line end, takes these.
    const around =
      schema.get('pattern') === undefined
        ? []
        : [
            { says: 'text of its pattern with more before it', value: `!${value}` },
            { says: 'text of its pattern with more behind it', value: `${value}!` },
            { says: 'text of its pattern with a line break behind it', value: `${value}\n` },
          ]
    return [
      { says: `text that is not of its ${asked}`, value: '\u0001 not of this form' },
      ...near.map(text => ({ says: `${text}, which is nearly of its format`, value: text })),
      ...around,
    ]
  },
}
