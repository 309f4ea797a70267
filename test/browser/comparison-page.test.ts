import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { describeComparison } from '../../src/report/comparison/describe-comparison.ts'
import { renderHtml } from '../../src/report/comparison/render-html.ts'
import { comparedShop } from '../report/compared-shop.ts'
import { openBrowser, takePicture, withPage } from './browser.ts'

const browser = await openBrowser()
afterAll(() => browser?.close())

describe.skipIf(!browser)('the page of a comparison, in a browser', () => {
  it.each([
    ['light', 1400],
    ['dark', 1400],
    ['light', 420],
  ] as const)('loads and runs nothing, and is as wide as the window: %s, %i pixels', async (colorScheme, width) => {
    const folder = await mkdtemp(join(tmpdir(), 'resegment-page-'))
    try {
      const path = join(folder, 'page.html')
      await writeFile(path, renderHtml(describeComparison(comparedShop)))
      await withPage(browser!, { colorScheme, viewport: { width, height: 900 } }, async (page) => {
        const troubles: string[] = []
        page.on('request', (request) => request.url().startsWith('file:') || troubles.push(request.url()))
        page.on('console', (message) => troubles.push(message.text()))
        page.on('dialog', (dialog) => troubles.push(dialog.message()))
        await page.goto(pathToFileURL(path).href)
        expect(await page.locator('h1').innerText()).toBe('shop@2026-10-01~1 compared with shop@2026-07-01~1')
        const overhang = await page.evaluate<number>(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        )
        const background = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
        expect({ troubles, overhang, isWhite: background === 'rgb(255, 255, 255)' }).toEqual({
          troubles: [],
          overhang: 0,
          isWhite: colorScheme === 'light',
        })
        await takePicture(page, `comparison-${colorScheme}-${width}`)
      })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})
