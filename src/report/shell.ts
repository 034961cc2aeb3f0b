/** Bytes that are the same from here on are told by their number; a terminal is no place for a megabyte of them. */
const longRun = 1024

/** Control characters that a paste loses or acts on, and characters that cannot be seen; a line feed within quotes is neither. */
const fragile = /(?!\n)\p{Cc}|[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u

/** Longer words are refused by Linux. */
const maxWord = 100_000

/** The text of a body that stands as it is in a line for a shell; `undefined` of one that only bytes can say. */
export function plainText(body: Uint8Array): string | undefined {
  if (body.length > maxWord || pieces(body).length > 1) return undefined
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
    return fragile.test(text) ? undefined : text
  } catch {
    return undefined
  }
}

/** A command of a POSIX shell that writes these bytes to standard output. */
export function writing(body: Uint8Array): string {
  const commands = pieces(body).map(piece =>
    piece.length < longRun || !isRun(piece)
      ? `printf ${escaped(piece)}`
      : `head -c ${piece.length} /dev/zero | tr '\\0' '${octal(piece[0] ?? 0)}'`,
  )
  return commands.length === 1 ? commands.join('') : `{ ${commands.join('; ')}; }`
}

/** A word for bytes or letters that quotes cannot hold, made by the shell. */
export function printed(text: Uint8Array): string {
  return `"$(printf ${escaped(text)})"`
}

/** The bytes in quotes, as the format of `printf`. Source: POSIX.1-2017, printf. */
function escaped(bytes: Uint8Array): string {
  const letters = [...bytes].map((byte, at) => {
    if (byte === 0x0a) return '\\n'
    if (byte === 0x0d) return '\\r'
    const char = String.fromCharCode(byte)
    if (char === '%' || char === '\\') return char + char
    // At the start a hyphen would be an option.
    const isPlain = byte >= 0x20 && byte < 0x7f && char !== "'" && !(char === '-' && at === 0)
    return isPlain ? char : octal(byte)
  })
  return `'${letters.join('')}'`
}

function octal(byte: number): string {
  return `\\${byte.toString(8).padStart(3, '0')}`
}

/** Cut so that each long run of the same byte is a piece by itself. */
function pieces(bytes: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = []
  let start = 0
  for (let at = 0; at < bytes.length; ) {
    let end = at + 1
    while (end < bytes.length && bytes[end] === bytes[at]) end += 1
    if (end - at >= longRun) {
      if (at > start) found.push(bytes.subarray(start, at))
      found.push(bytes.subarray(at, end))
      start = end
    }
    at = end
  }
  if (start < bytes.length) found.push(bytes.subarray(start))
  return found
}

function isRun(bytes: Uint8Array): boolean {
  return bytes.every(byte => byte === bytes[0])
}
