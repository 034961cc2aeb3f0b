/** Somebody else's CodeChat server, right in everything. `node implementation.js PORT`, once it is built. */
import { startImplementation } from '../../implementation/index.ts'

const { url, token } = await startImplementation({ port: Number(process.argv[2]) })
process.on('disconnect', () => process.exit())
process.send?.({ url, token })
