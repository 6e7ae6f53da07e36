import { Menu, type ContextMenuParams, type MenuItemConstructorOptions, type WebContents } from 'electron'
import type { Texts } from '../i18n/texts.ts'

/** The menu of the right mouse button, which Electron leaves to the program: cut, copy, paste and select all. */
export function offerContextMenu(contents: WebContents, texts: () => Texts): void {
  contents.on('context-menu', (_event, params) => {
    const entries = contextMenuEntries(params, texts())
    if (entries.length > 0) Menu.buildFromTemplate(entries).popup()
  })
}

/** Nothing where there is nothing to cut, copy or paste. */
function contextMenuEntries(
  {
    isEditable,
    selectionText,
    editFlags,
  }: Pick<ContextMenuParams, 'isEditable' | 'selectionText' | 'editFlags'>,
  { contextMenu }: Texts,
): MenuItemConstructorOptions[] {
  const copy = { role: 'copy', label: contextMenu.copy, enabled: editFlags.canCopy } as const
  if (!isEditable) return selectionText.trim() === '' ? [] : [copy]
  return [
    { role: 'cut', label: contextMenu.cut, enabled: editFlags.canCut },
    copy,
    { role: 'paste', label: contextMenu.paste, enabled: editFlags.canPaste },
    { type: 'separator' },
    { role: 'selectAll', label: contextMenu.selectAll, enabled: editFlags.canSelectAll },
  ]
}
