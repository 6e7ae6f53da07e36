import type { Page } from 'playwright'
import { expectPage } from '../support/expect-page.ts'
import { describe, expect, test } from 'vitest'
import type { Call, MessageState } from '../../src-preload/contract.ts'
import { en as words } from '../../src-renderer/i18n/en.ts'
import { emit, goTo, press } from './helpers.ts'
import { connected, device, noon, scenario } from './scenario.ts'
import { windowsOnMock } from './suite.ts'

const open = windowsOnMock()

const timesAsked = (page: Page, call: Call) =>
  page.evaluate(
    (name) => window.kurirDouble?.asked.filter((one) => one.call === name).length ?? 0,
    call as string,
  )

/** Answers that are kept while the window is open, after they have become others. */
describe('what was asked before', () => {
  test('the practice inbox is there once the first practice phone was added', async () => {
    const { page, close } = await open(scenario({ devices: [], sandbox: false }), { at: 'sandbox' })
    await expectPage(page.getByText(words.sandbox.offTitle)).toBeVisible()
    await goTo(page, words, 'devices')
    await press(page, words.devices.add)
    await page.getByRole('option', { name: words.devices.addSandbox, exact: true }).click()
    await expectPage(page.getByRole('article')).toContainText(words.devices.states.connected)
    await goTo(page, words, 'sandbox')
    await expectPage(page.getByRole('list', { name: words.sandbox.chats })).toBeVisible()
    await close()
  })

  test('calls of programs, which no event tells of, are asked for at each visit', async () => {
    const { page, close } = await open(scenario(), { at: 'api' })
    await expectPage(page.getByRole('table', { name: words.api.access })).toBeVisible()
    await goTo(page, words, 'log')
    await goTo(page, words, 'api')
    await expect.poll(() => timesAsked(page, 'api.accessLog')).toBe(2)
    await expect.poll(() => timesAsked(page, 'api.unknownParameters')).toBe(2)
    await close()
  })

  test('code to copy has the new address when the API has moved', async () => {
    const scene = scenario()
    const { page, close } = await open(scene, { at: 'api' })
    await expectPage(page.getByRole('region', { name: `${words.api.code}, curl` })).toBeVisible()
    const before = await timesAsked(page, 'api.snippets')
    await emit(page, 'api.changed', { ...scene.api, addresses: ['http://127.0.0.1:3299'], port: 3_299 })
    await expect.poll(() => timesAsked(page, 'api.snippets')).toBeGreaterThan(before)
    await close()
  })

  test('a first message sent from another page is ticked off in the first steps', async () => {
    const scene = scenario({ devices: [], rows: 0, firstRunDone: false, keys: false })
    const { page, close } = await open(scene)
    await expectPage(page.getByRole('region', { name: words.firstRun.title })).toBeVisible()
    const before = await timesAsked(page, 'messages.range')
    await goTo(page, words, 'api')
    await emit(page, 'message.changed', { id: 'm1', sequence: 1, requestId: 'r', state: 'sent' })
    // The counts are gathered for a second.
    await page.waitForTimeout(1_500)
    await goTo(page, words, 'devices')
    await expect.poll(() => timesAsked(page, 'messages.range')).toBe(before + 1)
    await close()
  })

  test('of the day that is over is asked for anew, and the log’s times have their day', async () => {
    const { page, close } = await open(scenario())
    await expect.poll(() => timesAsked(page, 'messages.today')).toBe(1)
    await page.clock.setFixedTime(noon + 24 * 3_600_000)
    await page.evaluate(() => dispatchEvent(new Event('focus')))
    await expect.poll(() => timesAsked(page, 'messages.today')).toBe(2)

    await goTo(page, words, 'log')
    const newest = page.getByRole('row').nth(1)
    await expectPage(newest).toContainText('22 Nov')
    await page.clock.setFixedTime(noon)
    await page.evaluate(() => dispatchEvent(new Event('focus')))
    await expectPage(newest).not.toContainText('22 Nov')
    await close()
  })

  test('the story of a message that has moved on is asked for anew when it is opened again', async () => {
    const { page, close } = await open(scenario(), { at: 'log' })
    const newest = page.getByRole('row').nth(1)
    await newest.getByRole('button').click()
    const story = page.getByRole('dialog', { name: words.story.title })
    await expectPage(story).toContainText('m240')
    await page.keyboard.press('Escape')
    await expectPage(story).toBeHidden()
    await emit(page, 'message.changed', await rowOf(page, 'read'))
    await expectPage(newest).toContainText(words.messageStates.read)
    await newest.getByRole('button').click()
    await expect.poll(() => timesAsked(page, 'messages.story')).toBe(2)
    await close()
  })

  test('a card says on the next day that its phone is connected since yesterday', async () => {
    const { page, close } = await open(scenario())
    const card = page.getByRole('article', { name: 'Front desk' })
    await expectPage(card).toContainText('since 10:25')
    await page.clock.setFixedTime(noon + 24 * 3_600_000)
    await page.evaluate(() => dispatchEvent(new Event('focus')))
    await expectPage(card).toContainText('since yesterday, 10:25')
    await close()
  })

  test('a number that nobody could be asked about is asked about once the phone is back', async () => {
    const outcomes = { 'numbers.lookUp': { ok: true, value: { '6281234567890': 'unknown' } } } as const
    const { page, close } = await open(scenario({ outcomes }), { at: 'send' })
    await page.getByLabel(words.send.recipient).fill('081234567890')
    await expect.poll(() => timesAsked(page, 'numbers.lookUp')).toBe(1)
    await emit(page, 'device.changed', device('Front desk', { name: 'connecting', attempt: 1, reason: null }))
    await expectPage(page.getByText(words.send.notConnected('Front desk'))).toBeVisible()
    await emit(page, 'device.changed', device('Front desk', connected))
    await expect.poll(() => timesAsked(page, 'numbers.lookUp')).toBe(2)
    await close()
  })

  test('that one text went to many is said for an hour, and no longer', async () => {
    const warning = { deviceId: 'Front desk', messageId: 'm240', recipients: 20, at: noon }
    const { page, close } = await open(scenario({ warnings: [warning] }), { at: 'log' })
    const strip = page.getByText(words.log.sameTextToDo)
    await expectPage(strip).toBeVisible()
    await page.clock.setFixedTime(noon + 61 * 60_000)
    await page.clock.runFor(60_000)
    await expectPage(strip).toBeHidden()
    await close()
  })
})

/** The newest row of the double's log, in another state. */
const rowOf = (page: Page, state: MessageState) =>
  page.evaluate(async (wanted) => {
    const filter = { search: null, deviceId: null, states: null, keyName: null, from: null, to: null }
    const answer = await window.kurir?.call('messages.list', { filter, before: null, limit: 1 })
    if (answer?.ok !== true) throw new Error('the double does not answer')
    return { ...answer.value[0], state: wanted }
  }, state)
