/**
 * Draws every icon from resources/icon.svg: the program's for the three systems, and the tray's in each overall
 * state, for light and dark bars and as macOS templates. Its results are kept in the repository.
 *
 *   node scripts/icons.ts
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { overallStates, type OverallState } from '../src-main/desktop/tray-state.ts'
import { icnsOf, icoOf, type Sized } from './icon-files.ts'

const resources = join(import.meta.dirname, '..', 'resources')
const programSizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024]
const traySize = 16

/** Drawn on 16 × 16; the plane leaves the lower right corner to the badge. */
const plane = 'M1 8.4 14.6 1.2 11 13.6 7.2 9.6Z'
const hollow = 'M2.6 8.3 13.2 2.7 10.4 12.2 7.4 9Z'

/** Told apart by shape, not by colour alone: a template has none, and not everybody sees it. */
const badges: Record<OverallState, { colour: string; shape: string } | null> = {
  all: null,
  none: null,
  some: { colour: '#d98200', shape: '<circle cx="12.6" cy="12.6" r="2.6" fill="COLOUR"/>' },
  attention: {
    colour: '#d98200',
    shape:
      '<path d="M12.4 9v3.6" stroke="COLOUR" stroke-width="2" stroke-linecap="round"/>' +
      '<circle cx="12.4" cy="15" r="1" fill="COLOUR"/>',
  },
  'api-stopped': {
    colour: '#d4351c',
    shape:
      '<path d="m10.2 10.2 4.6 4.6m0-4.6-4.6 4.6" stroke="COLOUR" stroke-width="1.9" stroke-linecap="round"/>',
  },
}

await drawProgramIcons()
for (const state of overallStates) await drawTrayIcons(state)

async function drawProgramIcons(): Promise<void> {
  const svg = readFileSync(join(resources, 'icon.svg'))
  const pictures: Sized[] = []
  for (const size of programSizes) pictures.push({ size, png: await draw(svg, size, 64) })
  const folder = join(resources, 'icons')
  mkdirSync(folder, { recursive: true })
  for (const { size, png } of pictures) if (size <= 512) writeFileSync(join(folder, `${size}.png`), png)
  writeFileSync(join(resources, 'icon.ico'), icoOf(pictures.filter(({ size }) => size <= 256)))
  writeFileSync(join(resources, 'icon.icns'), icnsOf(pictures))
}

async function drawTrayIcons(state: OverallState): Promise<void> {
  const folder = join(resources, 'tray')
  mkdirSync(folder, { recursive: true })
  const looks = [
    { name: `${state}-light`, ink: '#1f2a30', template: false },
    { name: `${state}-dark`, ink: '#ffffff', template: false },
    { name: `${state}Template`, ink: '#000000', template: true },
  ]
  for (const { name, ink, template } of looks) {
    const svg = Buffer.from(trayPicture(state, ink, template))
    for (const [scale, suffix] of [
      [1, ''],
      [2, '@2x'],
    ] as const) {
      writeFileSync(join(folder, `${name}${suffix}.png`), await draw(svg, traySize * scale, traySize))
    }
  }
}

function trayPicture(state: OverallState, ink: string, template: boolean): string {
  const body =
    state === 'none' || state === 'api-stopped'
      ? `<path d="${hollow}" fill="none" stroke="${ink}" stroke-width="1.3" stroke-linejoin="round"/>`
      : `<path d="${plane}" fill="${ink}"/>`
  const badge = badges[state]
  const mask = badge === null ? '' : `<circle cx="12.5" cy="12.5" r="4.4" fill="black"/>`
  const mark = badge === null ? '' : badge.shape.replaceAll('COLOUR', template ? ink : badge.colour)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">
    <mask id="m"><rect width="16" height="16" fill="white"/>${mask}</mask>
    <g mask="url(#m)">${body}</g>${mark}</svg>`
}

/** @param drawnOn the width of the SVG's own view box */
function draw(svg: Buffer, size: number, drawnOn: number): Promise<Buffer> {
  return sharp(svg, { density: ((72 * size) / drawnOn) * 4 })
    .resize(size, size)
    .png({ compressionLevel: 9 })
    .toBuffer()
}
