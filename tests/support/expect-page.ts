import { expect } from 'playwright/test'

/** What must come to be seen on a page: a busy machine may take its time to draw it. */
export const expectPage = expect.configure({ timeout: 20_000 })
