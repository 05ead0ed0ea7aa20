import { readFileSync } from 'node:fs'
import { createRequire, registerHooks, stripTypeScriptTypes } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as zod from 'zod'
import { defineWorkflow, RunFailure, StepFailed, toChainResult } from '../engine/workflow.ts'

/*
 * How a workflow file of the home is loaded into this process. What it imports as `countersign/workflow` and `zod` are the very
 * objects that the application uses, whether it runs from its sources or as one bundle: a file's `RunFailure` is the engine's.
 */

const shared: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'countersign/workflow': { defineWorkflow, RunFailure, StepFailed, toChainResult },
  zod,
}
const key = Symbol.for('countersign.workflow-files')
const scheme = 'countersign-shared:'

const require = createRequire(import.meta.url)
/** Folders whose files get the shared modules; nothing else in the process sees the hooks. */
const folders = new Set<string>()
let hooked = false

/** The exports of a file in a folder of kept files. Throws whatever is wrong with it. Loaded once: its name says its content. */
export function loadFileModule(folder: string, path: string): Readonly<Record<string, unknown>> {
  folders.add(pathToFileURL(`${folder}/`).href)
  if (!hooked) {
    hooked = true
    Object.assign(globalThis, { [key]: shared })
    installHooks()
  }
  return require(path) as Readonly<Record<string, unknown>>
}

const isOurs = (url: string | undefined): boolean => url !== undefined && [...folders].some((folder) => url.startsWith(folder))

function installHooks(): void {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      if (!isOurs(context.parentURL)) return nextResolve(specifier, context)
      if (Object.hasOwn(shared, specifier)) return { url: scheme + specifier, format: 'module', shortCircuit: true }
      if (specifier.startsWith('.')) {
        throw new Error(
          `it imports ${specifier}, but a workflow is one file: a run goes on with exactly the code it began with. Move it in, or import a package.`,
        )
      }
      return nextResolve(specifier, context)
    },
    load(url, context, nextLoad) {
      if (url.startsWith(scheme)) return { format: 'module', source: toSource(url.slice(scheme.length)), shortCircuit: true }
      if (!isOurs(url) || !url.endsWith('.ts')) return nextLoad(url, context)
      const text = readFileSync(fileURLToPath(url), 'utf8')
      // Where the runtime does not strip types by itself, as in some builds of Electron.
      if (!process.features.typescript) return { format: 'module', source: stripTypeScriptTypes(text), shortCircuit: true }
      return { format: 'module-typescript', source: text, shortCircuit: true }
    },
  })
}

/** A module that passes on what is there already. Names such as `null` and `function` can be exported, but not declared. */
function toSource(name: string): string {
  const names = Object.keys(shared[name]!).filter((one) => one !== 'default' && /^[\w$]+$/.test(one))
  const from = `globalThis[Symbol.for(${JSON.stringify(key.description)})][${JSON.stringify(name)}]`
  const declared = names.map((one, index) => `_${index} = all[${JSON.stringify(one)}]`).join(', ')
  return `const all = ${from}, ${declared}\nexport { ${names.map((one, index) => `_${index} as ${one}`).join(', ')} }\n`
}
