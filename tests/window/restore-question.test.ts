import { expectPage } from '../support/expect-page.ts'
import { describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import type { BackupToRestore } from '../../src-preload/contract.ts'
import { en } from '../../src-renderer/i18n/en.ts'
import { id } from '../../src-renderer/i18n/id.ts'
import { goTo } from './helpers.ts'
import { scenario } from './scenario.ts'
import { windowsOnMock } from './suite.ts'

const open = windowsOnMock()

const backup: BackupToRestore = {
  restoreId: 'restore-1',
  newKeys: [{ name: 'evil', lastFour: 'wxyz', devices: 'all', rights: ['send', 'manage'] }],
  access: [
    { name: 'api.lan', value: true, now: false },
    { name: 'media.trustedHosts', value: ['10.0.0.0/8', '169.254.169.254'], now: [] },
  ],
}

async function choose(page: Page, words: typeof en): Promise<void> {
  await goTo(page, words, 'settings')
  await page
    .getByLabel(words.settings.fields.restore.action)
    .setInputFiles({ name: 'shop.kurir-backup', mimeType: '', buffer: Buffer.alloc(1_000) })
  await page.getByRole('button', { name: words.settings.ask.restore.yes, exact: true }).click()
}

function askedFor(page: Page, name: string): Promise<unknown[]> {
  return page.evaluate(
    (wanted) =>
      window.kurirDouble?.asked.filter(({ call }) => call === wanted).map(({ request }) => request) ?? [],
    name,
  )
}

describe.each([
  ['en', en],
  ['id', id],
] as const)('in %s, a backup that would let others in', (language, words) => {
  test('is shown with its keys and settings, and brings none of them unless they are ticked', async () => {
    const { page, close } = await open({ ...scenario(), language, backup })
    await choose(page, words)
    const dialog = page.getByRole('dialog')
    const { restoreQuestion, fields } = words.settings
    await expectPage(dialog).toContainText(restoreQuestion.title)
    await expectPage(dialog).toContainText(restoreQuestion.key('evil', 'wxyz'))
    await expectPage(dialog).toContainText(
      restoreQuestion.setting(fields.lan.name, restoreQuestion.on, restoreQuestion.off),
    )
    await expectPage(dialog).toContainText('10.0.0.0/8, 169.254.169.254')
    expect(await askedFor(page, 'program.restore')).toEqual([])
    await dialog.getByRole('button', { name: words.settings.ask.restore.yes, exact: true }).click()
    await expectPage(dialog).toBeHidden()
    expect(await askedFor(page, 'program.restore')).toEqual([
      { restoreId: 'restore-1', includeKeys: false, includeAccess: false },
    ])
    await close()
  })
})

test('what is ticked is brought along', async () => {
  const { page, close } = await open({ ...scenario(), backup })
  await choose(page, en)
  await page.getByLabel(en.settings.restoreQuestion.keys(1)).check()
  await page.getByLabel(en.settings.restoreQuestion.access).check()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: en.settings.ask.restore.yes, exact: true }).click()
  await expectPage(dialog).toBeHidden()
  expect(await askedFor(page, 'program.restore')).toEqual([
    { restoreId: 'restore-1', includeKeys: true, includeAccess: true },
  ])
  await close()
})

test('a restore that is taken back at that question replaces nothing', async () => {
  const { page, close } = await open({ ...scenario(), backup })
  await choose(page, en)
  const dialog = page.getByRole('dialog')
  await expectPage(dialog).toContainText(en.settings.restoreQuestion.title)
  await dialog.getByRole('button', { name: en.common.cancel, exact: true }).click()
  await expectPage(dialog).toBeHidden()
  expect(await askedFor(page, 'program.cancelRestore')).toEqual([{ restoreId: 'restore-1' }])
  expect(await askedFor(page, 'program.restore')).toEqual([])
  await close()
})

test('a backup that opens nothing is restored without a further question', async () => {
  const { page, close } = await open(scenario())
  await choose(page, en)
  await expectPage(page.getByText(en.settings.restored('1,204', '2'))).toBeVisible()
  expect(await askedFor(page, 'program.restore')).toHaveLength(1)
  await close()
})
