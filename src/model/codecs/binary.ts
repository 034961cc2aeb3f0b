import { type Codec, opaque, plainly } from './codec.ts'

/** Images, archives and whatever else: its bytes are not looked at. */
export const binary: Codec = { takes: () => true, decode: () => opaque, encode: plainly }
