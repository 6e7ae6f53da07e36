import { describe, expect, test } from 'vitest'
import { refuseSharingPage } from '../../src-main/media/fetch/direct-links.ts'
import type { Failure } from '../../src-main/lib/failure.ts'

function refusal(url: string): Failure | null {
  try {
    refuseSharingPage(new URL(url))
    return null
  } catch (error) {
    return error as Failure
  }
}

const drive = 'https://drive.google.com/uc?export=download&id=1AbC_d-9'

describe('a link to a page of a sharing site', () => {
  test.each([
    ['https://drive.google.com/file/d/1AbC_d-9/view?usp=sharing', drive],
    ['https://drive.google.com/file/d/1AbC_d-9/preview', drive],
    ['https://drive.google.com/file/u/0/d/1AbC_d-9/edit', drive],
    ['https://drive.google.com/a/shop.example/file/d/1AbC_d-9/view', drive],
    ['https://drive.google.com/open?id=1AbC_d-9', drive],
    [
      'https://docs.google.com/document/d/1AbC_d-9/edit',
      'https://docs.google.com/document/d/1AbC_d-9/export?format=pdf',
    ],
    [
      'https://docs.google.com/spreadsheets/d/1AbC_d-9/edit#gid=0',
      'https://docs.google.com/spreadsheets/d/1AbC_d-9/export?format=xlsx',
    ],
    [
      'https://docs.google.com/presentation/d/1AbC_d-9/view',
      'https://docs.google.com/presentation/d/1AbC_d-9/export/pdf',
    ],
    ['https://www.dropbox.com/s/abc/receipt.pdf?dl=0', 'https://www.dropbox.com/s/abc/receipt.pdf?dl=1'],
    [
      'https://www.dropbox.com/scl/fi/abc/r.pdf?rlkey=k&dl=0',
      'https://www.dropbox.com/scl/fi/abc/r.pdf?rlkey=k&dl=1',
    ],
    ['https://dropbox.com/s/abc/receipt.pdf', 'https://dropbox.com/s/abc/receipt.pdf?dl=1'],
    [
      'https://shop.sharepoint.com/:b:/g/personal/a/EabC?e=x',
      'https://shop.sharepoint.com/:b:/g/personal/a/EabC?e=x&download=1',
    ],
    [
      'https://onedrive.live.com/embed?resid=A%211&authkey=k',
      'https://onedrive.live.com/download?resid=A%211&authkey=k',
    ],
  ])('%s is refused with its direct form %s', (url, direct) => {
    const failure = refusal(url)
    expect(failure?.code).toBe('media_not_direct')
    expect(failure?.message.endsWith(`The direct form is ${direct}`)).toBe(true)
    expect(refusal(direct)).toBeNull()
  })

  test.each([
    'https://drive.google.com/drive/folders/1AbC',
    'https://drive.google.com/drive/u/1/folders/1AbC',
    'https://www.dropbox.com/sh/abc/def?dl=0',
    'https://www.dropbox.com/scl/fo/abc/def?rlkey=k',
    'https://www.dropbox.com/home/receipts',
    'https://1drv.ms/b/s!AbC',
    'https://onedrive.live.com/?cid=1&id=2',
    'https://shop.sharepoint.com/:f:/g/personal/a/EabC',
    'https://www.mediafire.com/file/abc/receipt.pdf/file',
    'https://we.tl/t-abc',
    'https://wetransfer.com/downloads/abc/def',
    'https://shop.wetransfer.com/downloads/abc/def',
  ])('%s is refused, and there is no direct form', (url) => {
    const failure = refusal(url)
    expect(failure?.code).toBe('media_not_direct')
    expect(failure?.message).toContain('There is no direct form')
  })

  test.each([
    drive,
    'https://drive.usercontent.google.com/download?id=1AbC&export=download',
    'https://docs.google.com/document/d/1AbC/export?format=docx',
    'https://docs.google.com/spreadsheets/d/e/2PACX/pub?output=pdf',
    'https://www.dropbox.com/s/abc/receipt.pdf?raw=1',
    'https://dl.dropboxusercontent.com/s/abc/receipt.pdf',
    'https://onedrive.live.com/download?cid=1&resid=2',
    'https://download1234.mediafire.com/x/y/receipt.pdf',
    'https://shop.example/drive.google.com/file/d/1/view',
    'https://mydropbox.com.example/s/x',
    'https://notmediafire.com/x.pdf',
  ])('%s passes', (url) => expect(refusal(url)).toBeNull())
})
