import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Finding } from '../../src/finding/index.ts'
import { formats, makeStyle } from '../../src/report/index.ts'

const browserAt = process.env.CHROMIUM ?? '/usr/bin/chromium'
const isAbsent = !existsSync(browserAt)

const finding: Finding = {
  code: 'body-mismatch',
  severity: 'error',
  operation: 'makeThing',
  message: `<img src=x onerror="document.title='hit'"><script>document.title='hit'</script>\u0000 "'`,
  help: 'Send <b>it</b>.',
  position: { file: 'a.yaml', line: 1, column: 1 },
  curl: `curl -i 'http://h/<script>'`,
  caseId: 'makeThing/invalid/x',
}
const findings = [...Array.from({ length: 6 }, () => finding), { ...finding, severity: 'warning' as const }]

function page(format: string): string {
  const { render } = formats.find(({ name }) => name === format) ?? { render: () => '' }
  const coverage = [{ operation: 'makeThing', method: 'POST', path: '/things', statuses: { 201: 3, 400: 0 } }]
  const report = {
    tool: { name: 'contrato', version: '1.0.0' },
    command: 'check',
    document: { file: 'a.yaml', sha256: 'abc' },
    target: 'http://h',
    summary: { operations: 1 },
    findings,
    coverage,
  }
  return render(report, { style: makeStyle(false), textOf: () => '</pre><script>document.title="hit"</script>' })
}

it('the page names nothing that lies elsewhere', () => {
  expect(page('html')).not.toMatch(/<(?:link|img|iframe)|<[^>]*\ssrc=|@import|url\(/)
})

describe(`in a browser${isAbsent ? ` (there is none at ${browserAt})` : ''}`, () => {
  let browser: Browser

  beforeAll(async () => {
    if (!isAbsent) browser = await chromium.launch({ executablePath: browserAt, args: ['--no-sandbox'] })
  })
  afterAll(async () => await browser?.close())

  it.skipIf(isAbsent)('the page shows what a server said as text, and runs nothing of it', async () => {
    const tab = await browser.newPage()
    const asked: string[] = []
    tab.on('request', request => asked.push(request.url()))
    await tab.setContent(page('html'))
    expect(await tab.title()).toBe('contrato check: 6 errors, 1 warning — a.yaml')
    expect(await tab.locator('summary').first().innerText()).toContain('<script>document.title=')
    expect(await tab.locator('pre').first().innerText()).toContain('</pre><script>')
    expect(await tab.locator('img').count()).toBe(0)
    expect(asked).toEqual([])
    await tab.close()
  })

  it.skipIf(isAbsent)('findings open, close and are chosen by severity', async () => {
    const tab = await browser.newPage()
    await tab.setContent(page('html'))
    const open = tab.locator('details[open]')
    expect(await open.count()).toBe(5)
    await tab.getByRole('button', { name: 'Open all' }).click()
    expect(await open.count()).toBe(7)
    await tab.getByLabel('errors').uncheck()
    expect(await tab.locator('.findings > li:visible').count()).toBe(1)
    await tab.getByLabel('errors').check()
    await tab.getByRole('searchbox').fill('SEND <b>')
    expect(await tab.locator('#said').innerText()).toBe('7 of 7 findings are shown')
    await tab.getByRole('searchbox').fill('nothing like it')
    expect(await tab.locator('.findings > li:visible').count()).toBe(0)
    await tab.getByRole('searchbox').fill('')
    await tab.getByRole('button', { name: 'Copy the request of finding 7' }).click()
    await tab
      .locator('#said')
      .filter({ hasText: /Copied|Selected/ })
      .waitFor()
    await tab.close()
  })

  it.skipIf(isAbsent)('the page follows the reader into the dark, and does not overflow a telephone', async () => {
    const groundIn = async (colorScheme: 'light' | 'dark') => {
      const tab = await browser.newPage({ colorScheme, viewport: { width: 360, height: 640 } })
      await tab.setContent(page('html'))
      const seen = await tab.evaluate('[getComputedStyle(document.body).backgroundColor, document.body.scrollWidth]')
      await tab.close()
      return seen
    }
    expect(await groundIn('light')).toEqual(['rgb(246, 247, 249)', 360])
    expect(await groundIn('dark')).toEqual(['rgb(18, 21, 26)', 360])
  })

  it.skipIf(isAbsent)('the XML of JUnit is well-formed', async () => {
    const tab = await browser.newPage()
    const parse = (text: string) =>
      tab.evaluate(
        `(() => { const page = new DOMParser().parseFromString(${JSON.stringify(text)}, 'text/xml')
          return [page.querySelectorAll('parsererror').length, page.querySelectorAll('testcase').length] })()`,
      )
    expect(await parse(page('junit'))).toEqual([0, 7])
    await tab.close()
  })
})
