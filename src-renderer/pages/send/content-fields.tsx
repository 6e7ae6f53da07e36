import {
  Button,
  Checkbox,
  Collapse,
  Input,
  NativeSelect,
  SegmentedControl,
  Stack,
  Switch,
  Text,
  TextInput,
  Textarea,
} from '@mantine/core'
import { IconChevronDown, IconFileUpload } from '@tabler/icons-react'
import { useId, useRef, useState } from 'react'
import type { MediaType } from '../../../src-preload/contract.ts'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { mediaTypeOf } from './draft.ts'
import type { DraftProps } from './send-form.tsx'
import classes from './send-page.module.css'

export function TextField({ draft, change }: DraftProps) {
  const { send } = useDictionary().t
  return (
    <Textarea
      label={send.message}
      description={send.formatting}
      autosize
      minRows={5}
      maxRows={14}
      value={draft.text}
      onChange={(event) => change({ text: event.currentTarget.value })}
    />
  )
}

export function MediaFields({ draft, change }: DraftProps) {
  const { send } = useDictionary().t
  const source = useId()
  return (
    <Stack>
      <div>
        <Input.Label labelElement="div" display="block" mb={4} id={source}>
          {send.source}
        </Input.Label>
        <SegmentedControl
          aria-labelledby={source}
          value={draft.sourceKind}
          onChange={(kind) => change({ sourceKind: kind })}
          data={[
            { value: 'file', label: send.byFile },
            { value: 'url', label: send.byUrl },
          ]}
        />
      </div>
      {draft.sourceKind === 'file' ? (
        <FileField draft={draft} change={change} />
      ) : (
        <TextInput
          type="url"
          label={send.url}
          description={send.urlHint}
          value={draft.url}
          autoComplete="off"
          onChange={(event) => change({ url: event.currentTarget.value })}
        />
      )}
      {draft.mode === 'file' && <FileKindFields draft={draft} change={change} />}
    </Stack>
  )
}

function FileField({ draft, change }: DraftProps) {
  const { t, format } = useDictionary()
  const input = useRef<HTMLInputElement>(null)
  const name = useId()
  const choose = (file: File | null) => {
    if (file !== null) change({ file, mediaType: mediaTypeOf(file) })
  }
  return (
    <div className={classes.file}>
      <input
        ref={input}
        type="file"
        tabIndex={-1}
        aria-label={t.send.choose}
        accept={draft.mode === 'voice' ? 'audio/*' : undefined}
        onChange={(event) => {
          choose(event.currentTarget.files?.[0] ?? null)
          // The same one can be chosen again, after it was changed.
          event.currentTarget.value = ''
        }}
      />
      <Button
        variant="default"
        leftSection={<IconFileUpload size={16} />}
        aria-describedby={name}
        onClick={() => input.current?.click()}
      >
        {draft.file === null ? t.send.choose : t.send.chooseOther}
      </Button>
      <Text size="sm" id={name} className="digits">
        {draft.file === null ? '' : `${draft.file.name} (${format.bytes(draft.file.size)})`}
      </Text>
    </div>
  )
}

function FileKindFields({ draft, change }: DraftProps) {
  const { send } = useDictionary().t
  const types = Object.entries(send.mediaTypes).map(([value, label]) => ({ value, label }))
  return (
    <>
      <NativeSelect
        label={send.mediaType}
        data={types}
        value={draft.mediaType}
        onChange={(event) => change({ mediaType: event.currentTarget.value as MediaType })}
      />
      <Textarea
        label={send.caption}
        description={send.captionHint}
        autosize
        minRows={2}
        maxRows={8}
        value={draft.caption}
        onChange={(event) => change({ caption: event.currentTarget.value })}
      />
    </>
  )
}

/** What few messages need, folded away. */
export function MoreFields({ draft, change }: DraftProps) {
  const { send } = useDictionary().t
  const [open, setOpen] = useState(false)
  const area = useId()
  return (
    <div>
      <Button
        variant="subtle"
        size="compact-sm"
        rightSection={<IconChevronDown size={14} />}
        aria-expanded={open}
        aria-controls={area}
        onClick={() => setOpen(!open)}
      >
        {send.more}
      </Button>
      <Collapse expanded={open} id={area}>
        <Stack pt="sm">
          <TextInput
            label={send.footer}
            description={send.footerHint}
            value={draft.footer}
            onChange={(event) => change({ footer: event.currentTarget.value })}
          />
          {draft.mode === 'file' && (
            <>
              <TextInput
                label={send.fileName}
                description={send.fileNameHint}
                value={draft.fileName}
                onChange={(event) => change({ fileName: event.currentTarget.value })}
              />
              <Checkbox
                label={send.viewOnce}
                checked={draft.viewOnce}
                onChange={(event) => change({ viewOnce: event.currentTarget.checked })}
              />
            </>
          )}
          <Switch
            label={send.queue}
            description={send.queueHint}
            checked={draft.queue}
            onChange={(event) => change({ queue: event.currentTarget.checked })}
          />
        </Stack>
      </Collapse>
    </div>
  )
}
