import { execFile } from 'node:child_process'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort, project, type Running, start, temporaryFolder } from './kit.ts'

const run = promisify(execFile)

const installed = 'node_modules/.bin/contrato'

/** The packed package, installed into an empty folder as a user would. */
let folder: string
let packed: readonly string[]
let remove: () => PromiseLike<void>

beforeAll(async () => {
  const place = await temporaryFolder()
  remove = () => place[Symbol.asyncDispose]()
  folder = path.join(place.folder, 'user')
  await mkdir(folder)
  // The build is there already; the lifecycle scripts would make it again under the feet of other tests.
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', place.folder], {
    cwd: project,
  })
  const [manifest] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[]
  if (manifest === undefined) throw new Error(`npm pack said: ${stdout}`)
  const tarball = path.join(place.folder, manifest.filename)
  packed = manifest.files.map(file => file.path)
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ name: 'user', private: true, type: 'module' }))
  await run('npm', ['install', '--save-dev', '--no-audit', '--no-fund', '--prefer-offline', tarball], { cwd: folder })
  // Vitest is the user's own; ours is lent to them, which saves installing it again.
  await symlink(path.join(project, 'node_modules/vitest'), path.join(folder, 'node_modules/vitest'))
}, 300_000)

afterAll(() => remove())

describe('the package', () => {
  it('holds the build, the document and the notes, and nothing of the tests or the source', () => {
    expect(packed.filter(file => !/^(dist|openapi)\//.test(file)).sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'package.json',
    ])
    expect(packed).toContain('openapi/webhook.yaml')
    expect(packed).toContain('openapi/webhook.d.ts')
  })

  it.each(['mock', 'check', 'prove', 'trigger', 'listen', 'drill', 'lint', 'types', 'explain'])(
    'has the command %s with its help',
    async name => {
      const { stdout } = await run('npx', ['contrato', name, '--help'], { cwd: folder })
      expect(stdout).toContain(`Usage: contrato ${name}`)
      expect(stdout).toContain('Examples:')
    },
  )

  it('serves the shipped document, and its check finds nothing wrong with it', async () => {
    const running = start(installed, ['mock', '--port', '0', '--quiet'], { cwd: folder })
    const [url] = await running.printed(/http:\/\/127\.0\.0\.1:\d+/)
    const { stdout } = await run('npx', ['contrato', 'check', '--url', url], { cwd: folder })
    expect(stdout).toContain('nothing to complain about')
    const { stdout: linted } = await run('npx', ['contrato', 'lint'], { cwd: folder })
    expect(linted).toContain('nothing to complain about')
    running.child.kill('SIGTERM')
    await running.ended
  })

  it('exports what can be imported, and each export is there', async () => {
    await writeFile(
      path.join(folder, 'imports.js'),
      `import { createRequire } from 'node:module'
import * as contrato from 'contrato'
import * as client from 'contrato/client'
const document = createRequire(import.meta.url).resolve('contrato/openapi/webhook.yaml')
const mock = await contrato.createMock(document)
const api = client.createWebhookClient({ baseUrl: 'http://mock', token: 'any', fetch: mock.fetch })
const { response } = await api.GET('/api/v2/instance/{instanceId}/webhook', { params: { path: { instanceId: 'i' } } })
console.log(JSON.stringify([Object.keys(contrato).sort(), Object.keys(client).sort(), response.status]))
`,
    )
    const { stdout } = await run(process.execPath, ['imports.js'], { cwd: folder })
    const [main, client, status] = JSON.parse(stdout) as [string[], string[], number]
    expect(main).toEqual(expect.arrayContaining(['createMock', 'runContract', 'loadDocument', 'Api', 'catalogue']))
    expect(client).toEqual(['createWebhookClient'])
    expect(status).toBe(200)
  })
})

describe('the README', () => {
  it('has TypeScript that compiles against the installed package', async () => {
    const snippets = blocks(await readme(), 'ts')
    expect(snippets.length).toBeGreaterThan(2)
    await Promise.all(snippets.map((text, at) => writeFile(path.join(folder, `snippet-${at}.ts`), text)))
    const compilerOptions = {
      target: 'es2023',
      lib: ['es2023', 'esnext.disposable', 'dom'],
      module: 'nodenext',
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: [],
    }
    await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['snippet-*.ts'] }))
    const { stdout } = await run('npx', ['tsc', '-p', '.'], { cwd: folder }).catch((error: { stdout: string }) => error)
    expect(stdout).toBe('')
  })

  it('has commands that work when pasted', { timeout: 180_000 }, async () => {
    const port = await freePort()
    const servers: Running[] = []
    const said: Record<string, string> = {}
    try {
      for (const line of blocks(await readme(), 'sh').flatMap(text => text.trim().split('\n'))) {
        // Installing has just been done, and `npm test` is what runs this test.
        const command = line.replace(/^npm ci && /, '').replaceAll('4010', String(port))
        if (command === 'npm test' || command === 'npm install --save-dev contrato') continue
        const cwd = /^npm /.test(command) ? project : folder
        if (!/npm start|contrato mock/.test(command)) {
          const { code, out, err } = await start('bash', ['-c', command], { cwd }).ended
          expect({ command, code, err }).toMatchObject({ command, code: 0 })
          said[line] = out
          continue
        }
        // The next server takes the place of the one before.
        await Promise.all(servers.splice(0).map(stop))
        // npm and npx do not hand signals on, so what they would start is started without them.
        const [program = '', ...args] = command
          .replace('npm start', 'node dist/cli.js mock')
          .replace('npx contrato', installed)
          .split(' ')
        const running = start(program, args, { cwd, env: { PORT: String(port) } })
        servers.push(running)
        await running.printed(/http:\/\/127\.0\.0\.1:\d+/)
      }
    } finally {
      await Promise.all(servers.map(stop))
    }
    const answers = Object.entries(said)
    const answerTo = (part: string): string => answers.find(([command]) => command.includes(part))?.[1] ?? ''
    expect(answerTo(`-d '{"name":"CRM"}'`)).toBe(
      '{"statusCode":400,"error":"Bad Request","message":["url: is required"]}',
    )
    expect(JSON.parse(answerTo('crm"}'))).toMatchObject({ name: 'CRM', enabled: false, instanceInstanceId: 'inst-1' })
    expect(answerTo('example=none')).toBe('[]')
  })

  it('starts the mock with `npm start`', async () => {
    const manifest = JSON.parse(await readFile(path.join(project, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>
    }
    expect(manifest.scripts.start).toBe('node dist/cli.js mock')
  })
})

async function stop({ child, ended }: Running): Promise<void> {
  child.kill('SIGTERM')
  await ended
}

function readme(): Promise<string> {
  return readFile(path.join(project, 'README.md'), 'utf8')
}

/** The fenced blocks of a language. */
function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, block = '']) => block)
}
