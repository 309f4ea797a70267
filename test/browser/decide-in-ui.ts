import type { Locator, Page } from 'playwright-core'
import { takePicture } from './browser.ts'

export function workflowPage(temporalUi: string, workflowId: string): string {
  return `${temporalUi}/namespaces/default/workflows/${encodeURIComponent(workflowId)}`
}

/** Approves a held run by the update form of the Temporal UI, with the argument that the page of the run gives. */
export async function decideInUi(
  page: Page,
  temporalUi: string,
  workflowId: string,
  { reason, by }: { readonly reason: string; readonly by: string },
): Promise<void> {
  await page.goto(workflowPage(temporalUi, workflowId), { waitUntil: 'domcontentloaded' })
  await seen(page.getByText('User Metadata', { exact: true })).click()
  const argument = await readArgument(page)
  await takePicture(page, 'held-run')
  await openUpdateForm(page)
  await fillUpdateForm(
    page,
    argument.replace('"reason":"…"', `"reason":"${reason}"`).replace('"by":"…"', `"by":"${by}"`),
  )
}

/** What the page of the run gives to be pasted; the UI shows such pages in frames of their own. */
async function readArgument(page: Page): Promise<string> {
  for (;;) {
    for (const frame of page.frames()) {
      const [text] = await frame.locator('pre').filter({ hasText: '"approve"' }).allInnerTexts()
      if (text !== undefined) return text
    }
    await page.waitForTimeout(100)
  }
}

/** Each menu is there twice, one of them hidden. */
export function seen(found: Locator): Locator {
  return found.filter({ visible: true }).first()
}

async function openUpdateForm(page: Page): Promise<void> {
  await seen(page.getByRole('button', { name: 'More Actions' })).click()
  await seen(page.getByText('Send an Update', { exact: true })).click()
}

async function fillUpdateForm(page: Page, argument: string): Promise<void> {
  const form = page.getByRole('dialog').filter({ hasText: 'Send an Update', visible: true })
  await form.getByTestId('update-select-button').click()
  await form.getByRole('option').filter({ hasText: 'decide' }).click()
  await form.getByRole('textbox').filter({ visible: true }).last().click()
  // As pasting does: an editor that is filled from outside shows the text and does not know of it.
  await page.keyboard.insertText(argument)
  await takePicture(page, 'update-form')
  // By the keyboard: the editor grows as it is left, and a click on the button would miss it.
  await form.getByRole('button', { name: 'Submit' }).press('Enter')
  const refusal = form.getByRole('alert')
  await Promise.race([
    form.waitFor({ state: 'hidden' }),
    refusal
      .filter({ hasText: /\S/ })
      .waitFor()
      .then(async () => {
        await takePicture(page, 'update-refused')
        throw new Error(`The form says: ${await refusal.innerText()}`)
      }),
  ])
}
