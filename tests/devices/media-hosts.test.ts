import { createHash, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { mediaHostsOf } from '../../src-main/devices/connection/media/media-connection.ts'
import { temporaryFolder } from '../support/program.ts'
import { rigTest } from './fixture-test.ts'
import { pairedDevice } from './devices-fixture.ts'
import type { Fixture } from './devices-fixture.ts'

const folder = temporaryFolder()

// Most of the time they wait, for what is not answered and between attempts: at the same time.
const it = rigTest().extend<{ upload: () => Promise<Uint8Array> }>({
  upload: async ({ fixture }, use) => {
    const { id } = await pairedDevice(fixture)
    await use(() => upload(fixture, id))
  },
})

function upload(fixture: Fixture, id: string): Promise<Uint8Array> {
  const content = randomBytes(2_000)
  const path = join(folder, randomBytes(6).toString('hex'))
  writeFileSync(path, content)
  const sha256 = createHash('sha256').update(content).digest('hex')
  const unknown = { width: null, height: null, seconds: null, waveform: null, thumbnail: null, notes: [] }
  const about = { kind: 'document', mimeType: 'text/plain', fileName: 'a.txt', ...unknown } as const
  const file = { path, bytes: content.length, sha256, ...about }
  return fixture.devices.compose(id, { kind: 'media', file, caption: null, viewOnce: false })
}

const failsToUpload = { code: 'media_upload_failed' }

describe.concurrent('a device that uploads', () => {
  it('asks WhatsApp once for all files that come at a time, and not again while the answer holds', async ({
    fixture,
    upload,
  }) => {
    fixture.sandbox.fault({ kind: 'media-conn-slow', ms: 200 })
    // Would end an upload that asked a second time.
    fixture.sandbox.fault({ kind: 'media-conn-error', code: 403, count: 100 })
    await Promise.all(Array.from({ length: 4 }, () => upload()))
    await upload()
  })

  it('tries the next host where the first has no room or trouble, and uploads there', async ({
    fixture,
    upload,
  }) => {
    fixture.sandbox.fault({ kind: 'upload-host-error', count: 2 })
    await upload()
    fixture.sandbox.fault({ kind: 'upload-host-error', code: 503 })
    await upload()
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it.for([401, 403])(
    'asks for another auth where a host refuses it with %i, once',
    async (code, { fixture, upload }) => {
      await upload()
      fixture.sandbox.fault({ kind: 'upload-error', code })
      await upload()
      // The old auth is worth nothing any more: who showed it again would be reported.
      expect(fixture.sandbox.reports()).toEqual([])
      fixture.sandbox.fault({ kind: 'upload-error', code, count: 2 })
      await expect(upload()).rejects.toMatchObject({
        ...failsToUpload,
        message: expect.stringContaining(String(code)),
      })
      await upload()
    },
  )

  it('comes back to the hosts after a while where none takes the file, and gives up after the third time', async ({
    fixture,
    upload,
  }) => {
    fixture.sandbox.fault({ kind: 'upload-error', count: 2 })
    await upload()
    fixture.sandbox.fault({ kind: 'upload-error', count: 6 })
    await expect(upload()).rejects.toMatchObject(failsToUpload)
    await upload()
  })

  it('keeps no failure: the next file asks anew and is uploaded', async ({ fixture, upload }) => {
    fixture.sandbox.fault({ kind: 'media-conn-error', code: 403 })
    await expect(upload()).rejects.toMatchObject(failsToUpload)
    await upload()
  })

  it('asks again where WhatsApp fails, or says nothing', async ({ fixture, upload }) => {
    fixture.sandbox.fault({ kind: 'media-conn-error', code: 503 })
    fixture.sandbox.fault({ kind: 'media-conn-silence' })
    await upload()
  })

  it('that the line ends is no fault of the file', async ({ fixture, upload }) => {
    fixture.sandbox.fault({ kind: 'media-conn-silence' })
    const uploading = upload()
    setTimeout(() => fixture.sandbox.fault({ kind: 'close', code: 503 }), 100)
    await expect(uploading).rejects.toMatchObject({ code: 'device_disconnected' })
  })
})

test('reads the hosts in the order primary, fallback, and the fallback of each; only those that take files', () => {
  const host = (hostname: string, more: Record<string, string>, ...does: string[]) => ({
    tag: 'host',
    attrs: { hostname, ...more },
    content: does.map((tag) => ({ tag, attrs: {} })),
  })
  const mediaConn = {
    tag: 'media_conn',
    attrs: { auth: 'A', ttl: '300', auth_ttl: '200' },
    content: [
      host('fallback', { type: 'fallback' }, 'upload', 'download'),
      host('reading', { type: 'primary' }, 'download'),
      host('first', { type: 'primary', fallback_hostname: 'behind' }, 'upload'),
      host('second', { type: 'primary', fallback_hostname: 'fallback' }, 'upload'),
    ],
  }
  const answer = { tag: 'iq', attrs: {}, content: [mediaConn] }
  const hostnames = ['first', 'second', 'fallback', 'behind']
  expect(mediaHostsOf(answer)).toEqual({ hosts: { auth: 'A', hostnames }, ttlMs: 200_000 })
  expect(mediaHostsOf({ ...answer, content: [] })).toBeNull()
  expect(mediaHostsOf({ ...answer, content: [{ ...mediaConn, attrs: {} }] })).toBeNull()
})
