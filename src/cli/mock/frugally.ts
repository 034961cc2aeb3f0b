import { setFlagsFromString } from 'node:v8'

/** V8's own: how much larger the young generation becomes when many of its objects live on. */
const usual = 2

/**
 * Reads documents without having the young generation grow. Nearly everything that is made there lives on, so V8 takes
 * three times 16 MB for it, and does not give them back to a process that then waits for requests.
 *
 * From what lived on, V8 also learns which objects to make in the old generation at once. Of what answers requests
 * nothing lives on, yet in a third of the processes it went on making some of it there: dead, it kept the rest of its
 * request alive until the next collection of everything, which cost a fifth of the requests a second of a document with a
 * thousand paths. So V8 learns nothing of that kind in a mock.
 */
export async function frugally<T>(read: () => Promise<T>): Promise<T> {
  setFlagsFromString('--no-allocation-site-pretenuring')
  setFlagsFromString('--semi-space-growth-factor=1')
  try {
    return await read()
  } finally {
    setFlagsFromString(`--semi-space-growth-factor=${usual}`)
  }
}
