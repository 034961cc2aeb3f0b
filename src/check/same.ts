/**
 * Whether two JSON values are equal, whatever the order of their members.
 *
 * @param isLeftOut members that do not count, by their name
 */
export function same(a: unknown, b: unknown, isLeftOut: (name: string) => boolean = () => false): boolean {
  // JSON has one zero: a -0 that comes back as 0 is the same number.
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>]
  const names = new Set([...Object.keys(left), ...Object.keys(right)])
  return [...names].every(
    name =>
      isLeftOut(name) ||
      (Object.hasOwn(left, name) && Object.hasOwn(right, name) && same(left[name], right[name], isLeftOut)),
  )
}
