// @ts-check
/** Holds a server against the shipped document whenever it is told the address, and tells what that cost. */

const { href } = new URL('../../../dist/index.js', import.meta.url)
const { Api, loadDocument, runContract, sendTo, shippedDocument } = await import(href)
const api = new Api(await loadDocument(shippedDocument()))

process.on('disconnect', () => process.exit())
process.on('message', async ({ url, token }) => {
  const before = process.cpuUsage()
  const { requests, findings } = await runContract(api, sendTo(new URL(url), { keepAlive: true }), { token })
  const { user, system } = process.cpuUsage(before)
  process.send?.({ requests, findings: findings.length, cpuSeconds: (user + system) / 1e6 })
})
process.send?.('ready')
