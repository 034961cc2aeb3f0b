import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openDeliveryLog } from '../../src/cli/mock/delivery-log.ts'
import type { Delivery } from '../../src/events/index.ts'

const delivery: Delivery = {
  id: 'dlv_1',
  eventId: 'msg_1',
  event: 'ping',
  url: 'http://127.0.0.1:1/',
  state: 'failed',
  body: '{}',
  attempts: [
    {
      at: '2026-01-01T00:00:00.000Z',
      milliseconds: 1,
      reason: 'x',
      request: { method: 'POST', url: 'http://127.0.0.1:1/', headers: [] },
    },
  ],
}

async function fileIn(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'contrato-log-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return path.join(folder, 'deliveries.jsonl')
}

const fail = (text: string): void => expect.unreachable(text)

describe('the log of deliveries', () => {
  it('has a line of JSON for each attempt', async () => {
    const file = await fileIn()
    const log = openDeliveryLog(file, fail)
    log.attempted(delivery)
    log.attempted(delivery)
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
    log.close()
    expect(lines).toHaveLength(2)
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      delivery: 'dlv_1',
      eventId: 'msg_1',
      event: 'ping',
      url: 'http://127.0.0.1:1/',
      state: 'failed',
      attempt: 1,
      at: '2026-01-01T00:00:00.000Z',
      milliseconds: 1,
      reason: 'x',
      request: { method: 'POST', url: 'http://127.0.0.1:1/', headers: [], body: '{}' },
    })
  })

  it('goes on in a file whose last line was cut off', async () => {
    const file = await fileIn()
    await writeFile(file, '{"whole":1}\n{"cut')
    const log = openDeliveryLog(file, fail)
    log.attempted(delivery)
    log.close()
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
    expect(lines.slice(0, 2)).toEqual(['{"whole":1}', '{"cut'])
    expect(JSON.parse(lines[2] ?? '')).toMatchObject({ delivery: 'dlv_1' })
  })

  it('does not begin in a folder that is not there', () => {
    expect(() => openDeliveryLog('/nowhere/deliveries.jsonl', fail)).toThrow(
      'Cannot write /nowhere/deliveries.jsonl: there is no such folder',
    )
  })

  it.skipIf(process.platform !== 'linux')('says once that the disk is full', () => {
    const said: string[] = []
    // Linux has a device that is always full.
    const log = openDeliveryLog('/dev/full', text => said.push(text))
    log.attempted(delivery)
    log.attempted(delivery)
    log.close()
    expect(said).toEqual(['Deliveries are missing in /dev/full: there is no space left'])
  })
})
