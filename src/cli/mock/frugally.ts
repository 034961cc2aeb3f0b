import { setFlagsFromString } from 'node:v8'

/** V8's own: how much larger the young generation becomes when many of its objects live on. */
const usual = 2

/**
 * Reads documents without having the young generation grow. Nearly everything that is made there lives on, so V8 takes
 * three times 16 MB for it, and does not give them back to a process that then waits for requests.
 */
export async function frugally<T>(read: () => Promise<T>): Promise<T> {
  setFlagsFromString('--semi-space-growth-factor=1')
  try {
    return await read()
  } finally {
    setFlagsFromString(`--semi-space-growth-factor=${usual}`)
  }
}
