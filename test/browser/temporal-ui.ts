import type { Locator, Page } from 'playwright-core'

const PATIENCE_MS = 20_000
/** Ends what hangs, and is no measure of speed. */
const CLICK_MS = 180_000

/** The Temporal UI (2.42.1) as people use it: by what they read on buttons and fields. */
export class TemporalUi {
  readonly page: Page
  private readonly address: string

  /** @param address of the UI */
  constructor(page: Page, address: string) {
    this.page = page
    page.setDefaultTimeout(CLICK_MS)
    this.address = `${address}/namespaces/default`
  }

  /** The page never comes to rest, since it polls; on a busy machine it sometimes stays empty until it is loaded again. */
  async open(path: string, shown: Locator): Promise<void> {
    for (;;) {
      await this.page.goto(`${this.address}/${path}`, { waitUntil: 'domcontentloaded' })
      const isShown = shown.waitFor({ timeout: PATIENCE_MS }).then(
        () => true,
        () => false,
      )
      if (await isShown) return
    }
  }

  async openRun(workflowId: string, tab?: string | RegExp): Promise<void> {
    await this.open(`workflows/${encodeURIComponent(workflowId)}`, this.button('More Actions'))
    if (tab !== undefined) await this.seen(this.page.getByText(tab, { exact: true })).click()
  }

  /** Each menu is there twice, one of them hidden. */
  seen(found: Locator): Locator {
    return found.filter({ visible: true }).first()
  }

  text(text: string): Locator {
    return this.seen(this.page.getByText(text, { exact: true }))
  }

  containing(text: string): Locator {
    return this.seen(this.page.getByText(text))
  }

  button(name: string): Locator {
    return this.seen(this.page.getByRole('button', { name, exact: true }))
  }

  field(id: string): Locator {
    return this.seen(this.page.locator(`#${id}`))
  }

  /** The form that is open. */
  dialog(title: string): Locator {
    return this.seen(this.page.getByRole('dialog').filter({ hasText: title }))
  }

  /** What the run says of itself; the UI shows it in a frame. */
  async currentDetails(wanted: RegExp): Promise<string> {
    for (;;) {
      for (const frame of this.page.frames()) {
        const text = await frame
          .locator('body')
          .innerText()
          .catch(() => '')
        if (frame !== this.page.mainFrame() && wanted.test(text)) return text
      }
      await this.page.waitForTimeout(100)
    }
  }

  async moreActions(action: string): Promise<void> {
    await this.button('More Actions').click()
    await this.text(action).click()
  }

  async confirm(title: string, button: string): Promise<void> {
    const dialog = this.dialog(title)
    await dialog.getByRole('button', { name: button, exact: true }).click()
    await dialog.waitFor({ state: 'hidden' })
  }

  async chooseEvent(event: number): Promise<void> {
    await this.seen(this.page.getByTestId('workflow-reset-event-id-select-button')).click()
    await this.seen(this.page.getByRole('option').filter({ hasText: new RegExp(`^\\s*${event} - `) })).click()
  }

  /** Replaces a line of the JSON in an editor. */
  async editLine(line: RegExp, text: string): Promise<void> {
    await this.seen(this.page.locator('.cm-content[contenteditable=true] .cm-line').filter({ hasText: line })).click()
    await this.page.keyboard.press('Home')
    await this.page.keyboard.press('Shift+End')
    await this.page.keyboard.insertText(text)
  }
}
