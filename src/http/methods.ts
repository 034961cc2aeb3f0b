import { METHODS } from 'node:http'

const received = new Set(METHODS)

/** Whether node's parser takes a request with this method, which is case-sensitive. Source: RFC 9110, section 9.1. */
export function isReceived(method: string): boolean {
  return received.has(method)
}
