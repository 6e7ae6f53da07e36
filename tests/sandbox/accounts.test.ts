import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { getBinaryNodeChild, proto, S_WHATSAPP_NET } from '@whiskeysockets/baileys'
import type { BinaryNode } from '@whiskeysockets/baileys'
import { startControl } from '../../src-main/sandbox/control/sandbox-control.ts'
import { startSandbox } from '../../src-main/sandbox/sandbox.ts'
import type { AccountTraits, Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { quiet } from './client.ts'
import type { Client } from './client.ts'
import { client, sandbox, sender, stopAfterEach, stopLater } from './sandbox-fixture.ts'

stopAfterEach()

/** Pairs, and answers the client with what `<pair-success>` told it. */
async function linked(practice: Sandbox, number = sender): Promise<{ device: Client; told: BinaryNode }> {
  const device = client(practice)
  const told = Promise.withResolvers<BinaryNode>()
  device.connect().ws.on('CB:iq,,pair-success', (iq: BinaryNode) => told.resolve(iq))
  await device.until(() => device.qr !== null)
  await practice.scan(device.qr ?? '', number)
  await device.until(() => device.ended === 515)
  return { device: await device.logIn(), told: await told.promise }
}

function traitsTold(iq: BinaryNode): { migrated: boolean; business: boolean } {
  const success = getBinaryNodeChild(iq, 'pair-success')
  const props = getBinaryNodeChild(success, 'client-props')?.content as Uint8Array
  return {
    migrated: proto.ClientPairingProps.decode(props).isChatDbLidMigrated === true,
    business: getBinaryNodeChild(success, 'biz') !== undefined,
  }
}

async function properties(device: Client, hash?: string): Promise<BinaryNode | undefined> {
  const props = { tag: 'props', attrs: { protocol: '1', ...(hash === undefined ? {} : { hash }) } }
  const attrs = { to: S_WHATSAPP_NET, xmlns: 'abt', type: 'get' }
  const answer = (await device.sock?.query({ tag: 'iq', attrs, content: [props] })) as BinaryNode | undefined
  return getBinaryNodeChild(answer, 'props')
}

const ofLidMigration = { tag: 'prop', attrs: { config_code: '9435', config_value: 'true' } }

describe('an account', () => {
  it('has none of the traits unless told otherwise, and a client that is linked to it hears so', async () => {
    const { told, device } = await linked(await sandbox())
    expect(traitsTold(told)).toEqual({ migrated: false, business: true })
    expect((await properties(device))?.content ?? []).toEqual([])
  })

  it('that is migrated and a consumer’s says so in pair-success and in its properties', async () => {
    const practice = await sandbox({ accountTraits: { lidMigrated: true, consumer: true } })
    const { told, device } = await linked(practice)
    expect(traitsTold(told)).toEqual({ migrated: true, business: false })
    expect((await properties(device))?.content).toEqual([ofLidMigration])
  })

  it('answers with no properties where the client names the hash of those that it has', async () => {
    const { device } = await linked(await sandbox({ accountTraits: { lidMigrated: true } }))
    const all = await properties(device)
    expect((await properties(device, all?.attrs['hash']))?.content ?? []).toEqual([])
    expect((await properties(device, 'of an older list'))?.content).toEqual([ofLidMigration])
  })

  it('can be given other traits by POST /account, while the others keep theirs', async () => {
    const practice = await sandbox()
    const { url } = stopLater(await startControl(practice))
    const post = (body: object) => fetch(`${url}/account`, { method: 'POST', body: JSON.stringify(body) })
    expect((await post({ number: sender, lidMigrated: true })).status).toBe(200)
    expect(traitsTold((await linked(practice)).told)).toEqual({ migrated: true, business: true })
    expect(traitsTold((await linked(practice, '6285500000901')).told)).toEqual({
      migrated: false,
      business: true,
    })
    expect((await post({ number: sender, lidMigrated: 'yes' })).status).toBe(400)
  })

  it.each<[string, Partial<AccountTraits>, Partial<AccountTraits>]>([
    ['that was linked before the default changed', {}, { lidMigrated: true, consumer: true }],
    ['that was migrated when it was linked', { lidMigrated: true, consumer: true }, {}],
  ])('%s keeps its traits over a restart', async (_which, first, second) => {
    const folder = await mkdtemp(join(tmpdir(), 'kurir-accounts-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const file = join(folder, 'sandbox.sqlite')
    const before = await startSandbox({ file, log: quiet, accountTraits: first })
    const { told, device } = await linked(before)
    await device.close()
    await before.stop()
    const after = await sandbox({ file, accountTraits: second })
    expect(traitsTold((await linked(after)).told)).toEqual(traitsTold(told))
  })
})
