import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { onClickOutside } from './on-click-outside.ts'
import { useInertBehind } from './use-inert-behind.ts'

interface DialogProps {
  title: string
  onClose: () => void
  size?: string
  /** Holds what cannot be had again: a press beside it does not close it. */
  stays?: boolean
  children: ReactNode
}

/** A modal dialog. It is there as long as it is drawn. */
export function Dialog({ title, onClose, size = 'md', stays = false, children }: DialogProps) {
  const { t } = useDictionary()
  useInertBehind()
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={size}
      {...onClickOutside(stays ? () => undefined : onClose)}
      closeButtonProps={{ 'aria-label': t.common.close }}
      transitionProps={{ duration: 120 }}
    >
      {children}
    </Modal>
  )
}
