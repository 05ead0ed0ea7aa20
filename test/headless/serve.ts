import { runHeadless } from '../../electron/headless/host.ts'

/** A headless host as a process of its own: `node serve.ts HOME`. */
await runHeadless({ home: process.argv[2]!, port: 0, owner: 'ana@example.com' }, (line) => console.log(line))
console.log('stopped')
