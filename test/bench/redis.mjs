// @ts-check
/** A Redis for the bench, in a folder of its own, reached over a socket. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * @typedef {object} Redis
 * @property {() => string} newState as `--state` takes it; a database that nothing was written to
 * @property {() => Promise<void>} stop
 */

/**
 * Starts a Redis that keeps an append-only file, as one that loses nothing has to.
 *
 * @returns {Promise<Redis | string>} why there is none: no redis-server is installed, or it does not start
 */
export async function startRedis() {
  if (spawnSync('redis-server', ['--version']).status !== 0) return 'redis-server is not installed'
  const folder = mkdtempSync(join(tmpdir(), 'contrato-bench-'))
  const socket = join(folder, 'redis.sock')
  const words = [
    '--port',
    '0',
    '--unixsocket',
    socket,
    '--dir',
    folder,
    '--appendonly',
    'yes',
    '--save',
    '',
    '--databases',
    '1000',
  ]
  const child = spawn('redis-server', words, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise(resolve => child.once('exit', resolve))
  const endWithUs = () => child.kill('SIGKILL')
  process.on('exit', endWithUs)
  const stop = async () => {
    child.kill('SIGKILL')
    await ended
    process.off('exit', endWithUs)
    rmSync(folder, { recursive: true, force: true })
  }
  const said = await new Promise(resolve => {
    let all = ''
    child.stdout.on('data', chunk => {
      all += chunk
      if (/ready to accept connections/i.test(all)) resolve('ready')
    })
    void ended.then(() => resolve(`redis-server ended: ${all.trim().split('\n').at(-1) ?? ''}`))
  })
  let databases = 0
  const newState = () => {
    databases += 1
    return `unix://${socket}?db=${databases}`
  }
  if (said === 'ready') return { newState, stop }
  await stop()
  return said
}
