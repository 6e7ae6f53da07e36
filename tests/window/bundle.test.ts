import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { builtWindow } from './browser.ts'

const files = readdirSync(builtWindow, { recursive: true, encoding: 'utf8' })
const text = (file: string) => readFileSync(join(builtWindow, file), 'utf8')

describe('the built window', () => {
  test('ships at most 350 kB of JavaScript, gzipped', () => {
    const bytes = files
      .filter((file) => file.endsWith('.js'))
      .reduce((sum, file) => sum + gzipSync(text(file), { level: 9 }).length, 0)
    console.log(`JavaScript of the window: ${(bytes / 1_000).toFixed(0)} kB gzipped`)
    expect(bytes).toBeLessThanOrEqual(350_000)
  })

  test('has no script in the page itself, and nothing from elsewhere', () => {
    const page = text('index.html')
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)/)
    expect(page).not.toMatch(/\bstyle=|\bon\w+=/)
    expect(page).not.toMatch(/(src|href)="(https?:)?\/\//)
    expect(page).toContain('content="__CSP_NONCE__"')
  })

  test('has no style that reaches out', () => {
    for (const file of files.filter((file) => file.endsWith('.css'))) {
      expect(text(file)).not.toMatch(/@import|url\(["']?(https?:)?\/\//)
    }
  })

  test('evaluates no text as code', () => {
    for (const file of files.filter((file) => file.endsWith('.js'))) {
      expect(text(file)).not.toMatch(/\beval\(|new Function\(/)
    }
  })
})
