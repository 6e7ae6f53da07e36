import type { Rectangle } from 'electron'
import type { SettingValue } from '../../storage/settings/settings-schema.ts'

type Kept = SettingValue<'desktop.windowBounds'>

export const smallest = { width: 900, height: 600 }
const usual = { width: 1120, height: 760 }
/** Pixels of the window's top edge that must be on a screen, so that it can be grasped. */
const graspable = 100

/** Where the window opens: where it was, unless that place is on no screen any more. */
export function boundsFrom(
  kept: Kept,
  workAreas: readonly Rectangle[],
): Partial<Rectangle> & { width: number; height: number } {
  const width = Math.max(smallest.width, Math.round(kept?.width ?? usual.width))
  const height = Math.max(smallest.height, Math.round(kept?.height ?? usual.height))
  const x = kept?.x
  const y = kept?.y
  if (x === undefined || y === undefined) return { width, height }
  const visible = workAreas.some(
    (area) =>
      x + width > area.x + graspable &&
      x < area.x + area.width - graspable &&
      y >= area.y - 8 &&
      y < area.y + area.height - graspable,
  )
  return visible ? { x: Math.round(x), y: Math.round(y), width, height } : { width, height }
}
