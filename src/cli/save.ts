import { access, chmod, constants, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { exitCodes, Trouble } from '../finding/index.ts'

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'what is named as its folder is a file',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'that place is read-only',
  ENOSPC: 'there is no space left',
}

/** Why a file cannot be written, in words. */
export function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException
  return reasons[code] ?? message
}

/**
 * Writes a file whole or not at all: whoever reads it meanwhile sees the old text or the new one. Devices and pipes are
 * written to directly.
 *
 * @throws Trouble with exit code 4 when it cannot be written
 */
export async function saveWhole(file: string, text: string): Promise<void> {
  await told(file, async () => {
    const there = await stat(file).catch(() => undefined)
    if (there !== undefined && !there.isFile()) return await writeFile(file, text)
    // A link stays one: what it leads to is replaced.
    const target = there === undefined ? path.resolve(file) : await realpath(file)
    const beside = `${target}.${process.pid}.part`
    try {
      await writeFile(beside, text)
      if (there !== undefined) await chmod(beside, there.mode)
      await rename(beside, target)
    } catch (error) {
      await rm(beside, { force: true }).catch(() => undefined)
      throw error
    }
  })
}

/**
 * Looks whether a file can be written, and changes nothing.
 *
 * @throws Trouble with exit code 4 when it cannot
 */
export async function tryToSave(file: string): Promise<void> {
  await told(file, async () => {
    const there = await stat(file).catch(() => undefined)
    if (there?.isDirectory() === true) throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' })
    const isBeside = there === undefined || there.isFile()
    const target = there === undefined ? path.resolve(file) : await realpath(file)
    await access(isBeside ? path.dirname(target) : target, constants.W_OK)
  })
}

async function told(file: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    throw new Trouble(
      exitCodes.environment,
      `Cannot write ${file}: ${reasonOf(error)}`,
      'Name a file in a folder that exists.',
    )
  }
}
