import { exitCodes, Trouble } from '../finding/index.ts'
import { type Api, Part } from '../model/index.ts'
import { type Profile, profiles } from './profiles/index.ts'

/**
 * How the events of a document are delivered: as said, else as the document says.
 *
 * @throws Trouble with exit code 2 for a profile that is none
 */
export function profileFor(api: Api, name: string | undefined): Profile {
  const stated = Part.of(api.document.root).get('x-contract')?.text('delivery')
  const wanted = name ?? stated ?? 'standard-webhooks'
  const found = profiles.find(profile => profile.name === wanted)
  if (found !== undefined) return found
  const names = profiles.map(profile => profile.name).join(', ')
  throw new Trouble(exitCodes.unusable, `${wanted} is not a way to deliver events`, `Give one of ${names}.`)
}

/** @throws Trouble with exit code 2 for a secret that nothing can be signed with */
export function checkSecret(profile: Profile, secret: string): void {
  try {
    profile.sign({ id: 'msg', event: 'test', body: new Uint8Array() }, secret, new Date(0))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const help = 'Standard Webhooks take whsec_ followed by Base64.'
    throw new Trouble(exitCodes.unusable, `The secret cannot be used for ${profile.name}: ${reason}`, help)
  }
}
