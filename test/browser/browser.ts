import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import chromium from '@sparticuz/chromium'
import {
  type Browser,
  type BrowserContextOptions,
  chromium as playwright,
  type LaunchOptions,
  type Page,
} from 'playwright-core'

/** For machines that give a browser one process and no display; a browser that shows two pages does not survive it. */
const ONE_PROCESS = ['--single-process', '--no-zygote']
/** Where to leave pictures for people to look at; absent: none are made. */
const PICTURES = process.env.RESEGMENT_PICTURES

/**
 * A real browser: the one that RESEGMENT_BROWSER names, else Chromium as the npm package `@sparticuz/chromium` has it.
 *
 * @returns undefined where none can start, having said why: that package serves Linux on x64 only
 */
export async function openBrowser(): Promise<Browser | undefined> {
  try {
    const named = process.env.RESEGMENT_BROWSER
    const executablePath = named ?? (await chromium.executablePath())
    const args = named === undefined ? chromium.args.filter((argument) => !ONE_PROCESS.includes(argument)) : []
    return await launch({ executablePath, args, headless: true })
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error)
    process.stderr.write(`Tests in a browser are skipped, for none starts: ${why}\n`)
    return undefined
  }
}

/** Another process of the test run may just be unpacking the same file. */
async function launch(options: LaunchOptions, triesLeft = 20): Promise<Browser> {
  try {
    return await playwright.launch(options)
  } catch (error) {
    if (triesLeft === 0 || !String(error).includes('ETXTBSY')) throw error
    await pause(500)
    return launch(options, triesLeft - 1)
  }
}

export async function withPage<T>(
  browser: Browser,
  options: BrowserContextOptions,
  body: (page: Page) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 1600 }, ...options })
  try {
    return await body(await context.newPage())
  } finally {
    await context.close()
  }
}

export async function takePicture(page: Page, name: string, fullPage = true): Promise<void> {
  if (PICTURES === undefined) return
  mkdirSync(PICTURES, { recursive: true })
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage })
}

/** A name that reads well, where pictures are made for people; else one that nobody else uses. */
export function pictured(name: string, unique: () => string): string {
  return PICTURES === undefined ? unique() : name
}
