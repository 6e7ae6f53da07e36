/**
 * Draws every icon from resources/icon.svg: the program's for the three systems, and the tray's in each overall
 * state: for macOS as templates, for Windows as icons for its light and its dark bar, for Linux as one picture that is
 * seen on every bar. Its results are kept in the repository.
 *
 *   node scripts/icons.ts
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { overallStates, type OverallState } from '../src-main/desktop/tray/tray-state.ts'
import { icnsOf, icoOf, type Sized } from './icon-files.ts'

const resources = join(import.meta.dirname, '..', 'resources')
const programSizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024]
const traySize = 16
/** Windows' sizes of a tray icon at 100, 125, 150 and 200 %. */
const windowsTraySizes = [16, 20, 24, 32]
const darkInk = '#1f2a30'
const lightInk = '#ffffff'

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
  await writePngs(join(folder, `${state}Template`), trayPicture(state, { ink: '#000000', template: true }))
  await writePngs(join(folder, `${state}-any`), trayPicture(state, { ink: lightInk, outline: darkInk }))
  await writeIco(join(folder, `${state}-light.ico`), trayPicture(state, { ink: darkInk }))
  await writeIco(join(folder, `${state}-dark.ico`), trayPicture(state, { ink: lightInk }))
}

/** Electron finds the one that is twice as fine beside the other. */
async function writePngs(file: string, svg: Buffer): Promise<void> {
  writeFileSync(`${file}.png`, await draw(svg, traySize, traySize))
  writeFileSync(`${file}@2x.png`, await draw(svg, traySize * 2, traySize))
}

async function writeIco(file: string, svg: Buffer): Promise<void> {
  const pictures: Sized[] = []
  for (const size of windowsTraySizes) pictures.push({ size, png: await draw(svg, size, traySize) })
  writeFileSync(file, icoOf(pictures))
}

interface Look {
  ink: string
  /** Around the ink, for bars of the same colour. */
  outline?: string
  /** The system colours it: nothing but shapes counts. */
  template?: boolean
}

function trayPicture(state: OverallState, look: Look): Buffer {
  const isHollow = state === 'none' || state === 'api-stopped'
  const path = (colour: string, outerWidth: number): string =>
    isHollow
      ? `<path d="${hollow}" fill="none" stroke="${colour}" stroke-width="${1.3 + outerWidth}" stroke-linejoin="round"/>`
      : `<path d="${plane}" fill="${colour}" stroke="${colour}" stroke-width="${outerWidth}" stroke-linejoin="round"/>`
  const outline = look.outline === undefined ? '' : path(look.outline, 2)
  const body = outline + path(look.ink, 0)
  const badge = badges[state]
  const mask = badge === null ? '' : `<circle cx="12.5" cy="12.5" r="4.4" fill="black"/>`
  const mark =
    badge === null ? '' : badge.shape.replaceAll('COLOUR', look.template === true ? look.ink : badge.colour)
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">
    <mask id="m"><rect width="16" height="16" fill="white"/>${mask}</mask>
    <g mask="url(#m)">${body}</g>${mark}</svg>`)
}

/** @param drawnOn the width of the SVG's own view box */
function draw(svg: Buffer, size: number, drawnOn: number): Promise<Buffer> {
  return sharp(svg, { density: ((72 * size) / drawnOn) * 4 })
    .resize(size, size)
    .png({ compressionLevel: 9 })
    .toBuffer()
}
