import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The path of the document that comes with this package. */
export function shippedDocument(): string {
  // Source and build lie at different depths below the package, so the folder above that holds it is looked for.
  for (const up of ['../', '../../', '../../../']) {
    const candidate = fileURLToPath(new URL(`${up}openapi/webhook.yaml`, import.meta.url))
    if (existsSync(candidate)) return candidate
  }
  throw new Error('the package is incomplete: openapi/webhook.yaml is missing')
}
