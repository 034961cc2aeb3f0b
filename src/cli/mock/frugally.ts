import { setFlagsFromString } from 'node:v8'

/** V8's own: how much larger the young generation becomes when many of its objects live on. */
const usual = 2

/**
 * Keeps the young generation as small as it is, until `generously` is called. Nearly everything that is made while a mock
 * starts lives on, so V8 takes three times 16 MB for it, and does not give them back to a process that then waits.
 */
export function frugally(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}

/** Lets the young generation grow again: most of what a request makes is waste soon. */
export function generously(): void {
  setFlagsFromString(`--semi-space-growth-factor=${usual}`)
}
