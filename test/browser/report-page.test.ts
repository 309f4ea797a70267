import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import axe from 'axe-core'
import { afterAll, describe, expect, it } from 'vitest'
import { indexDocument } from '../../src/report/segmentation/index-document.ts'
import { layOutReport } from '../../src/report/segmentation/lay-out-report.ts'
import { renderReportHtml } from '../../src/report/segmentation/render-report-html.ts'
import { links, pipeline, shop } from '../report/segmentation/indexed-shop.ts'
import { reportedShop } from '../report/segmentation/reported-shop.ts'
import { openBrowser, takePicture, withPage } from './browser.ts'

const browser = await openBrowser()
afterAll(() => browser?.close())

const pages = { report: layOutReport(reportedShop), index: indexDocument('prod', [pipeline(shop)], links) }

describe.skipIf(!browser)('the pages of reports, in a browser', () => {
  it.each([
    ['report', 'light', 1400],
    ['report', 'dark', 1400],
    ['report', 'light', 420],
    ['index', 'dark', 1400],
    ['index', 'light', 420],
  ] as const)(
    '%s: has nothing that axe finds serious, loads nothing, and fits: %s, %i pixels',
    async (name, colorScheme, width) => {
      const folder = await mkdtemp(join(tmpdir(), 'resegment-report-'))
      try {
        const path = join(folder, 'report.html')
        await writeFile(path, renderReportHtml(pages[name]))
        // What axe asks is put in from outside: the page itself lets nothing run.
        const options = { colorScheme, viewport: { width, height: 900 }, bypassCSP: true }
        await withPage(browser!, options, async (page) => {
          const requests: string[] = []
          page.on('request', (request) => request.url().startsWith('file:') || requests.push(request.url()))
          await page.goto(pathToFileURL(path).href)
          await page.evaluate(axe.source)
          const serious = await page.evaluate<readonly string[]>(
            `axe.run().then(({ violations }) => violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
            .map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html }) => html).join(' ')))`,
          )
          const overhang = await page.evaluate<number>(
            'document.documentElement.scrollWidth - document.documentElement.clientWidth',
          )
          expect({ serious, requests, overhang }).toEqual({ serious: [], requests: [], overhang: 0 })
          await takePicture(page, `${name}-${colorScheme}-${width}`)
        })
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
  )
})
