import type { Bridge } from '../../../src-preload/contract.ts'

declare global {
  interface Window {
    readonly kurir?: Bridge
  }
}
