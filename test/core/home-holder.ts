/** A process that takes a home folder, says so on stdout, and holds it until it is killed. */
import { openHome } from '../../electron/core/home.ts'

const opened = await openHome(process.argv[2]!, 'headless')
process.stdout.write(opened.ok ? 'taken\n' : `${opened.failure.message}\n`)
if (opened.ok) setInterval(() => undefined, 1000)
