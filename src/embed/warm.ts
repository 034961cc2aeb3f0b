import { exampleRequest } from '../generate/index.ts'
import { Mock } from '../mock/index.ts'
import type { Api, Operation } from '../model/index.ts'

/** Operations that are asked once; what those of a large document have in common is ready then. */
const most = 5

/**
 * Has done what the first requests would wait for: loading the parts that answer them, and compiling schemas. Nothing of it is
 * remembered, and nobody is called.
 */
export async function warmUp(api: Api, isMeant: (operation: Operation) => boolean): Promise<void> {
  const mock = new Mock(api, { auth: false })
  for (const operation of api.operations.filter(isMeant).slice(0, most)) {
    try {
      const request = exampleRequest(api, operation, 'contrato')
      const found = mock.find(request.method, request.target, request.headers)
      if (found !== undefined) await mock.reply(found, request)
    } catch {
      // Whoever asks for it is told what is wrong.
    }
  }
}
