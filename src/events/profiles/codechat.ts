import { never, no, type Profile } from './profile.ts'

/** CodeChat 2.1.2: one attempt, 15 seconds, nothing is signed; three header fields say whose event it is. */
export const codechat: Profile = {
  name: 'codechat',
  timeout: 15_000,
  isSigned: false,
  isTimed: false,
  address: (payload, scope) => {
    const instanceId = scope.request.path.instanceId
    const instance = memberOf(payload, 'instance')
    if (typeof instanceId !== 'string' || !isObject(payload) || !isObject(instance)) return payload
    return { ...payload, instance: { ...instance, instanceId } }
  },
  fields: payload => {
    const instance = memberOf(payload, 'instance')
    const text = (value: unknown): string => (typeof value === 'string' ? value : '')
    return {
      'x-businessid': text(memberOf(memberOf(instance, 'Business'), 'businessId')),
      'x-instanceid': text(memberOf(instance, 'instanceId')),
      // No account is known before an instance is paired.
      'x-whatsappid': text(memberOf(memberOf(instance, 'WhatsApp'), 'whatsappId')),
    }
  },
  sign: () => [],
  verify: never,
  retry: never,
  ends: no,
}

function memberOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
