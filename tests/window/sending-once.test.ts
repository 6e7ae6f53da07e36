import type { Page } from 'playwright'
import { expectPage } from '../support/expect-page.ts'
import { describe, expect, test } from 'vitest'
import type { Call } from '../../src-preload/contract.ts'
import { en as words } from '../../src-renderer/i18n/en.ts'
import { emptyDraft, parametersFor, requestFor } from '../../src-renderer/pages/send/draft.ts'
import { goTo } from './helpers.ts'
import { scenario } from './scenario.ts'
import { windowsOnMock } from './suite.ts'

const open = windowsOnMock()

const timesAsked = (page: Page, call: Call) =>
  page.evaluate(
    (name) => window.kurirDouble?.asked.filter((one) => one.call === name).length ?? 0,
    call as string,
  )

describe('a message', () => {
  test('is sent once by a double click, and by an Enter that is held', async () => {
    const { page, close } = await open(scenario(), { at: 'send' })
    await page.getByLabel(words.send.recipient).fill('081234567890')
    await page.getByLabel(words.send.message, { exact: true }).fill('Pesanan siap')
    await page.getByRole('button', { name: words.send.send, exact: true }).dblclick()
    await expectPage(page.getByRole('region', { name: words.send.result })).toBeVisible()
    expect(await timesAsked(page, 'messages.submit')).toBe(1)

    await page.getByLabel(words.send.recipient).focus()
    // Down again without up: the keyboard repeats.
    for (let time = 0; time < 5; time += 1) await page.keyboard.down('Enter')
    await page.keyboard.up('Enter')
    await expect.poll(() => timesAsked(page, 'messages.submit')).toBe(2)
    await page.waitForTimeout(300)
    expect(await timesAsked(page, 'messages.submit')).toBe(2)
    await close()
  })

  test('is still on its way after a look at another page, and cannot be sent again meanwhile', async () => {
    const { page, close } = await open(scenario({ silent: ['uploads.part'] }), { at: 'send' })
    await page.getByText(words.send.file, { exact: true }).click()
    await page
      .locator('input[type="file"]')
      .setInputFiles({ name: 'struk.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(100) })
    await page.getByLabel(words.send.recipient).fill('081234567890')
    await page.getByRole('button', { name: words.send.send, exact: true }).click()
    await goTo(page, words, 'log')
    await goTo(page, words, 'send')
    await expectPage(page.getByRole('button', { name: words.send.send, exact: true })).toBeDisabled()
    expect(await timesAsked(page, 'uploads.begin')).toBe(1)
    await close()
  })

  test('shows after a look at another page what has become of it', async () => {
    const { page, close } = await open(scenario(), { at: 'send' })
    await page.getByLabel(words.send.recipient).fill('081234567890')
    await page.getByLabel(words.send.message, { exact: true }).fill('Pesanan siap')
    await page.getByRole('button', { name: words.send.send, exact: true }).click()
    await goTo(page, words, 'api')
    // The double tells of the last state after a fifth of a second.
    await page.waitForTimeout(500)
    await goTo(page, words, 'send')
    await expectPage(page.getByRole('region', { name: words.send.result })).toContainText(
      words.messageStates.read,
    )
    await close()
  })

  test('whose answer was lost on the way is not said to be worth another try', async () => {
    const outcomes = {
      'messages.submit': { ok: false, error: { code: 'shutting_down', message: '' } },
    } as const
    const { page, close } = await open(scenario({ outcomes }), { at: 'send' })
    await page.getByLabel(words.send.recipient).fill('081234567890')
    await page.getByLabel(words.send.message, { exact: true }).fill('Pesanan siap')
    await page.getByRole('button', { name: words.send.send, exact: true }).click()
    await expectPage(page.getByRole('alert')).toContainText(words.common.windowFailures.answerLost.todo)
    await close()
  })

  test('to a column of a spreadsheet goes to each of its numbers', async () => {
    const { page, close } = await open(scenario(), { at: 'send' })
    const recipient = page.getByLabel(words.send.recipient)
    await page.evaluate(() => {
      const column = document.createElement('textarea')
      column.value = '0812-3456-7890\r\n\u00A00812 3456 7892\t\r\n'
      document.body.append(column)
      column.select()
      document.execCommand('copy')
      column.remove()
    })
    await recipient.fill('081234567894, ')
    await recipient.press('End')
    await recipient.press('Control+V')
    await expectPage(recipient).toHaveValue('081234567894, 0812-3456-7890, 0812 3456 7892')
    await recipient.press('Control+Z')
    await expectPage(recipient).toHaveValue('081234567894, ')
    await close()
  })

  test('to one number written twice shows both, and neither stays behind', async () => {
    const { page, complaints, close } = await open(scenario(), { at: 'send' })
    const recipient = page.getByLabel(words.send.recipient)
    await recipient.fill('081234567890, 081234567890')
    await expectPage(page.getByText(/^\+62 812-3456-7890/)).toHaveCount(2)
    await recipient.fill('081234567890')
    await expectPage(page.getByText(/^\+62 812-3456-7890/)).toHaveCount(1)
    expect(complaints).toEqual([])
    await close()
  })
})

test('a voice note is not sent with what only a file has a field for', () => {
  const draft = { ...emptyDraft, mode: 'voice', fileName: 'a.pdf', viewOnce: true } as const
  expect(requestFor(draft, 'd', 'u').content).toMatchObject({ viewOnce: false, fileName: null, voice: true })
  expect(parametersFor(draft, '62')).not.toHaveProperty('viewonce')
  expect(requestFor({ ...draft, mode: 'file' }, 'd', 'u').content).toMatchObject({ viewOnce: true })
})
