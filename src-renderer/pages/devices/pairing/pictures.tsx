import type { ReactNode } from 'react'

interface PictureProps {
  className: string | undefined
}

/** A phone in outline; what is on its screen tells the step. */
function Phone({ className, children }: PictureProps & { children: ReactNode }) {
  return (
    <svg
      className={className}
      viewBox="0 0 72 72"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
    >
      <rect x="22" y="8" width="28" height="56" rx="5" />
      <path d="M33 12h6" />
      {children}
    </svg>
  )
}

export const OpenPicture = ({ className }: PictureProps) => (
  <Phone className={className}>
    <path d="M28 44a9 9 0 1 1 4 3.5l-5 1.5z" fill="currentColor" fillOpacity="0.18" />
    <path d="M33 38h6M33 42h4" />
  </Phone>
)

export const LinkedDevicesPicture = ({ className }: PictureProps) => (
  <Phone className={className}>
    <circle cx="44" cy="19" r="1" fill="currentColor" />
    <circle cx="44" cy="23.5" r="1" fill="currentColor" />
    <circle cx="44" cy="28" r="1" fill="currentColor" />
    <rect x="27" y="36" width="18" height="8" rx="2" fill="currentColor" fillOpacity="0.18" />
    <path d="M31 40h7M27 50h12M27 55h9" />
  </Phone>
)

export const CameraPicture = ({ className }: PictureProps) => (
  <Phone className={className}>
    <path d="M28 30v-4h4M40 26h4v4M44 42v4h-4M32 46h-4v-4" />
    <path d="M32 31h3v3h-3zM37 31h3v3h-3zM32 38h3v3h-3zM38 39h2v2h-2z" fill="currentColor" />
  </Phone>
)

export const CodePicture = ({ className }: PictureProps) => (
  <Phone className={className}>
    <rect x="27" y="28" width="18" height="12" rx="2" fill="currentColor" fillOpacity="0.18" />
    <path d="M30.5 34h1M34.5 34h1M38.5 34h1M42 34h0M29 48h2M35 48h2M41 48h2M29 54h2M35 54h2M41 54h2" />
  </Phone>
)
