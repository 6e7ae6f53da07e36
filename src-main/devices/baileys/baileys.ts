// Before Baileys, which is loaded below.
import './inbound/inflate-limit.ts'
import type * as Module from '@whiskeysockets/baileys'

type Baileys = typeof Module

let loading: Promise<Baileys> | null = null
let loaded: Baileys | null = null

/** Loads Baileys, once: it takes a few tenths of a second and some 40 MB, which a start without devices saves. */
export function loadBaileys(): Promise<Baileys> {
  loading ??= import('@whiskeysockets/baileys').then((module) => (loaded = module))
  return loading
}

/** Baileys where it is certain to be loaded: whatever has a device that was connected. */
export function baileys(): Baileys {
  if (loaded === null) throw new Error('Baileys is not loaded yet')
  return loaded
}
