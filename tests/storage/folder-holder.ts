import { openDataFolder } from '../../src-main/storage/data-folder/data-folder.ts'

/** A program of its own: takes a data folder, says so, and keeps it until it is killed. */
const [path = ''] = process.argv.slice(2)
await openDataFolder(path, 'headless')
process.stdout.write('taken\n')
setInterval(() => {}, 60_000)
