import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

/** Kurir's own green: between teal and sea, darker and bluer than any messenger's. */
const lagoon: MantineColorsTuple = [
  '#e8f6f5',
  '#d3ebea',
  '#a8d8d6',
  '#78c3c0',
  '#4fb0ad',
  '#2f9d9b',
  '#168a89',
  '#0b7476',
  '#0a6063',
  '#074a4d',
]
/** Surfaces of the dark theme, with a breath of the accent in them. */
const dark: MantineColorsTuple = [
  '#d5dcdc',
  '#b6c1c1',
  '#98a6a6',
  '#627072',
  '#3b4849',
  '#303b3d',
  '#263032',
  '#1a2224',
  '#141a1c',
  '#0e1314',
]

const dialogStyles = {
  content: { backgroundColor: 'var(--kurir-surface)' },
  header: { backgroundColor: 'var(--kurir-surface)' },
  title: { fontSize: '1.1rem', fontWeight: 600 },
}

export const theme = createTheme({
  primaryColor: 'lagoon',
  primaryShade: { light: 7, dark: 7 },
  colors: { lagoon, dark },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily:
    "'Segoe UI Variable Text', 'Segoe UI', -apple-system, Ubuntu, Cantarell, 'Adwaita Sans', 'Noto Sans', 'Liberation Sans', system-ui, sans-serif",
  fontFamilyMonospace:
    "ui-monospace, 'Cascadia Mono', Consolas, 'SF Mono', 'DejaVu Sans Mono', 'Liberation Mono', monospace",
  headings: {
    fontWeight: '600',
    sizes: { h1: { fontSize: '1.5rem', lineHeight: '1.3' }, h2: { fontSize: '1.1rem', lineHeight: '1.4' } },
  },
  components: {
    Modal: { defaultProps: { centered: true }, styles: dialogStyles },
    Drawer: { styles: dialogStyles },
    Overlay: { defaultProps: { backgroundOpacity: 0.4 } },
    // Its placeholder is a child that a menu may not have; outside the page's landmarks it would be lost.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false, withinPortal: false, shadow: 'lg' } },
    Tooltip: { defaultProps: { openDelay: 300 } },
    Input: { defaultProps: { size: 'sm' } },
  },
})

/** Secondary text and hints dark enough to be read by everyone (WCAG AA), in both themes. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f5f8f8',
    '--mantine-color-text': '#16211f',
    '--mantine-color-dimmed': '#51605f',
    '--mantine-color-placeholder': '#667473',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-anchor': '#0a6063',
    '--mantine-color-lagoon-light': '#e0f1f0',
    '--mantine-color-lagoon-light-hover': '#d3ebea',
    '--kurir-surface': '#ffffff',
    '--kurir-line': '#dde5e4',
    '--kurir-rail': '#eaf1f0',
    '--kurir-hover': '#f0f5f5',
    '--kurir-good': '#0b6e4f',
    '--kurir-busy': '#8a5300',
    '--kurir-bad': '#b3261e',
    '--kurir-read': '#0b6fb8',
    '--kurir-chat': '#e6ece9',
    '--kurir-bubble': '#d9f0ec',
  },
  dark: {
    '--mantine-color-body': '#141a1c',
    '--mantine-color-text': '#e4eaea',
    '--mantine-color-dimmed': '#a9b6b6',
    '--mantine-color-placeholder': '#93a1a1',
    '--mantine-color-error': '#ff9d94',
    '--mantine-color-anchor': '#78c3c0',
    '--kurir-surface': '#1c2527',
    '--kurir-line': '#303b3d',
    '--kurir-rail': '#101617',
    '--kurir-hover': '#232d2f',
    '--kurir-good': '#6fd3a8',
    '--kurir-busy': '#f0bd6b',
    '--kurir-bad': '#ff9d94',
    '--kurir-read': '#7cc4ff',
    '--kurir-chat': '#0f1516',
    '--kurir-bubble': '#0e3b3d',
  },
})
