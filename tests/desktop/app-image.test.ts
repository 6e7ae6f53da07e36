import { expect, test } from 'vitest'
import { outsideAppImage } from '../../src-main/desktop/system/outside-app-image.ts'
import { appImageRelaunch } from '../../src-main/desktop/lifecycle/restart.ts'

const inside = {
  APPIMAGE: '/home/ibu/Kurir.AppImage',
  APPDIR: '/tmp/.mount_KurirX',
  ARGV0: './Kurir.AppImage',
  OWD: '/home/ibu',
  PATH: '/tmp/.mount_KurirX:/tmp/.mount_KurirX/usr/sbin:/usr/bin:/tmp/.mount_KurirX2/bin',
  LD_LIBRARY_PATH: '/tmp/.mount_KurirX/usr/lib',
  XDG_DATA_DIRS: '/tmp/.mount_KurirX/usr/share/:/usr/share',
  HOME: '/home/ibu',
  EMPTY: '',
}

test.skipIf(process.platform === 'win32')(
  'B2: what runs outside of an AppImage gets nothing of its mount',
  () => {
    expect(outsideAppImage(inside)).toEqual({
      PATH: '/usr/bin:/tmp/.mount_KurirX2/bin',
      XDG_DATA_DIRS: '/usr/share',
      HOME: '/home/ibu',
      EMPTY: '',
    })
  },
)

test('B2: an AppImage is started by its own path once its process has ended; elsewhere Electron does it', () => {
  const command = appImageRelaunch(inside, 42, ['--port', '0'])
  expect(command?.file).toBe('/bin/sh')
  expect(command?.args.slice(2)).toEqual(['42', '/home/ibu/Kurir.AppImage', '--port', '0'])
  expect(command?.env).not.toHaveProperty('APPDIR')
  expect(appImageRelaunch({ HOME: '/home/ibu' }, 42, [])).toBeNull()
})
