/** Half of a character that is written in two code units. */
const half = /\p{Surrogate}/gu

/**
 * A text with percent signs, as a part of a path or query. Half a character, which has no bytes in UTF-8, stands there as
 * U+FFFD. Source: RFC 3986, section 2.5.
 */
export function percentEncoded(text: string): string {
  return encodeURIComponent(text.replace(half, '\ufffd'))
}
