import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { verifier, verifierName } from '../../../electron/core/audit/verifier.ts'
import { type Files, pointsName, type TamperedHome } from './home.ts'

/** The program that is handed out with an export, beside a home: it reads what is there, and nothing of ours runs in it. */
export class IndependentVerifier {
  readonly #home: TamperedHome
  readonly #program: string
  readonly #key: string

  constructor(home: TamperedHome, files: Files) {
    this.#home = home
    this.#program = join(home.folder, verifierName)
    this.#key = (JSON.parse(files.get(pointsName)!.toString('utf8').split('\n')[0]!) as { key: string }).key
    writeFileSync(this.#program, verifier)
  }

  /** What it says about the journal's folder. */
  ofFolder(): Promise<string> {
    return this.#run([this.#home.journal, this.#home.checkpoints.file, '--key', this.#key])
  }

  /** The same about an export: all records in one file. */
  ofExport(files: Files): Promise<string> {
    const records = join(this.#home.folder, 'audit.jsonl')
    writeFileSync(records, Buffer.concat([...files].flatMap(([name, bytes]) => (name === pointsName ? [] : [bytes]))))
    return this.#run([])
  }

  /** Its answer's first word, or how it broke. */
  #run(args: readonly string[]): Promise<string> {
    const child = spawn(process.execPath, [this.#program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    child.stdout.on('data', (bytes: Buffer) => {
      said += bytes.toString('utf8')
    })
    child.stderr.resume()
    return new Promise((resolve) => {
      child.on('close', (code) => {
        const word = /^(OK|CHANGED)\b/m.exec(said)?.[1] ?? 'nothing'
        resolve(code === (word === 'OK' ? 0 : 1) ? word : `${word}, ended with ${code}`)
      })
    })
  }
}
